"""The ledger on the desk: narrowed, past a page, with what lies below."""
import re
from dataclasses import replace

from tests.fakes_pages import ledger
from wire.contracts import pledge as p


def test_the_ledger_is_narrowed_by_state_and_word(house):
    browser = house.enter("clerk")
    assert "逾期 20 天" in browser.get("/desk/ledger?state=late").text
    assert "合作社" not in browser.get("/desk/ledger?state=late").text
    assert "没有符合的事项" in browser.get("/desk/ledger?search=没有").text


def test_the_ledger_goes_past_a_page_and_takes_in_what_lies_below(house):
    """A county's ledger is longer than a page; whoever looks below sees whose item it is. [F2]"""
    house.caller.answers[p.ReadLedger] = lambda actor, request: ledger(replace(request, limit=3))
    browser = house.enter("superior", "org_town")
    first = browser.get("/desk/ledger?organisation=org_village&below=1").text
    assert "共 4 件" in first and "合作社" not in first and "柳溪村党支部及下级" in first
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert "below=1" in following and "合作社" in browser.get(following).text
    assert [made.request.below for made in house.caller.of(p.ReadLedger)] == [True, True]
    house.enter("clerk").get("/desk/ledger?below=1")
    assert not house.caller.of(p.ReadLedger)[-1].request.below, "a clerk looks at their own branch"


def test_the_desk_says_how_many_duties_it_does_not_list(house):
    house.caller.answers[p.ReadLedger] = lambda actor, request: replace(ledger(request), total=240, next="1")
    page = house.enter("clerk").get("/desk").text
    assert "逾期的事项共 240 件，还有 239 件没有列在这里" in page and "/desk/ledger?organisation=org_village&amp;state=late" in page
