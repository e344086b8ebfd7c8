"""The roll on screen: filters, one member's page with its acts, political birthdays, defects, positions, confirming in bulk."""
from datetime import date

import pytest

from tests.fakes_gateway import always, form
from tests.fakes_pages import grant_view
from wire.contracts import roster as r
from wire.contracts.calls import Remote

DAY = date(2026, 1, 5)


def view(**more):
    return r.MemberView(**{"member_id": "mbr_su", "code": "M2", "name": "苏晓", "kind": "member", "organisation_id": "org_village",
                           "organisation_name": "柳溪村党支部", "post": "护林员", "post_kind": "staff", "joined_on": DAY, "state": "active",
                           "version": 3} | more)


def detail(**more):
    return r.MemberDetail(member=view(**more), inflow_name="枫口村党支部" if more.get("inflow_id") else "", residence_name="", transfer_to_name="",
                          merged_into_name="", acts=(r.MemberAct(act="挂牌亮身份", happened_on=DAY, note="", acted_by_name="何秀英"),))


def position(**more):
    return r.PositionView(**{"position_id": "pos_1", "organisation_id": "org_village", "organisation_name": "柳溪村党支部", "kind": "secretary",
                             "person_id": "mbr_su", "person_name": "苏晓", "member_id": "mbr_su", "from_on": DAY, "until_on": None,
                             "state": "held", "gives": (r.PositionGrant(grant_id="grt_9", role="secretary", works=False),)} | more)


@pytest.fixture
def desk(house):
    house.caller.answers |= {
        r.ReadMember: always(detail(whereabouts="inflow", inflow_id="org_other", lacks=("life",))), r.ListPositions: always((position(),)),
        r.ListWaiting: lambda actor, request: r.GrantPage(
            items=tuple(grant_view(grant_id=one, role="secretary", works=False) for one in ("grt_9", "grt_8")),
            total=202, next="" if request.after else "/org/|secretary|何|grt_8"),
        r.ConfirmGrants: always(()), r.Appoint: always(position()), r.EndPosition: always(position(state="ended")),
        r.CorrectMember: always(view()), r.RecordWhereabouts: always(view(version=4)), r.MergeMembers: always(r.Merged(kept=view(), merged=view()))}
    return house


def test_the_list_is_narrowed_by_what_stands_in_the_roll(desk):
    browser = desk.enter("clerk")
    page = browser.get("/county/members?whereabouts=floating&kind=member&search=su").text
    asked = desk.caller.of(r.ListMembers)[-1].request
    assert (asked.whereabouts, asked.kind, asked.search) == ("floating", "member", "su")
    assert '<option value="floating" selected>' in page
    assert browser.get("/county/members?kind=emperor").status_code == 422


def test_a_members_page_shows_facts_positions_and_the_register(desk):
    page = desk.enter("clerk").get("/county/members/mbr_su").text
    for word in ("在枫口村党支部承诺", "无组织生活", "书记：等上级确认", "挂牌亮身份", "更正资料", "办理经过"):
        assert word in page
    assert "离开名册" not in page, "a clerk does not take anybody off the roll"
    assert "践诺台账" not in page, "they pledge elsewhere"
    desk.caller.answers[r.ReadMember] = always(detail())
    assert "/desk/ledger?organisation=org_village&amp;search=" in desk.enter("clerk").get("/county/members/mbr_su").text


def test_an_act_is_sent_as_typed_and_a_refusal_keeps_it(desk):
    browser = desk.enter("clerk")
    hidden = form(browser.get("/county/members/mbr_su").text)
    answer = browser.post("/county/members/mbr_su/whereabouts", data=hidden | {
        "whereabouts": "outside", "outside_place": "东莞", "lacks": ["life", "role"], "happened_on": ""})
    assert answer.location == "/county/members/mbr_su?done=saved"
    desk.caller.answers[r.RecordWhereabouts] = always(view())
    again = browser.post("/county/members/mbr_su/whereabouts", data=hidden | {
        "whereabouts": "outside", "outside_place": "东莞", "lacks": ["life", "role"]})
    assert "没有变化" in browser.get(again.location).text
    sent = desk.caller.of(r.RecordWhereabouts)[-1].request
    assert (sent.member_id, sent.whereabouts, sent.outside_place, sent.lacks) == ("mbr_su", "outside", "东莞", ("life", "role"))
    desk.caller.answers[r.CorrectMember] = Remote("invalid", 422, "职级只填领导干部的。", {"rank": ["职级只填领导干部的。"]})
    answer = browser.post("/county/members/mbr_su/correct", data=hidden | {"name": "苏小晓", "rank": "section", "version": "3"})
    assert answer.status_code == 422 and 'value="苏小晓"' in answer.text and "职级只填领导干部的" in answer.text
    assert browser.post("/county/members/mbr_su/nonsense", data=hidden).status_code == 404


