"""免诺 on screen: proposed by the branch, decided above, a number for the public, and nothing typed is lost (A4)."""
import re
from datetime import date

import pytest

from tests.fakes_gateway import form
from tests.fakes_pages_exemptions import exemption
from wire.contracts import pledge as p
from wire.contracts.calls import Away, Remote

FIELDS = {"member_id": "mbr_luo", "ground": "患病", "reason": "手术后长期休养", "until_on": "2027-06-30", "meeting_kind": "支委会",
          "meeting_on": "2026-11-17", "meeting_due": "5", "meeting_present": "４", "conclusion": "同意报上级"}


def post(browser, page, to="", **fields):
    return browser.post(to or page, data=form(browser.get(page).text) | fields)


def test_the_list_says_who_where_and_until_when_and_never_why(house):
    """Searched, narrowed, paged; a reason stands on the page of the one alone. [A4] [X18]"""
    browser = house.enter("secretary")
    page = browser.get("/desk/exemptions?search=罗&state=proposed").text
    assert house.caller.of(p.ListExemptions)[-1].request == p.ListExemptions(organisation_id="org_village", state="proposed", search="罗", limit=50)
    assert "待上级批准" in page and "罗大成" in page and "休养" not in page
    everything = browser.get("/desk/exemptions").text
    assert "支部撤回" in everything and "提出免诺" in everything
    superior = house.enter("superior", "org_town").get("/desk/exemptions?waiting=1").text
    assert house.caller.of(p.ListExemptions)[-1].request == p.ListExemptions(organisation_id="org_town", below=True, to_decide=True, limit=50)
    assert "去办理" in superior and "提出免诺" not in superior


def test_the_branch_proposes_what_its_meeting_decided(house):
    """[A4]"""
    answer = post(house.enter("clerk"), "/desk/exemptions/new", **FIELDS)
    assert (answer.status_code, answer.location) == (303, "/desk/exemptions/exm_luo?done=proposed")
    sent = house.caller.of(p.ProposeExemption)[-1].request
    assert (sent.organisation_id, sent.member_id, sent.meeting_due, sent.meeting_present) == ("org_village", "mbr_luo", 5, 4)


def test_what_is_wrong_comes_back_beside_its_field_with_everything_that_was_typed(house):
    """[A4]"""
    browser = house.enter("clerk")
    house.caller.answers[p.ProposeExemption] = Remote("incomplete", 422, "免诺还不能提出，请按提示补齐。", {
        "meeting_on": ["请填写开会的日期，不能晚于今天。"]})
    answer = post(browser, "/desk/exemptions/new", **FIELDS | {"meeting_on": "2027-01-01"})
    assert answer.status_code == 422
    assert "不能晚于今天" in answer.text and 'aria-invalid="true"' in answer.text
    assert all(word in answer.text for word in ("手术后长期休养", "2027-06-30", "同意报上级", "2027-01-01"))
    found = post(browser, "/desk/exemptions/new", **FIELDS | {"find": "1", "find_member": "罗"})
    assert found.status_code == 200 and "手术后长期休养" in found.text, "looking for the member sends nothing and keeps it"
    house.caller.answers[p.ProposeExemption] = Away("承诺服务暂时没有回应，请稍后重试。")
    assert "手术后长期休养" in post(browser, "/desk/exemptions/new", **FIELDS).text


def test_the_form_is_kept_on_no_computer_and_offers_nobody_themselves(house):
    """What is typed is about somebody's health. [A4] [X18]"""
    page = house.enter("clerk", member_id="mbr_su").get("/desk/exemptions/new")
    assert "data-keep" not in page.text and "no-store" in page.headers["Cache-Control"]
    offered = re.findall(r'<option value="(mbr_\w+|organisation)"', page.text)
    assert "mbr_luo" in offered and "mbr_su" not in offered and "organisation" not in offered


def test_the_superior_approves_or_refuses_with_a_reason(house):
    """[A4]"""
    browser = house.enter("superior", "org_town")
    page = browser.get("/desk/exemptions/exm_luo").text
    assert "手术后长期休养" in page and "应到 5 人，实到 4 人" in page and ">批准</button>" in page
    assert post(browser, "/desk/exemptions/exm_luo", "/desk/exemptions/exm_luo/approve").location.endswith("?done=exempted")
    house.caller.answers[p.RefuseExemption] = Remote("not_ready", 409, "这项免诺目前是“已结束”。已经批准的，请撤回。")
    answer = post(browser, "/desk/exemptions/exm_luo", "/desk/exemptions/exm_luo/refuse", note="请补医院证明")
    assert answer.status_code == 409 and "请补医院证明" in answer.text
    short = post(browser, "/desk/exemptions/exm_luo", "/desk/exemptions/exm_luo/refuse", note=" ")
    assert short.status_code == 422 and "f-refuse-wrong" in short.text
    assert post(browser, "/desk/exemptions/exm_luo", "/desk/exemptions/exm_luo/forget").status_code == 404


