"""The pages of an evaluation and of the ranking: each asks only what the person in front of it may say."""
import re
from dataclasses import replace

import pytest

from tests.fakes_gateway import form
from tests.fakes_pages import NOW, evaluation_view, evaluations, member_views, unopened
from wire import directory
from wire.contracts import commendation as c, evaluation as e, roster as r
from wire.contracts.calls import Invalid, Remote

PAGE = "/desk/evaluations/evl_liu"


@pytest.mark.parametrize("role, member, asked, not_asked", [
    ("member", "mbr_liu", ["个人自评"], ["提交互评", "保存点评", "登记群众评议会", 'id="complete"']),
    ("member", "mbr_he", ["提交互评"], ["保存自评", "保存点评", "登记群众评议会", 'id="complete"']),
    ("clerk", "", ["个人自评", "代录"], ["提交互评", "保存点评", 'id="complete"']),
    ("secretary", "mbr_zhou", ["提交互评", "保存点评", 'id="complete"'], ["保存自评"]),
    ("secretary", "mbr_liu", [], ["提交互评", "保存点评", 'id="complete"'])])
def test_the_page_asks_what_this_person_may_say(house, role, member, asked, not_asked):
    page = house.enter(role, member_id=member).get(PAGE).text
    assert [word for word in asked if word not in page] == []
    assert [word for word in not_asked if word in page] == []


def test_a_teller_is_asked_for_the_count_and_nobody_else_is(house):
    assert "提交我的计票" in house.enter("member", name="苏晓", member_id="mbr_su").get(PAGE).text
    assert "提交我的计票" not in house.enter("member", name="罗大成", member_id="mbr_luo").get(PAGE).text


def test_an_appraisal_is_held_with_strata_and_two_tellers(house):
    """Attendance by stratum against the quorum."""
    house.caller.answers[e.ReadEvaluation] = evaluation_view(tellers=(), tally=None)
    browser = house.enter("clerk", member_id="")
    page = browser.get(PAGE).text
    assert "应到不少于 30 人" in page and '<option value="mbr_liu"' not in page
    browser.post(PAGE + "/appraisal", data=form(page) | {"held_on": "2026-11-10", "issued": "34", "present-superior": "3", "present-masses": "17",
                                                         "teller-0": "mbr_he", "teller-1": "mbr_su"})
    sent = house.caller.of(e.HoldAppraisal)[-1].request
    assert {s.stratum: s.present for s in sent.strata} == {"superior": 3, "own": 0, "delegates": 0, "cadres": 0, "masses": 17}
    assert (sent.issued, sent.teller_ids) == (34, ("mbr_he", "mbr_su"))


def test_the_quorum_is_told_in_words(house):
    assert "到会 34 人，法定 30 人" in house.enter("clerk").get(PAGE).text
    house.caller.answers[e.ReadEvaluation] = evaluation_view(strata=evaluation_view().strata[:3])
    assert '<span class="state due">到会 10 人，法定 30 人' in house.enter("secretary").get(PAGE).text


def test_the_own_statement_goes_item_by_item(house):
    """Self-assessment truthfully item by item. [G2]"""
    browser = house.enter("member", member_id="mbr_liu")
    browser.post(PAGE + "/self", data=form(browser.get(PAGE).text) | {
        "statement-itm_1": "路已修通", "statement-itm_2": "上门 118 次", "score": "９２.５"})
    sent = house.caller.of(e.AssessSelf)[-1].request
    assert [(i.item_id, i.statement) for i in sent.items] == [("itm_1", "路已修通"), ("itm_2", "上门 118 次")]
    assert str(sent.score) == "92.5"