def test_a_second_entry_is_named_by_its_code(desk):
    browser = desk.enter("office", "org_county", name="江涛", member_id="")
    hidden = form(browser.get("/county/members/mbr_su").text)
    by_code = {"M9": view(member_id="mbr_second", code="M9"), "M7": view(member_id="mbr_second", code="M9")}

    def read(actor, request):
        if request.code and request.code not in by_code:
            raise Remote("not_found", 404, "没有找到这名党员。")
        return r.MemberDetail(member=by_code.get(request.code) or view(), inflow_name="", residence_name="", transfer_to_name="",
                              merged_into_name="", acts=())
    desk.caller.answers[r.ReadMember] = read
    browser.post("/county/members/mbr_su/merge", data=hidden | {"merged_code": " M9 ", "note": "同一人"})
    sent = desk.caller.of(r.MergeMembers)[-1].request
    assert (sent.kept_id, sent.merged_id) == ("mbr_su", "mbr_second")
    for code, said in (("M99", "没有找到编号是“M99”的党员"), ("M7", "没有找到编号是“M7”的党员"), ("", "请填写同一个人另一条记录的编号")):
        answer = browser.post("/county/members/mbr_su/merge", data=hidden | {"merged_code": code, "note": "同一人"})
        assert answer.status_code == 422 and said in answer.text and 'value="同一人"' in answer.text
    assert len(desk.caller.of(r.MergeMembers)) == 1


def test_political_birthdays_are_shown_by_month(desk):
    desk.caller.answers[r.ListBirthdays] = always(r.BirthdayMonth(month=7, months=tuple(range(12)), birthdays=(r.Birthday(
        member_id="mbr_su", name="苏晓", organisation_id="org_village", organisation_name="柳溪村党支部",
        joined_on=date(2001, 7, 9), day=9, years=25),), total=130, next="9|su 苏|mbr_su"))
    browser = desk.enter("clerk")
    page = browser.get("/county/birthdays?month=7").text
    assert "7 月 9 日" in page and "25 年" in page and 'aria-current="page">7 月' in page
    assert "130 人" in page and "after=9%7Csu" in page
    browser.get("/county/birthdays?month=7&search=柳溪&after=9|su 苏|mbr_su")
    asked = desk.caller.of(r.ListBirthdays)[-1].request
    assert (asked.search, asked.after) == ("柳溪", "9|su 苏|mbr_su")
    browser.get("/county/birthdays?month=13")
    today = desk.app.extensions["clock"].today()
    assert desk.caller.of(r.ListBirthdays)[-1].request.month == today.month, "this month, where none is named"


def test_defects_are_listed_by_name(desk):
    """[A21]"""
    one = r.Defect(member_id="mbr_su", name="苏晓", organisation_id="org_village", organisation_name="柳溪村党支部", kind="lack",
                   sentence="流动党员无组织生活", since_on=DAY)
    desk.caller.answers[r.ListDefects] = lambda actor, request: r.DefectPage(
        items=() if request.search == "没有" else (one,), total=101, next="/org/|su 苏|mbr_su")
    browser = desk.enter("secretary")
    page = browser.get("/county/defects").text
    assert "流动党员无组织生活" in page and 'href="/county/members/mbr_su"' in page and "101 名党员" in page and "看后面的" in page
    assert "没有找到" in browser.get("/county/defects?search=没有").text, "and not that all is well"


