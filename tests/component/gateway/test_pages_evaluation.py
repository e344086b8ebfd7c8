


def test_a_malformed_answer_of_a_form_is_never_a_mishap(house):
    """Fuzzed forms: 4xx with a sentence, never 500."""
    browser = house.enter("secretary")
    hidden = form(browser.get("/desk/evaluations/evl_liu").text)
    odd = ("", "abc", "１２", "-1", "1e999", "9" * 30, "<b>", "\u202e", "½", "²")
    for to in ("evaluations/evl_liu/peer", "evaluations/evl_liu/totals", "evaluations/evl_liu/appraisal", "evaluations/evl_liu/self",
               "evaluations/evl_liu/complete", "pledges/plg_liu/items/itm_1/progress"):
        for word in odd:
            fields = dict.fromkeys(("score", "satisfied", "basically", "dissatisfied", "unknown", "invalid", "issued", "held_on", "grade",
                                    "meeting", "progress", "present-own", "statement-itm_1"), word)
            answer = browser.post(f"/desk/{to}", data=hidden | fields)
            assert answer.status_code < 500, (to, word)
