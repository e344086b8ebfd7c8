"""The desk of a branch: what waits, what may be done, and that what was typed is never lost."""
import re
from dataclasses import replace

import pytest

from tests.fakes_gateway import form
from tests.fakes_pages import pledge_view
from wire.contracts import evaluation as e, pledge as p
from wire.contracts.calls import Away, Forbidden, Invalid, Remote, Stale

AWAY = Away("承诺服务暂时没有回应，请稍后重试。")


def post(browser, page, to=None, **fields):
    """Send the hidden fields of the page's first form together with these, as a browser does."""
    hidden = form(browser.get(page).text)
    return browser.post(to or page, data=hidden | fields)


def item(i, matter, **more):
    return {f"items-{i}-{name}": word for name, word in ({"matter": matter, "source": "own"} | more).items()}


def test_a_page_of_staff_sends_strangers_to_the_sign_in_page(house):
    for address in ("/desk", "/desk/pledges/plg_1", "/county/grants", "/units", "/mine", "/password"):
        answer = house.web.get(address)
        assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/sign-in"), address


def test_the_desk_names_each_thing_to_do_with_its_link(house):
    page = house.enter("secretary").get("/desk").text
    for word, link in (("1 份承诺待审定", "/desk/reviews"), ("何秀英的承诺被退回", "/desk/pledges/plg_2/edit"),
                       ("苏晓的承诺已审定", "/desk/pledges/plg_3"), ("1 份承诺已签订，还没有亮诺", "/desk/publish"),
                       ("带 8 名青年办成 1 个合作社", "/desk/pledges/plg_liu#itm_4"), ("柳德顺的评议", "/desk/evaluations/evl_liu")):
        assert word in page and f'href="{link}' in page, word


def test_who_has_not_pledged_is_named(house):
    """A coverage report: no blank spots. [A2]"""
    page = house.enter("clerk").get("/desk").text
    assert "罗大成" in page and "方立" in page and "member=mbr_luo" in page


def test_who_floats_and_who_reported_is_told_beside_the_coverage(house):
    """[A2, A7, A9]"""
    page = house.enter("clerk").get("/desk").text
    for words in ("2 人，在这里承诺，已计入", "3 人，在县内别处承诺，不计入", "4 人，仍由这里负责，已计入", "1 人，已计入",
                  "6 人向这里报到，其中 5 人"):
        assert words in page


def test_a_service_away_takes_its_part_with_it_and_not_the_desk(house):
    browser = house.enter("secretary")
    house.caller.answers[e.ListEvaluations] = AWAY
    answer = browser.get("/desk")
    assert answer.status_code == 200
    assert "评议暂时读不到" in answer.text and "1 份承诺待审定" in answer.text


@pytest.mark.parametrize("role, seen", [("secretary", True), ("clerk", False)])
def test_only_who_decides_sees_what_decides(house, role, seen):
    browser = house.enter(role)
    assert ("审定通过" in browser.get("/desk/pledges/plg_1/review").text) is seen
    assert ("签订承诺书" in browser.get("/desk/pledges/plg_3").text) is seen
    assert ("亮诺（向群众公开）" in browser.get("/desk/publish").text) is seen
    assert ("记下核验结果" in browser.get("/desk/pledges/plg_liu").text) is seen


def test_nobody_is_offered_to_decide_on_their_own_pledge(house):
    browser = house.enter("secretary", member_id="mbr_liu")
    page = browser.get("/desk/pledges/plg_1/review").text
    assert "审定通过" not in page and "本人的承诺由上级" in page
    assert "记下核验结果" not in browser.get("/desk/pledges/plg_liu").text


@pytest.mark.parametrize("role, place, words, hidden", [
    ("member", "org_village", ["我的承诺"], ["审诺", "权限", "导入", "今日待办"]),
    ("clerk", "org_village", ["今日待办", "台账"], ["权限", "导入", "下级单位"]),
    ("office", "org_county", ["下级单位", "导入", "权限"], ["今日待办", "审诺"]),
    ("superior", "org_town", ["下级单位", "审诺"], ["今日待办", "权限"])])
def test_the_menu_shows_what_the_grants_allow(house, role, place, words, hidden):
    page = house.enter(role, place).get("/desk", follow_redirects=True).text
    menu = re.search(r'<nav aria-label="主导航">(.*?)</nav>', page, re.S)[1]
    assert all(word in menu for word in words) and not any(word in menu for word in hidden), menu


