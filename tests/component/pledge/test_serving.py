"""What serves an organisation's item (A13), as SQL answers it on either database, and through the doors."""
from dataclasses import replace
from datetime import timedelta

import pytest

from services.pledge.queries import list_serving
from tests.component.pledge.test_doors import refused
from tests.component.pledge.test_ledger import TODAY, filled
from tests.databases import BOTH, migrated
from tests.fakes import all_pages
from tests.fakes_pledge import CLERK, FAR_CLERK, SECRETARY, SUPERIOR, ZHANG
from tests.unit.pledge.worlds import draft, item
from wire.contracts.pledge import (
    ApprovePledge, CriterionVerdict, DraftPledge, ItemDraft, ListServing, PublishPledges, ReadGuide, ReadPledge, ReviewItem,
    SignPledge, SubmitPledge,
)

ASKED = ListServing(pledge_id="plg_own")


@pytest.fixture(scope="module", params=BOTH)
def real(request, tmp_path_factory):
    with migrated("pledge", request.param, request, tmp_path_factory.mktemp("serving")) as opened:
        yield opened


def member(n, served="itm_a", **more):
    """The public pledge of one member: an item that serves, and one that does not."""
    return draft(
        item(1, id=f"itm_{n:02}_1", serves_pledge_id="plg_own", serves_item_id=served, **more),
        item(2, id=f"itm_{n:02}_2"), id=f"plg_{n:02}", member_id=f"mem_{n:02}", pledgor_name=f"党员{n}", number=f"2026-{n:03}", state="published")


def own():
    return draft(item(1, id="itm_a"), item(2, id="itm_b"), id="plg_own", member_id="", number="2026-900", state="published")


def ledger_of(unit, **more):
    return all_pages(lambda after: list_serving(unit, replace(ASKED, after=after, **more), soon_days=30))


def test_what_serves_comes_page_by_page_and_is_counted_item_by_item(real):
    """Only what is public; late, done and open in the ledger's words. [A13]"""
    late = TODAY - timedelta(days=3)
    pledges = [own(), *(member(n) for n in range(5)), member(5, "itm_b", state="fulfilled"), member(6, "itm_b", deadline_on=late),
               replace(member(7), state="signed"), replace(member(8), state="drafted", number="")]
    with filled(real, pledges) as unit:
        found = ledger_of(unit, limit=2)
        assert [x.item_id for x in found] == [f"itm_{n:02}_1" for n in range(7)]
        assert [x.serves_item_id for x in found] == ["itm_a"] * 5 + ["itm_b"] * 2
        assert [x.overdue_days for x in found] == [0] * 6 + [3]
        page = list_serving(unit, replace(ASKED, item_id="itm_b"), soon_days=30)
        assert ([x.pledgor_name for x in page.items], page.total) == (["党员5", "党员6"], 2)
        assert [(c.item_id, c.items, c.fulfilled) for c in page.counts] == [("itm_a", 5, 0), ("itm_b", 2, 1)]


def test_what_serves_is_searched_by_whose_it_is(real):
    with filled(real, [own(), *(member(n) for n in range(4))]) as unit:
        assert [x.pledgor_name for x in ledger_of(unit, search="党员2")] == ["党员2"]
        assert ledger_of(unit, search="100%") == []
        assert list_serving(unit, replace(ASKED, after="什么|都不是"), soon_days=30).total == 4, "what is no next begins it anew"


def test_the_books_find_an_organisations_own_and_who_holds_an_item(real):
    with filled(real, [own(), member(1)]) as unit:
        pledges = unit.books.pledges
        assert [p.id for p in pledges.own(["org_village", "org_town"], 2026, ("published",))] == ["plg_own"]
        assert pledges.own(["org_village"], 2025, ("published",)) == []
        assert {i: p.id for i, p in pledges.holding({"itm_b", "itm_01_1", "itm_nothing"}).items()} == {"itm_b": "plg_own", "itm_01_1": "plg_01"}
        assert pledges.holding(set()) == {}
        assert pledges.holding({"itm_01_1"})["itm_01_1"] == member(1), "as it was put in"


def published(house, actors, **more):
    """Through every door to the board; ``actors``: author and decider."""
    author, decider = actors
    pledge = house.call(author, DraftPledge(organisation_id="org_village", year=2026, **more))
    house.call(author, SubmitPledge(pledge_id=pledge.pledge_id))
    for one in pledge.items:
        house.call(decider, ReviewItem(pledge_id=pledge.pledge_id, item_id=one.item_id, verdicts=tuple(
            CriterionVerdict(criterion=c, met=True) for c in pledge.criteria)))
    house.call(decider, ApprovePledge(pledge_id=pledge.pledge_id))
    house.call(decider, SignPledge(pledge_id=pledge.pledge_id))
    house.call(decider, PublishPledges(pledge_ids=(pledge.pledge_id,)))
    return pledge


def test_a_branchs_pledge_and_the_members_that_serve_it_lead_to_each_other(running):
    """Offered while drafting, kept through every state, shown on both sides. [A13]"""
    own_ = published(running, (SECRETARY, SUPERIOR), items=(ItemDraft(matter="修通全村机耕路3公里", responsible="李书记"),))
    offered = running.call(ZHANG, ReadGuide(organisation_id="org_village", member_id="mem_zhang", year=2026)).servable
    assert [(s.matter, s.organisation_name) for s in offered] == [("修通全村机耕路3公里", "village")]
    mine = published(running, (ZHANG, SECRETARY), member_id="mem_zhang", items=(
        ItemDraft(matter="出工30天修路", serves_item_id=offered[0].item_id),))
    page = running.call(CLERK, ListServing(pledge_id=own_.pledge_id))
    assert [(x.pledgor_name, x.matter, x.serves_item_id) for x in page.items] == [("张三", "出工30天修路", offered[0].item_id)]
    read = running.call(ZHANG, ReadPledge(pledge_id=mine.pledge_id))
    assert [(s.serves_pledge_id, s.matter) for s in read.serves] == [(own_.pledge_id, "修通全村机耕路3公里")]
    assert refused(running, FAR_CLERK, ListServing(pledge_id=own_.pledge_id)) == ("forbidden", 403)
    assert refused(running, FAR_CLERK, ReadGuide(organisation_id="org_village", member_id="mem_zhang", year=2026)) == ("forbidden", 403)