def test_positions_are_appointed_and_ended(desk):
    browser = desk.enter("secretary")
    hidden = form(browser.get("/county/positions").text)
    answer = browser.post("/county/positions", data=hidden | {"organisation_id": "org_village", "kind": "clerk", "person_name": "何小满"})
    assert "要上级确认后才生效" in browser.get(answer.location).text
    desk.caller.answers[r.Appoint] = Remote("name_known", 409, "已经有同名的人。", {
        "person_name": ["请选是不是同一个人。"], "person_id": {"prs_8": "苏晓（不是党员，柳溪村党支部）"}})
    answer = browser.post("/county/positions", data=hidden | {"organisation_id": "org_village", "kind": "clerk", "person_name": "苏晓"})
    assert answer.status_code == 409 and "就是苏晓（不是党员，柳溪村党支部）" in answer.text and 'value="苏晓"' in answer.text
    browser.post("/county/positions", data=hidden | {
        "organisation_id": "org_village", "kind": "clerk", "person_name": "苏晓", "meant": "prs_8", "meant_of": "苏晓"})
    assert desk.caller.of(r.Appoint)[-1].request.person_id == "prs_8"
    answer = browser.post("/county/positions/end", data=hidden | {"position_id": "pos_1", "until_on": "2026-01-31"})
    assert desk.caller.of(r.EndPosition)[-1].request.until_on == date(2026, 1, 31) and "done=relieved" in answer.location


def test_the_superior_confirms_in_bulk(desk):
    """[X45]"""
    browser = desk.enter("superior", "org_town", name="田野", member_id="mbr_tian")
    page = browser.get("/county/confirmations").text
    assert page.count('name="grant_ids"') == 2 and "202 项" in page and "确认本页全部 2 项" in page and "看后面的" in page
    answer = browser.post("/county/confirmations", data=form(page) | {"grant_ids": ["grt_9", "grt_8"]})
    assert desk.caller.of(r.ConfirmGrants)[-1].request.grant_ids == ("grt_9", "grt_8") and "done=confirmed" in answer.location


def test_what_somebody_else_confirms_is_listed_without_a_box_to_tick(desk):
    """Nobody confirms their own, nor what stands at their own level. [X45] [X50]"""
    desk.caller.answers[r.ListWaiting] = always(r.GrantPage(items=(
        grant_view(grant_id="grt_own", person_id="prs_superior_mbr_tian", role="secretary", works=False),
        grant_view(grant_id="grt_level", organisation_id="org_town", role="superior", works=False)), total=2, next=""))
    page = desk.enter("superior", "org_town", name="田野", member_id="mbr_tian").get("/county/confirmations").text
    assert page.count("由更上一级或别的同志确认") == 2 and 'name="grant_ids"' not in page and "确认本页全部" not in page


def test_the_row_of_an_api_key_offers_neither_a_link_nor_to_be_a_member(desk):
    """[X48]"""
    held = grant_view(person_id="prs_key", person_name="大数据平台", member_id="", role="system")
    desk.caller.answers |= {r.ListGrants: always(r.GrantPage(items=(held,), total=1, next=""))}
    browser = desk.enter("office", "org_county")
    page = browser.get("/county/grants").text
    assert "大数据平台" in page and "收回" in page and "生成开通链接" not in page and "认作党员" not in page
    assert browser.get("/county/persons/prs_key?organisation=org_county").status_code == 404


def test_a_person_who_turns_out_to_be_a_member_becomes_that_member(desk):
    """[X50]"""
    held = grant_view(person_id="prs_x", person_name="苏晓", member_id="", role="clerk")
    desk.caller.answers |= {r.ListGrants: always(r.GrantPage(items=(held,), total=1, next="")), r.LinkPerson: always(())}
    browser = desk.enter("office", "org_county")
    assert 'href="/county/persons/prs_x?organisation=org_county"' in browser.get("/county/grants").text
    page = browser.get("/county/persons/prs_x?organisation=org_county").text
    assert desk.caller.of(r.ListMembers)[-1].request.search == "苏晓", "those of the same name to begin with"
    answer = browser.post("/county/persons/prs_x?organisation=org_county", data=form(page) | {"member_id": "mbr_su"})
    assert answer.status_code == 303 and "done=linked" in answer.location
    assert desk.caller.of(r.LinkPerson)[-1].request == r.LinkPerson(person_id="prs_x", member_id="mbr_su")
    desk.caller.answers[r.LinkPerson] = Remote("two_administrations", 409, "他已是系统管理员，不能再是审计管理员。")
    answer = browser.post("/county/persons/prs_x?organisation=org_county", data=form(page) | {"member_id": "mbr_su"})
    assert answer.status_code == 409 and "不能再是审计管理员" in answer.text
    assert desk.enter("clerk").get("/county/persons/prs_x").status_code == 403