def test_a_comment_without_a_problem_is_refused_beside_the_field_and_keeps_the_rest(house):
    """Both achievements and problems: mandatory. [G2]"""
    browser = house.enter("secretary")
    answer = browser.post(PAGE + "/comment", data=form(browser.get(PAGE).text) | {
        "achievement": "带头修路", "problem": " ", "direction": "年底前办完", "indicator-0": "德", "score-0": "90"})
    assert answer.status_code == 422 and 'id="f-problem-wrong"' in answer.text and "带头修路" in answer.text
    assert not house.caller.of(e.CommentAsLeader)


def test_completing_with_something_missing_lists_it(house):
    house.caller.answers[e.CompleteEvaluation] = Remote("incomplete", 409, "还缺 2 样，补齐后再评定。", {"missing": ["党员互评还差 7 人"]})
    browser = house.enter("secretary")
    answer = browser.post(PAGE + "/complete", data=form(browser.get(PAGE).text) | {"grade": "excellent", "meeting": "支委会 11 月 18 日"})
    assert answer.status_code == 409 and "还缺 2 样" in answer.text and "支委会 11 月 18 日" in answer.text


def test_an_evaluation_is_opened_from_the_list(house):
    browser = house.enter("clerk")
    hidden = form(browser.get("/desk/evaluations").text)
    answer = browser.post("/desk/evaluations", data=hidden | {"pledge_id": "plg_9"})
    assert answer.location == "/desk/evaluations/evl_liu?done=opened"


def test_lists_of_evaluations_are_searched_and_go_past_a_page(house):
    """What has begun and what waits to begin have pages of their own; a search narrows both."""
    house.caller.answers[e.ListEvaluations] = lambda actor, request: evaluations(replace(request, limit=1))
    house.caller.answers[e.ListUnopened] = lambda actor, request: unopened(replace(request, limit=2))
    browser = house.enter("clerk")
    page = browser.get("/desk/evaluations").text
    assert re.findall(r'name="pledge_id" value="(\w+)"', page) == ["plg_0", "plg_1"] and "evl_he" not in page and "共 2 人" in page
    begun, waiting = (link.replace("&amp;", "&") for link in re.findall(r'rel="next" href="([^"]+)"', page))
    assert "evl_he" in browser.get(begun).text
    assert re.findall(r'name="pledge_id" value="(\w+)"', browser.get(waiting).text) == ["plg_2"]
    found = browser.get("/desk/evaluations?search=何").text
    assert "找到 1 人" in found and "柳德顺" not in found
    assert "没有符合的评议" in browser.get("/desk/evaluations?search=没有&state=opened").text


def test_a_member_of_a_large_branch_finds_whom_to_rate(house):
    house.caller.answers[e.ListEvaluations] = lambda actor, request: evaluations(replace(request, limit=1, state=""))
    browser = house.enter("member", member_id="mbr_su")
    page = browser.get("/mine").text
    assert "evl_liu" in page and "evl_he" not in page and "现在没有我的评议" in page
    assert "evl_he" in browser.get(re.search(r'rel="next" href="([^"#]+)', page)[1].replace("&amp;", "&")).text
    assert "没有找到“没有”的评议" in browser.get("/mine?search=没有").text


def test_tellers_are_looked_for_and_nothing_typed_is_lost(house):
    """Past the hundred that are offered; whoever was chosen before stays chosen."""
    house.caller.answers[e.ReadEvaluation] = evaluation_view(tellers=())
    with house.store.writing() as unit:
        directory.write(unit.sql, [(1, r.MemberRegistered(
            version=1, acted_by="prs_1", acted_by_name="江涛", acted_at=NOW, member_id="mbr_liu", code="M1", name="柳德顺", sort_key="liu",
            kind="member", organisation_id="org_village"))])
    found = member_views(r.ListMembers(organisation_id="org_village"))
    house.caller.answers[r.ListMembers] = lambda actor, request: replace(
        found, members=tuple(m for m in found.members if request.search in m.name)[:1], total=240)
    browser = house.enter("clerk")
    page = browser.get(PAGE).text
    assert "还有 239 人请查找" in page
    answer = browser.post(PAGE, data=form(page) | {"find_teller": "罗", "teller-0": "mbr_liu", "issued": "31"})
    assert answer.status_code == 200 and 'value="31"' in answer.text and "罗大成" in answer.text
    assert '<option value="mbr_liu" selected>柳德顺</option>' in answer.text
    assert not house.caller.of(e.HoldAppraisal)