def test_a_pledge_of_several_items_is_drafted_in_one_go_and_blank_rows_are_passed_over(house):
    """A pledge names items, deadline and target."""
    answer = post(house.enter("clerk"), "/desk/pledges/new", member_id="mbr_luo", **item(0, "修路", deadline_on="2026-12-31", target="1 公里"),
                  **item(2, "看望老人"))
    assert answer.status_code == 303
    sent = house.caller.of(p.DraftPledge)[-1].request
    assert (sent.member_id, [i.matter for i in sent.items], sent.items[0].deadline_on.isoformat()) == ("mbr_luo", ["修路", "看望老人"], "2026-12-31")


def test_one_more_row_keeps_what_is_typed_and_saves_nothing(house):
    answer = post(house.enter("clerk"), "/desk/pledges/new", add="1", **item(0, "修路"))
    assert answer.status_code == 200 and "修路" in answer.text and "第 2 项" in answer.text
    assert not house.caller.of(p.DraftPledge)


def test_a_wrong_item_comes_back_with_the_error_beside_it_and_everything_typed(house):
    answer = post(house.enter("clerk"), "/desk/pledges/new", member_id="mbr_luo", kind="immediate",
                  **item(0, "修路", measure="投工投劳"), **item(1, "看望老人", deadline_on="去年"))
    assert answer.status_code == 422
    for word in ("投工投劳", "看望老人", "日期写成 2026-12-31 的样子", 'aria-invalid="true"', '<option value="immediate" selected>'):
        assert word in answer.text
    assert not house.caller.of(p.DraftPledge)


def test_nobody_pledges_for_the_organisation_by_leaving_a_field_alone(house):
    browser = house.enter("clerk")
    page = browser.get("/desk/pledges/new").text
    assert re.search(r'name="member_id"[^>]*>\s*<option value="">请选择</option>', page)
    refused = post(browser, "/desk/pledges/new", **item(0, "修路"))
    assert refused.status_code == 422 and "请选择承诺人" in refused.text and "修路" in refused.text and not house.caller.of(p.DraftPledge)
    for chosen, form_, sent in (("organisation", "individual", ("", "organisation")), ("mbr_luo", "organisation", ("mbr_luo", "individual"))):
        post(browser, "/desk/pledges/new", member_id=chosen, form=form_, **item(0, "修路"))
        made = house.caller.of(p.DraftPledge)[-1].request
        assert (made.member_id, made.form) == sent


def test_a_pledge_without_any_item_is_refused_in_words(house):
    browser = house.enter("clerk")
    for page, more in (("/desk/pledges/new", {"member_id": "mbr_luo"}), ("/desk/pledges/plg_2/edit", {"submit": "1"})):
        answer = post(browser, page, **more, **item(0, " "))
        assert answer.status_code == 422 and "至少写一项承诺事项" in answer.text
    assert not house.caller.of(p.DraftPledge) and not house.caller.of(p.SaveDraft) and not house.caller.of(p.SubmitPledge)


def test_saving_again_after_a_refusal_uses_another_key_and_resending_the_same_form_uses_the_same(house):
    browser = house.enter("clerk")
    hidden = form(browser.get("/desk/pledges/new").text) | item(0, "修路") | {"member_id": "mbr_luo"}
    for _ in range(2):
        browser.post("/desk/pledges/new", data=hidden)
    first, second = (made.key for made in house.caller.of(p.DraftPledge))
    assert first == second and hidden["key"] in first
    assert form(browser.get("/desk/pledges/new").text)["key"] != hidden["key"]


def test_what_was_typed_survives_a_service_that_is_away(house):
    """Errors keep what was typed: the form is kept with its key and sent again."""
    browser = house.enter("secretary")
    hidden = form(browser.get("/desk/evaluations/evl_liu").text)
    house.caller.answers[e.CommentAsLeader] = house.caller.answers[e.ReadEvaluation] = AWAY
    typed = {"achievement": "带头修路", "problem": "药品目录没有上墙", "direction": "年底前办完", "indicator-0": "德", "score-0": "90"}
    answer = browser.post("/desk/evaluations/evl_liu/comment", data=hidden | typed)
    assert answer.status_code == 503
    again = answer.text
    for word in ("带头修路", "药品目录没有上墙", "年底前办完", hidden["key"], "重新提交"):
        assert word in again, word
    assert 'action="/desk/evaluations/evl_liu/comment"' in again


