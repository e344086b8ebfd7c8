"""The pages of the tree and of what stands beside it: what they show, what they send, and that nothing typed is lost."""
import re

import pytest

from tests.fakes_gateway import form
from wire.contracts import roster as r
from wire.contracts.calls import Away, Remote
from wire.contracts.notice import ReadBoard

PAGES = ("/tree/", "/tree/org_village", "/tree/new?organisation=org_town", "/tree/org_village/edit", "/tree/systems", "/tree/systems/sys_edu",
         "/tree/elections", "/tree/workplaces", "/tree/assignments", "/tree/zones?organisation=org_village", "/county/organisations")


def post(browser, at, page="/tree/org_village", **fields):
    """Send a form of a page, with its hidden fields."""
    return browser.post(at, data=form(browser.get(page).text) | fields)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_the_office_in_words(house, page):
    answer = house.enter("office", "org_county").get(page)
    assert answer.status_code == 200, answer.text[:500]
    assert not re.search(r"\b(branch|rural|overdue|contact_point|no_accident)\b(?![\"'=&])", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_tree_opens_level_by_level_without_javascript(house):
    page = house.enter("office", "org_county").get("/tree/").text
    assert "展开下级" in page and "/tree/?organisation=org_town" in page and "柳溪村党支部" in page


def test_an_organisation_s_page_tells_facts_zones_contact_points_and_new_units(house):
    """[A16] [A18] [K1]"""
    page = house.enter("office", "org_county").get("/tree/org_village").text
    for word in ("教育", "延到", "防汛任务重", "河道保洁责任区", "缺 2 个月", "领导联系点", "岳成川", "县处级正职", "云岭竹编合作社", "超期未覆盖"):
        assert word in page, word


def test_a_clerk_sees_the_page_and_is_offered_nothing_they_may_not_do(house):
    page = house.enter("clerk").get("/tree/org_village").text
    assert "基本情况" in page
    for word in ("/merge", "/dissolve", "/move", "/election", "/edit"):
        assert f"org_village{word}" not in page, word


def test_a_new_branch_is_sent_with_its_form_and_what_was_typed_survives_a_refusal(house):
    """[A18]"""
    browser = house.enter("office", "org_county")
    fields = {"code": "N1", "name": "新村联合党支部", "kind": "branch.joint", "sector": "rural", "parent_id": "org_town", "founded_on": "2026-01-05"}
    assert post(browser, "/tree/new?organisation=org_town", "/tree/new?organisation=org_town", **fields).status_code == 303
    sent = house.caller.of(r.RegisterOrganisation)[-1].request
    assert (sent.kind, sent.form, sent.code, sent.founded_on.isoformat()) == ("branch", "joint", "N1", "2026-01-05")
    house.caller.answers[r.RegisterOrganisation] = Remote("code_taken", 422, "编号“N1”已属于“旧村党支部”，请换一个编号。",
                                                          errors={"code": ["编号“N1”已属于“旧村党支部”，请换一个编号。"]})
    answer = post(browser, "/tree/new?organisation=org_town", "/tree/new?organisation=org_town", **fields)
    assert answer.status_code == 422 and "新村联合党支部" in answer.text and 'aria-invalid="true"' in answer.text
    assert '<option value="branch.joint" selected>' in answer.text


def test_another_organisation_is_looked_for_before_it_is_moved_or_merged(house):
    browser = house.enter("office", "org_county")
    assert "/org_village/merge" not in browser.get("/tree/org_village").text
    page = browser.get("/tree/org_village?find=青禾").text
    assert "/org_village/merge" in page and "青禾村党支部" in page
    assert "没有办成的 53 件，其中逾期 2 件" in page and "仍记在“柳溪村党支部”名下" in page and "待核验的由上级办理" in page, "what stays behind"
    house.caller.answers[ReadBoard] = Away("notice")
    assert "这里的承诺和评议仍记在“柳溪村党支部”名下" in browser.get("/tree/org_village?find=青禾").text
    assert post(browser, "/tree/org_village/merge", into_id="org_other", because="两村合并").status_code == 303
    assert house.caller.of(r.MergeOrganisations)[-1].request == r.MergeOrganisations(
        organisation_id="org_village", into_id="org_other", because="两村合并")
    assert post(browser, "/tree/org_village/move", parent_id="org_county").status_code == 303


def test_a_refused_dissolution_comes_back_with_its_sentence_and_the_reason_typed(house):
    browser = house.enter("office", "org_county")
    house.caller.answers[r.DissolveOrganisation] = Remote("still_in_use", 409, "“柳溪村党支部”还有党员 33 人，不能撤销；请先把他们转到别处。")
    answer = post(browser, "/tree/org_village/dissolve", because="并村")
    assert answer.status_code == 409 and "还有党员 33 人" in answer.text and 'value="并村"' in answer.text


def test_elections_are_listed_with_how_long_they_are_overdue(house):
    """[A19]"""
    browser = house.enter("office", "org_county")
    page = browser.get("/tree/elections").text
    assert "超期 264 天" in page and "还有 30 天" in page and "县里没有另定，用默认值" in page
    assert post(browser, "/tree/org_village/election", held_on="2026-03-01").status_code == 303
    assert house.caller.of(r.RecordElection)[-1].request.held_on.isoformat() == "2026-03-01"


def test_new_units_that_nothing_covers_in_time_are_named_and_covered_from_here(house):
    """[A17]"""
    browser = house.enter("office", "org_county")
    page = browser.get("/tree/workplaces").text
    assert "云岭竹编合作社" in page and "超期未覆盖" in page
    assert post(browser, "/tree/workplaces/cover", workplace_id="wkp_1", covered_by="org_village").status_code == 303
    assert house.caller.of(r.CoverWorkplace)[-1].request == r.CoverWorkplace(workplace_id="wkp_1", covered_by="org_village")


def test_a_search_without_a_match_leaves_the_form_to_search_again(house):
    page = house.enter("office", "org_county").get("/tree/workplaces?find=没有这个").text
    assert "没有找到，换个写法试试。" in page and 'name="find" value="没有这个"' in page


def test_a_month_is_entered_by_ticking_what_held_and_what_is_missing_is_seen(house):
    """[K3]"""
    browser = house.enter("clerk")
    page = browser.get("/tree/zones").text
    assert "没有登记：10 月、9 月" in page and "工作有差错" in page
    hidden = form(page)
    assert browser.post("/tree/zones/month", data={**hidden, "zone_id": "zon_1", "month": "2026-09", "held": ["no_accident", "no_breach"],
                                                   "note": "漏查"}).status_code == 303
    sent = house.caller.of(r.RecordZoneMonth)[-1].request
    assert (sent.month, sent.no_accident, sent.no_error, sent.no_breach, sent.note) == ("2026-09", True, False, True, "漏查")


def test_a_zone_is_set_up_with_several_members(house):
    """[K1]"""
    browser = house.enter("clerk")
    hidden = form(browser.get("/tree/zones").text)
    assert browser.post("/tree/zones", data={**hidden, "organisation_id": "org_village", "kind": "pioneer", "name": "先锋岗", "place": "村口",
                                             "member_ids": ["mbr_he", "mbr_su"]}).status_code == 303
    assert house.caller.of(r.OpenZone)[-1].request.member_ids == ("mbr_he", "mbr_su")


def test_systems_are_counted_beside_the_territory_and_opened(house):
    """[A20]"""
    browser = house.enter("office", "org_county")
    assert "3 个" in browser.get("/tree/systems").text and "柳溪村党支部" in browser.get("/tree/systems/sys_edu").text
    assert post(browser, "/tree/systems", "/tree/systems", name="卫生", organisation_id="org_county").status_code == 303
    browser.get("/county/organisations?system=sys_edu&kind=branch&sector=rural&search=lx")
    asked = house.caller.of(r.ListOrganisations)[-1].request
    assert (asked.system_id, asked.kind, asked.sector, asked.search, asked.state) == ("sys_edu", "branch", "rural", "lx", "active")


def test_a_leader_gets_a_contact_point(house):
    """[A16]"""
    browser = house.enter("office", "org_county")
    assert post(browser, "/tree/assignments", "/tree/assignments", kind="contact_point", organisation_id="org_village", member_id="",
                person_name="岳成川", rank="county", since="").status_code == 303
    sent = house.caller.of(r.Assign)[-1].request
    assert (sent.kind, sent.person_name, sent.rank, sent.since) == ("contact_point", "岳成川", "county", None)


def test_a_zone_is_renamed_and_given_other_people_on_its_page(house):
    """[K1]"""
    browser = house.enter("clerk")
    page = browser.get("/tree/zones").text
    assert 'action="/tree/zones/change' in page and 'value="河道保洁责任区"' in page
    said = {"zone_id": "zon_1", "version": "2", "kind": "pioneer", "name": "河道先锋岗", "place": "村前河段", "member_ids": ["mbr_he", "mbr_luo"]}
    assert post(browser, "/tree/zones/change", **said).status_code == 303
    assert house.caller.of(r.ChangeZone)[-1].request == r.ChangeZone(
        zone_id="zon_1", version=2, kind="pioneer", name="河道先锋岗", place="村前河段", member_ids=("mbr_he", "mbr_luo"))
    house.caller.answers[r.ChangeZone] = Remote("changed_meanwhile", 412, "刚才有人改过，请核对后再保存。")
    answer = post(browser, "/tree/zones/change", **said)
    assert answer.status_code == 412 and 'value="河道先锋岗"' in answer.text, "what was typed is kept"


def test_a_system_is_renamed_and_given_another_guide_on_its_page(house):
    """[A20]"""
    browser = house.enter("office", "org_county")
    assert 'name="system_id" value="sys_edu"' in browser.get("/tree/systems").text
    assert post(browser, "/tree/systems", system_id="sys_edu", name="教育体育", organisation_id="org_town").status_code == 303
    assert house.caller.of(r.DefineSystem)[-1].request == r.DefineSystem(system_id="sys_edu", name="教育体育", organisation_id="org_town")
    house.caller.answers[r.DefineSystem] = Remote("name_taken", 409, "已有叫“卫生”的条线。", errors={"name": ["已有同名的条线。"]})
    answer = post(browser, "/tree/systems", system_id="sys_edu", name="卫生", organisation_id="org_town")
    assert answer.status_code == 409 and answer.text.count('value="卫生"') == 1, "in its own row, not in the form for a new one"


def test_a_guide_beyond_the_first_ones_is_looked_for_and_kept_when_the_form_comes_back(house):
    """[A20]"""
    browser = house.enter("office", "org_county")
    browser.get("/tree/systems?find=青禾")
    asked = [one.request for one in house.caller.of(r.ListOrganisations)[-4:]]
    assert {one.search for one in asked} == {"青禾"}
    assert {one.kind for one in asked} == {"county_committee", "committee", "leading_group", "general_branch"}, "no place is lost to branches"
    page = browser.get("/tree/systems?find=没有这个").text
    assert "没有找到，换个写法试试。" in page and 'name="find" value="没有这个"' in page and "新建条线" in page
    house.caller.answers[r.DefineSystem] = Remote("name_taken", 409, "已有叫“卫生”的条线。", errors={"name": ["已有同名的条线。"]})
    town = browser.get("/tree/systems?find=镇").text
    assert '<option value="org_town">' in town
    answer = browser.post("/tree/systems", data=form(town) | {"name": "卫生", "organisation_id": "org_town", "find": "镇"})
    assert answer.status_code == 409 and '<option value="org_town" selected>' in answer.text
    assert "新建条线" not in house.enter("clerk").get("/tree/systems").text


def test_who_holds_which_position_stands_on_an_organisations_page(house):
    """[A14]"""
    page = house.enter("office", "org_county").get("/tree/org_village").text
    assert "现任职务" in page and 'href="/county/members/mbr_liu"' in page and 'href="/county/positions?organisation=org_village"' in page