def test_the_result_shows_who_said_what_with_which_weight(house):
    house.caller.answers[e.ReadEvaluation] = evaluation_view(state="completed", score="91.25", grade="excellent", missing=())
    page = house.enter("secretary").get(PAGE).text
    assert "91.25" in page and "党员互评" in page and "优秀" in page and "保存点评" not in page


def test_places_are_read_with_ties_and_explained_down_to_the_facts(house):
    browser = house.enter("secretary")
    page = browser.get("/desk/ranking").text
    assert [page.count(f'data-label="名次">{place}</td>') for place in (1, 2, 3)] == [1, 2, 0]
    why = browser.get("/desk/ranking/evl_2?organisation=org_village&year=2026").text
    for word in ("柳德顺为什么是第 2 名", "37.33", "群众满意度", "县里没有另定，用默认值", "/desk/pledges/plg_liu", "/desk/evaluations/evl_2"):
        assert word in why, word


def test_an_empty_ranking_says_when_it_fills(house):
    house.caller.answers[c.ReadRanking] = c.RankingPage(organisation_id="org_village", year=2026, total=0, places=(), next="")
    assert "评议评定后" in house.enter("secretary").get("/desk/ranking").text


def test_a_comment_half_written_is_still_there_after_the_peer_score_was_sent(house):
    """What is typed in one part of the page survives sending another."""
    browser = house.enter("secretary")
    hidden = form(browser.get(PAGE).text)
    answer = browser.post(PAGE + "/peer", data=hidden | {"peer_score": "88", "achievement": "带头修路，写了一半", "meeting": "", "reason": ""})
    assert answer.status_code == 200 and "互评已保存" in answer.text and "带头修路，写了一半" in answer.text
    assert str(house.caller.of(e.RatePeer)[-1].request.score) == "88"
    alone = browser.post(PAGE + "/peer", data=hidden | {"peer_score": "88", "present-superior": "3", "held_on": "2026-11-10"})
    assert alone.status_code == 303


def test_completing_waits_for_what_is_typed_and_not_sent(house):
    browser = house.enter("secretary")
    typed = {"grade": "excellent", "meeting": "支委会 11 月 18 日", "problem": "药品目录没有上墙"}
    answer = browser.post(PAGE + "/complete", data=form(browser.get(PAGE).text) | typed)
    assert answer.status_code == 422 and "领导点评还没有提交" in answer.text and "药品目录没有上墙" in answer.text
    assert not house.caller.of(e.CompleteEvaluation)


def test_enter_in_a_field_sends_nothing_and_keeps_everything(house):
    browser = house.enter("secretary")
    answer = browser.post(PAGE, data=form(browser.get(PAGE).text) | {"achievement": "带头修路", "peer_score": "88"})
    assert answer.status_code == 200 and "带头修路" in answer.text and 'value="88"' in answer.text
    assert not house.caller.of(e.RatePeer) and not house.caller.of(e.CommentAsLeader)


def test_errors_of_the_schema_are_listed_when_no_field_shows_them(house):
    house.caller.answers[e.HoldAppraisal] = Invalid(
        "到会人数不够法定人数 30 人，请补足后再登记。", errors={"strata": {"masses": ["群众代表不能为 0。"]}})
    browser = house.enter("clerk")
    hidden = form(browser.get("/desk/evaluations/evl_liu").text)
    answer = browser.post("/desk/evaluations/evl_liu/appraisal", data=hidden | {"held_on": "2026-11-10", "issued": "20"})
    assert "到会人数不够法定人数 30 人" in answer.text and "群众代表不能为 0。" in answer.text


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