def test_a_change_by_somebody_else_is_said_and_the_text_stays(house):
    browser = house.enter("clerk")
    hidden = form(browser.get("/desk/pledges/plg_2/edit").text)
    house.caller.answers[p.SaveDraft] = Stale("别人刚改过这份承诺，请核对后重新保存。")
    house.caller.answers[p.ReadPledge] = lambda actor, request: pledge_view("plg_2", "returned", version=9)
    answer = browser.post("/desk/pledges/plg_2/edit", data=hidden | item(0, "我写了很久的一项"))
    assert answer.status_code == 412
    assert "别人刚改过" in answer.text and "我写了很久的一项" in answer.text and 'name="version" value="9"' in answer.text


def test_hints_are_shown_beside_the_item_they_are_about(house):
    assert "第 1 项：</b>“进一步加强”不好核验" in house.enter("clerk").get("/desk/pledges/plg_2/edit").text


def test_saving_and_submitting_is_one_press(house):
    browser = house.enter("clerk")
    answer = post(browser, "/desk/pledges/plg_2/edit", submit="1", **item(0, "修路"))
    assert answer.location.startswith("/desk/pledges/plg_2?done=submitted")
    assert [type(m.request) for m in house.caller.made if type(m.request) in (p.SaveDraft, p.SubmitPledge)] == [p.SaveDraft, p.SubmitPledge]


def test_an_item_is_reviewed_against_each_criterion(house):
    """Items one by one, against the five criteria. [C4] [C8]"""
    browser = house.enter("secretary")
    page = browser.get("/desk/pledges/plg_1/review").text
    assert "切实可行" in page and page.count('name="met-itm_3-4"') == 2
    answers = {"met-itm_1-0": "1", "met-itm_1-1": "0", "note-itm_1-1": "写明里程", "met-itm_3-0": "1"}
    answer = browser.post("/desk/pledges/plg_1/review", data=form(page) | dict(CRITERIA) | answers)
    assert answer.status_code == 303
    first, third = house.caller.of(p.ReviewItem)
    assert [(v.criterion, v.met, v.note) for v in first.request.verdicts] == [("体现先进性", True, ""), ("围绕中心工作", False, "写明里程")]
    assert (third.request.item_id, first.key != third.key) == ("itm_3", True)


CRITERIA = [(f"criterion-{i}", word) for i, word in enumerate(("体现先进性", "围绕中心工作"))]


def test_what_was_typed_about_another_item_survives_saving_the_first(house):
    def says(actor, request):
        if request.item_id == "itm_2":
            raise Invalid("还有标准没有判定：围绕中心工作。请逐条判定。")
        return pledge_view("plg_1", "submitted")

    house.caller.answers[p.ReviewItem] = says
    answer = post(house.enter("secretary"), "/desk/pledges/plg_1/review", **dict(CRITERIA) | {
        "met-itm_1-0": "1", "met-itm_1-1": "1", "met-itm_2-0": "0", "note-itm_2-0": "户数对不上", "note-itm_3-1": "没有选的意见", "reason": "想退回"})
    assert answer.status_code == 422 and len(house.caller.of(p.ReviewItem)) == 2
    for word in ("第 2 项：还有标准没有判定", "第 3 项：有的标准写了意见", "户数对不上", "没有选的意见", "想退回"):
        assert word in answer.text, word


def test_approving_saves_what_was_ticked_on_the_same_page(house):
    post(house.enter("secretary"), "/desk/pledges/plg_1/review", "/desk/pledges/plg_1/approve", **dict(CRITERIA) | {"met-itm_1-0": "1"})
    assert [type(m.request) for m in house.caller.made if type(m.request) in (p.ReviewItem, p.ApprovePledge)] == [p.ReviewItem, p.ApprovePledge]


def test_a_return_without_reason_is_refused_beside_the_field(house):
    answer = post(house.enter("secretary"), "/desk/pledges/plg_1/review", "/desk/pledges/plg_1/return", reason=" ")
    assert answer.status_code == 422 and 'id="f-reason-wrong"' in answer.text
    assert not house.caller.of(p.ReturnPledge)


def test_a_refused_approval_says_why_on_the_same_page(house):
    house.caller.answers[p.ApprovePledge] = Remote("not_reviewed", 409, "第 2 项还没有通过全部标准，请先逐项审查。")
    answer = post(house.enter("secretary"), "/desk/pledges/plg_1/review", "/desk/pledges/plg_1/approve")
    assert answer.status_code == 409 and "第 2 项还没有通过全部标准" in answer.text and "逐条审查" in answer.text