@pytest.mark.parametrize(("role", "place", "more"), [
    ("secretary", "org_village", {}), ("clerk", "org_village", {}), ("superior", "org_town", {"member_id": "mbr_luo"})])
def test_who_decided_in_the_branch_and_the_member_are_offered_no_approval(house, role, place, more):
    """[A4]"""
    page = house.enter(role, place, **more).get("/desk/exemptions/exm_luo").text
    assert ">批准</button>" not in page and ("撤回这项免诺" in page) is (role == "secretary")


def test_the_branch_takes_back_what_is_in_force(house):
    browser = house.enter("secretary")
    page = browser.get("/desk/exemptions/exm_fang").text
    assert "仍愿意承诺的，照常起草" in page and "代起草" in page
    assert post(browser, "/desk/exemptions/exm_fang", "/desk/exemptions/exm_fang/withdraw", note="已经康复").location.endswith("?done=withdrawn")
    assert "已删除" in browser.get("/desk/exemptions/exm_tao").text


@pytest.mark.parametrize(("role", "place"), [("superior", "org_town"), ("office", "org_county")])
def test_above_what_is_in_force_may_be_revoked_and_the_page_says_who_did(house, role, place):
    """[A4]"""
    browser = house.enter(role, place)
    assert "撤回这项免诺" in browser.get("/desk/exemptions/exm_fang").text
    assert "撤回这项免诺" not in browser.get("/desk/exemptions/exm_luo").text, "what waits is approved or refused"
    house.caller.answers[p.ReadExemption] = exemption(
        state="ended", ended_on=date(2026, 11, 19), ended_because="revoked", note="情况不符", from_on=date(2026, 3, 2))
    page = browser.get("/desk/exemptions/exm_luo").text
    assert "上级撤回" in page and "支部撤回" not in page and "情况不符" in page


def test_what_waits_for_the_superior_waits_on_their_own_page(house):
    """[A4]"""
    page = house.enter("superior", "org_town").get("/units").text
    assert "等您批准的免诺" in page and "/desk/exemptions/exm_luo" in page
    house.caller.answers[p.ListExemptions] = Away("承诺服务暂时没有回应，请稍后重试。")
    assert house.enter("superior", "org_town").get("/units").status_code == 200


def test_who_only_follows_opens_the_units_and_is_asked_for_no_exemption(house):
    """[A4] [X18]"""
    house.caller.answers[p.ListExemptions] = Remote("forbidden", 403, "您没有这项权限。")
    for role, place in (("auditor", "org_county"), ("liaison", "org_town"), ("superior", "org_town")):
        page = house.enter(role, place).get("/units")
        assert page.status_code == 200 and "等您批准的免诺" not in page.text, role
    assert len(house.caller.of(p.ListExemptions)) == 1, "the superior alone, whose grant may just have ended"


def test_the_desk_counts_the_exempt_apart_by_name_and_the_public_reads_a_number(house):
    """[A2] [A4]"""
    page = house.enter("secretary").get("/desk").text
    assert "免诺 1 人" in page and "顾平" in page
    uncovered = page.partition("未承诺党员")[2].partition("</section>")[0]
    assert "顾平" not in uncovered and "免诺待批" in uncovered.partition("罗大成")[2].partition("</li>")[0] and "/desk/exemptions/new" in uncovered
    board, front = house.web.get("/board/org_village").text, house.web.get("/").text
    assert "免诺 1 人" in board and "免诺 3 人" in front and "顾平" not in board + front
    assert "顾平（免诺，愿意承诺的照常写）" in house.enter("clerk").get("/desk/pledges/new").text, "encouraged all the same"
    proposing = house.enter("clerk").get("/desk/exemptions/new").text
    assert "顾平（免诺中）" in proposing and "（未承诺）" not in proposing


def test_a_member_reads_on_their_own_page_that_they_are_exempt_and_welcome(house):
    """[A4] [A6]"""
    page = house.enter("member", member_id="mbr_fang").get("/mine").text
    assert "免予承诺" in page and "欢迎" in page and "/desk/exemptions/exm_fang" in page
    assert "免予承诺" not in house.enter("member", member_id="mbr_he").get("/mine").text


def test_the_menu_offers_it_to_who_has_a_part_in_it(house):
    for role, place, seen in (("secretary", "org_village", True), ("clerk", "org_village", True), ("superior", "org_town", True),
                              ("office", "org_county", True), ("member", "org_village", False), ("liaison", "org_town", False)):
        page = house.enter(role, place, member_id="mbr_he").get("/", follow_redirects=True).text
        menu = house.enter(role, place, member_id="mbr_he").get("/mine", follow_redirects=True).text
        assert ('href="/desk/exemptions"' in page + menu) is seen, role
