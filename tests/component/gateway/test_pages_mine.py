"""我的承诺: where a member pledges, what stays theirs when they move on, and whom to ask when there is nothing."""
import html
from dataclasses import replace
from datetime import date

import pytest

from tests.fakes_gateway import form
from tests.fakes_pages import NOW, line
from tests.fakes_pages_exemptions import exemption, line as exempt_line
from wire import directory
from wire.contracts import pledge as p
from wire.contracts.calls import Remote
from wire.contracts.roster import MemberChanged

BY = {"version": 1, "acted_by": "prs_office", "acted_by_name": "县办", "acted_at": NOW}

HE = {"member_id": "mbr_he", "code": "V1", "name": "何秀英", "sort_key": "he", "kind": "member", "organisation_id": "org_village"}


def roll(house, **more):
    """What the gateway's own copy says of the member."""
    with house.store.writing() as unit:
        directory.write(unit.sql, [(1, MemberChanged(**HE | BY | more))])


def floats(house, **more):
    roll(house, whereabouts="inflow", inflow_id="org_other", **more)


def links(page):
    return html.unescape(page)


def test_a_floating_member_is_led_to_where_they_pledge(house):
    """And from an address of their home branch as well; the form is sent for the inflow branch. [A7]"""
    floats(house)
    browser = house.enter("member")
    page = links(browser.get("/mine").text)
    assert "青禾村党支部 · 2026 年度" in page and "组织关系所在的柳溪村党支部协助教育管理" in page
    assert 'href="/desk/pledges/new?organisation=org_other&member=mbr_he">写承诺' in page and "双报到" not in page
    for address in ("/desk/pledges/new?organisation=org_other&member=mbr_he", "/desk/pledges/new?organisation=org_village", "/desk/pledges/new"):
        written = browser.get(address)
        assert written.status_code == 200 and "青禾村党支部" in written.text, address
    browser.post("/desk/pledges/new", data=form(written.text) | {
        "member_id": "mbr_he", "items-0-matter": "义诊四次", "items-0-source": "own", "save": "1"})
    sent = house.caller.of(p.DraftPledge)[-1].request
    assert (sent.organisation_id, sent.member_id) == ("org_other", "mbr_he")


def test_the_community_they_reported_to_is_the_second_and_is_said_to_be(house):
    """Only once it confirmed the report. [A9]"""
    roll(house, residence_id="org_other")
    browser = house.enter("member")
    assert "双报到" not in browser.get("/mine").text
    assert browser.get("/desk/pledges/new?organisation=org_other").status_code == 403
    roll(house, residence_id="org_other", residence_confirmed_on=date(2026, 1, 5), version=2)
    page = links(browser.get("/mine").text)
    assert 'organisation=org_village&member=mbr_he">写承诺' in page and 'organisation=org_other&member=mbr_he">写双报到承诺' in page
    assert "您已向青禾村党支部报到（双报到）" in page
    assert browser.get("/desk/pledges/new?organisation=org_other&member=mbr_he").status_code == 200


@pytest.mark.parametrize("where", ["org_other", "org_town", "org_nowhere"])
def test_a_form_opens_for_no_organisation_in_which_nothing_of_theirs_could_be_written(house, where):
    """[X17]"""
    roll(house)
    assert house.enter("member").get(f"/desk/pledges/new?organisation={where}&member=mbr_he").status_code == 403


def test_a_clerk_who_floats_writes_for_others_at_home_and_for_themselves_where_they_are(house):
    """[A7]"""
    floats(house)
    browser = house.enter("clerk")
    assert "罗大成" in browser.get("/desk/pledges/new").text
    there = browser.get("/desk/pledges/new?organisation=org_other").text
    assert "青禾村党支部" in there and "罗大成" not in there and '<option value="mbr_he"' in there


def test_what_was_promised_elsewhere_stays_on_the_page_with_its_place(house):
    """After a move the first pledge is the member's as before. [B3]"""
    roll(house, organisation_id="org_other")
    mine = line("plg_liu", "published", "何秀英", "mbr_he")
    house.caller.answers[p.ListPledges] = lambda actor, request: p.PledgePage(pledges=(mine, replace(
        mine, pledge_id="plg_new", organisation_id="org_other", kind="immediate")), next="")
    page = house.enter("member", "org_other").get("/mine").text
    first, second = (part.partition("</div>")[0] for part in page.split('<div class="duty">')[1:3])
    assert "柳溪村党支部" in first and "/desk/pledges/plg_liu" in first and "青禾村党支部" not in second


def test_why_no_second_annual_pledge_is_accepted_is_told_beside_what_was_typed(house):
    """[B3]"""
    roll(house, organisation_id="org_other")
    sentence = "2026 年度已经在柳溪村党支部有一份年度承诺（已亮诺），请打开那一份继续办理"
    house.caller.answers[p.DraftPledge] = Remote("already_pledged", 409, sentence)
    browser = house.enter("member", "org_other")
    answer = browser.post("/desk/pledges/new", data=form(browser.get("/desk/pledges/new").text) | {
        "member_id": "mbr_he", "items-0-matter": "义诊四次", "items-0-source": "own"})
    assert answer.status_code == 409 and sentence in answer.text and "义诊四次" in answer.text


@pytest.mark.parametrize("state, more, said", [
    ("proposed", {}, "正等上级批准（待批）"), ("refused", {}, "上级未批准"), ("granted", {"from_on": date(2026, 3, 2)}, "免予承诺"),
    ("ended", {"ended_on": date(2026, 9, 1), "ended_because": "withdrawn"}, "结束（支部撤回），请照常承诺")])
def test_a_member_reads_how_their_exemption_stands(house, state, more, said):
    """[A4]"""
    one = exempt_line(exemption("exm_he", member_id="mbr_he", state=state, **more))
    house.caller.answers[p.ListExemptions] = lambda actor, request: p.ExemptionPage(exemptions=(one,), total=1, next="")
    page = house.enter("member").get("/mine").text
    assert said in page and 'href="/desk/exemptions/exm_he"' in page
    asked = house.caller.of(p.ListExemptions)[-1].request
    assert (asked.member_id, asked.state) == ("mbr_he", "")


def test_an_exemption_that_ended_in_another_year_is_history(house):
    old = exempt_line(exemption("exm_he", member_id="mbr_he", state="ended", ended_on=date(2025, 9, 1), ended_because="expired"))
    house.caller.answers[p.ListExemptions] = lambda actor, request: p.ExemptionPage(exemptions=(old,), total=1, next="")
    assert "exm_he" not in house.enter("member").get("/mine").text


def without_grants(house):
    browser = house.enter("member")
    house.caller.hold("prs_member_mbr_he")
    return browser


def test_who_left_the_roll_reads_so_and_whom_to_ask(house):
    """Also while roster's word of a minute ago is believed."""
    roll(house, state="left")
    for browser in (house.enter("member"), without_grants(house)):
        page = browser.get("/mine").text
        assert "您当前不在册" in page and "请找柳溪村党支部书记或县级管理员" in page and "已经开通" not in page


def test_who_has_no_grant_yet_is_told_who_gives_one(house):
    page = without_grants(house).get("/mine").text
    assert "您的账号已经开通，但还没有在哪个党组织的权限" in page and "不在册" not in page


@pytest.mark.parametrize("role, to", [("liaison", "/units"), ("superior", "/units"), ("operator", "/system")])
def test_who_only_follows_or_operates_is_sent_to_where_they_do(house, role, to):
    answer = house.enter(role, "org_town", member_id="").get("/mine")
    assert (answer.status_code, answer.location) == (302, to)