def test_several_pledges_are_published_at_once(house):
    browser = house.enter("secretary")
    answer = browser.post("/desk/publish", data=form(browser.get("/desk/publish").text) | {"pledge_ids": ["plg_4", "plg_5", "plg_4"]})
    assert answer.status_code == 303 and "done=published" in answer.location
    assert house.caller.of(p.PublishPledges)[-1].request.pledge_ids == ("plg_4", "plg_5")


def test_publishing_nothing_says_what_to_do(house):
    answer = post(house.enter("secretary"), "/desk/publish")
    assert answer.status_code == 422 and "请先勾选" in answer.text


def test_publishing_again_says_that_it_was_there_before(house):
    house.caller.answers[p.PublishPledges] = p.Published(published=0, already=1)
    browser = house.enter("secretary")
    answer = post(browser, "/desk/pledges/plg_4", "/desk/pledges/plg_4/publish")
    assert "没有重复公开" in browser.get(answer.location).text


def test_an_item_is_closed_by_three_gates(house):
    """Problem solved, implementation complete, masses satisfied. [F5]"""
    browser = house.enter("secretary")
    page = browser.get("/desk/pledges/plg_liu").text
    browser.post("/desk/pledges/plg_liu/items/itm_2/verify", data=form(page) | {
        "solved": "1", "implemented": "1", "satisfied": "0", "note": "两户没去"})
    sent = house.caller.of(p.VerifyItem)[-1].request
    assert (sent.solved, sent.implemented, sent.satisfied, sent.note) == (True, True, False, "两户没去")
    unanswered = browser.post("/desk/pledges/plg_liu/items/itm_2/verify", data=form(page) | {"solved": "1"})
    assert unanswered.status_code == 422 and len(house.caller.of(p.VerifyItem)) == 1


def test_a_refused_progress_keeps_its_text_and_touches_no_other_item(house):
    house.caller.answers[p.ReadPledge] = lambda actor, request: pledge_view(items=tuple(
        replace(i, state="open", note="") for i in pledge_view().items))
    browser = house.enter("clerk")
    answer = browser.post("/desk/pledges/plg_liu/items/itm_2/progress", data=form(browser.get("/desk/pledges/plg_liu").text)
                          | {"progress": "140", "note": "已上门 120 次"})
    assert answer.status_code == 422
    assert answer.text.count("已上门 120 次") == 1 and answer.text.count("应在 0 到 100 之间") == 2 and 'value="140"' in answer.text



def test_a_form_without_its_token_does_nothing(house):
    """CSRF on every change. [X29]"""
    browser = house.enter("secretary")
    for to in ("/desk/publish", "/desk/pledges/plg_1/approve", "/desk/pledges/new", "/sign-out", "/county/grants"):
        answer = browser.post(to, data={"pledge_ids": "plg_4"})
        assert answer.status_code == 400 and "刷新后重新提交" in answer.text, to
    assert not house.caller.of(p.PublishPledges) and not house.caller.of(p.ApprovePledge)


def test_what_the_service_forbids_is_said_whatever_the_page_showed(house):
    house.caller.answers[p.SignPledge] = Forbidden("您在这个党组织没有办理这件事的权限，请联系上级党组织开通。")
    answer = post(house.enter("secretary"), "/desk/pledges/plg_3", "/desk/pledges/plg_3/sign")
    assert answer.status_code == 403 and "没有办理这件事的权限" in answer.text


@pytest.mark.parametrize("state, word", [("fulfilled", "已通过核验并销号"), ("open", "未通过，已退回柳德顺继续办理")])
def test_the_desk_says_how_the_verification_ended(house, state, word):
    facts = pledge_view()
    house.caller.answers[p.VerifyItem] = replace(facts, items=tuple(
        replace(i, state=state) if i.item_id == "itm_2" else i for i in facts.items))
    browser = house.enter("secretary")
    answer = browser.post("/desk/pledges/plg_liu/items/itm_2/verify", data=form(browser.get("/desk/pledges/plg_liu").text) | {
        "solved": "1", "implemented": "1", "satisfied": "1" if state == "fulfilled" else "0", "note": "两户没去"})
    assert word in browser.get(answer.location).text
