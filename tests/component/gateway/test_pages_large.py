"""The desk of a branch with more people and pledges than one page of a service holds."""
from dataclasses import replace

from tests.component.gateway.test_pages_desk import item, post
from tests.fakes_gateway import account
from tests.fakes_pages import LINES
from wire.contracts import pledge as p, roster as r


def many(house, count):
    """A branch of so many, found by name and paged as roster does."""
    everybody = tuple(r.MemberView(member_id=f"mbr_{n}", code=f"M{n}", name=f"演{n:03d}", kind="member", organisation_id="org_village",
                                   organisation_name="柳溪村党支部", post="", post_kind="staff", joined_on=None, state="active", version=1)
                      for n in range(count))

    def page(request):
        found = [m for m in everybody if request.search in m.name]
        return r.MemberPage(members=tuple(found[:request.limit]), total=len(found), next="")

    house.caller.answers[r.ListMembers] = lambda actor, request: page(request)


def test_whose_pledge_it_is_is_looked_for_in_a_large_branch_and_everything_typed_is_kept(house):
    many(house, 700)
    browser = house.enter("clerk")
    page = browser.get("/desk/pledges/new").text
    assert "查找承诺人" in page and "演004" in page and "演650" not in page and page.count('value="mbr_') <= 110
    typed = {"kind": "immediate", **item(0, "修路", measure="投工投劳")}
    found = post(browser, "/desk/pledges/new", find="1", find_member="演65", **typed)
    assert found.status_code == 200 and not house.caller.of(p.DraftPledge)
    for word in ("演650", "演659", "修路", "投工投劳", '<option value="immediate" selected>', 'value="演65"', "本党组织的承诺"):
        assert word in found.text, word
    assert "演004" not in found.text
    again = post(browser, "/desk/pledges/new", find="1", find_member="演00", member_id="mbr_luo", **typed)
    assert '<option value="mbr_luo" selected>' in again.text and "演004" in again.text
    assert post(browser, "/desk/pledges/new", find_member="演65", member_id="mbr_650", **typed).status_code == 303
    assert house.caller.of(p.DraftPledge)[-1].request.member_id == "mbr_650"


def test_a_small_branch_is_listed_whole_without_a_search(house):
    page = house.enter("clerk").get("/desk/pledges/new").text
    assert "查找承诺人" not in page and "罗大成（未承诺）" in page


def test_what_the_desk_counts_it_counts_wholly_however_many_pages_that_are(house):
    """1,203 pledges in pages of 500: the counts are true, fifty of a state are listed, and the rest when asked for."""
    lines = [replace(LINES[0], pledge_id=f"plg_{n:04d}", member_id=f"mbr_{n}", pledgor_name=f"演{n:04d}",
                     state=("submitted", "drafted", "signed")[n % 3]) for n in range(1203)]

    def page(actor, request):
        found = [x for x in lines if x.pledge_id > request.after and request.state in ("", x.state)]
        more = len(found) > request.limit
        return p.PledgePage(pledges=tuple(found[:request.limit]), next=found[request.limit - 1].pledge_id if more else "", total=1203)

    house.caller.answers[p.ListPledges] = page
    browser = house.enter("secretary")
    desk = browser.get("/desk").text
    for word in ("401 份承诺待审定", "401 份承诺已签订，还没有亮诺", "其中 401 人还没有亮诺", "草拟的承诺共 401 份，还有 351 份没有列在这里"):
        assert word in desk, word
    assert desk.count(">接着写<span") == 50 and "whole=drafted" in desk
    assert browser.get("/desk?whole=drafted").text.count(">接着写<span") == 401
    assert "1203 份待审" in browser.get("/desk/reviews").text
    assert "看后面的承诺" in browser.get("/desk/publish").text


def test_who_keeps_a_zone_is_looked_for_in_a_large_branch_and_everything_typed_and_ticked_is_kept(house):
    """[K1]"""
    many(house, 700)
    browser = house.enter("clerk")
    page = browser.get("/tree/zones").text
    asked = house.caller.of(r.ListMembers)[-1].request
    assert (asked.organisation_id, asked.place) == ("org_village", "own"), "the branch's own, not everybody below"
    assert "本支部 700 人，先列出 30 人" in page and 'value="mbr_650"' not in page and page.count('name="member_ids"') <= 62
    typed = {"kind": "model", "name": "林场示范岗", "place": "东坡", "member_ids": ["mbr_he"], "branch": "org_village"}
    found = post(browser, "/tree/zones", look="1", find="演65", **typed)
    assert found.status_code == 200 and not house.caller.of(r.OpenZone)
    for word in ("找到 10 人", "演650（编号 M650）", 'value="林场示范岗"', 'value="东坡"', '<option value="model" selected>'):
        assert word in found.text, word
    assert 'value="mbr_he" checked' in found.text, "who was ticked stays ticked, found or not"
    assert post(browser, "/tree/zones", organisation_id="org_village", **typed | {"member_ids": ["mbr_he", "mbr_650"]}).status_code == 303
    assert house.caller.of(r.OpenZone)[-1].request.member_ids == ("mbr_he", "mbr_650")


def test_a_zone_below_is_given_other_people_from_the_countys_page(house):
    """The county has no members of its own to tick; those of the zone's branch are looked for. [K1]"""
    many(house, 700)
    browser = house.enter("office", "org_county")
    page = browser.get("/tree/zones").text
    assert "要换人先查找" in page
    typed = {"zone_id": "zon_1", "version": "2", "kind": "zone", "name": "改了的名称", "place": "村口", "member_ids": ["mbr_he"]}
    found = post(browser, "/tree/zones", "/tree/zones/change", look="1", find="演65", branch="org_village", **typed)
    assert house.caller.of(r.ListMembers)[-1].request.organisation_id == "org_village"
    assert "演650（编号 M650）" in found.text and 'value="改了的名称"' in found.text and not house.caller.of(r.ChangeZone)


def test_two_of_one_name_are_told_apart_wherever_one_of_them_is_chosen(house):
    """[X50]"""
    people = tuple(r.MemberView(member_id=f"mbr_{n}", code=f"M{n}", name="曾小明", kind="member", organisation_id=f"org_{n}",
                                organisation_name=f"第{n}村党支部", post="", post_kind="staff", joined_on=None, state="active", version=1)
                   for n in (1, 2))
    house.caller.answers[r.ListMembers] = lambda actor, request: r.MemberPage(members=people, total=2, next="")
    browser = house.enter("office", "org_county")
    for address in ("/county/positions?organisation=org_village", "/county/grants", "/tree/assignments"):
        page = browser.get(address).text
        assert "曾小明（第1村党支部，编号 M1）" in page and "曾小明（第2村党支部，编号 M2）" in page, address
    assert "曾小明（编号 M2）" in browser.get("/tree/zones?organisation=org_village").text


def test_those_without_an_account_are_looked_for_among_many_and_listed_by_fifty(house):
    many(house, 60)
    house.caller.answers[r.ListGrants] = lambda actor, request: r.GrantPage(items=(), total=0, next="")
    office = house.enter("office", "org_county", member_id="")
    page = office.get("/county/accounts/invite").text
    assert page.count('name="person_id"') == 50 and "先列出 50 人" in page
    for n in range(55):
        account(house.store, username=f"yan{n}", person_id=f"mbr_{n}", name=f"演{n:03d}", member_id=f"mbr_{n}")
    page = office.get("/county/accounts/invite").text
    assert page.count('name="person_id"') == 5 and "先列出" not in page and "演055" in page
    assert "没有找到" in office.get("/county/accounts/invite?search=谁").text
