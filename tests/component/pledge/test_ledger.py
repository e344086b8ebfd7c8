"""The ledger 践诺台账 as SQL answers it: on either database the same items the rules of the domain count, page by page."""
import random
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from services.pledge.domain.figures import figures, overdue_days
from services.pledge.domain.pledge import PUBLIC, STANDING
from services.pledge.queries import read_ledger
from services.pledge.storage import Books
from tests.component.pledge.conftest import ROSTER
from tests.databases import BOTH, migrated
from tests.fakes import all_pages, person
from tests.fakes_pledge import FAR_CLERK, SECRETARY, SUPERIOR
from tests.unit.pledge.worlds import draft, item
from wire import directory
from wire.contracts.calls import Remote
from wire.contracts.pledge import ReadLedger
from wire.contracts.roster import OrganisationRegistered

TODAY = date(2026, 7, 1)
HERE = ReadLedger(organisation_id="org_village", year=2026)
PLACES = ("org_village", "org_group", "org_other", "org_town")


@pytest.fixture(scope="module", params=BOTH)
def real(request, tmp_path_factory):
    with migrated("pledge", request.param, request, tmp_path_factory.mktemp("ledger")) as opened:
        yield opened


@contextmanager
def filled(database, pledges, actor=SUPERIOR):
    """A unit that reads a town with these pledges; rolled back afterwards."""
    with database.begin(writing=True) as sql:
        directory.write(sql, [(1, fact) for fact in ROSTER])
        books = Books(sql)
        for pledge in pledges:
            books.pledges.add(pledge)
        yield SimpleNamespace(sql=sql, books=books, actor=actor, today=TODAY, directory=directory.Directory(sql),
                              permit=lambda organisation_id, **more: None)


def town(seed, many=60):
    """Pledges in every state and of every kind of item, numbered as they would be."""
    luck = random.Random(seed)
    for n in range(many):
        items = tuple(item(
            k, id=f"itm_{n:03}_{k}", matter=luck.choice(("修路", "装路灯 100%", "走访_老人")),
            state=luck.choice(("open", "claimed", "fulfilled")), verdict=luck.choice(("", "", "fulfilled", "unfulfilled", "carried")),
            deadline_on=luck.choice((None, TODAY + timedelta(days=luck.randint(-50, 60))))) for k in (1, 2, 3))
        yield draft(*items, id=f"plg_{n:03}", organisation_id=luck.choice(PLACES), state=luck.choice(("drafted", *STANDING)),
                    commitment=luck.choice(("written", "written", "as_able")), number=f"2026-{n:03}", pledgor_name=luck.choice(("张三", "李四")))


def ledger(unit, request):
    """The lines of all pages, none of them longer than asked for."""
    def ask(after):
        page = read_ledger(unit, replace(request, after=after), soon_days=30)
        assert len(page.items) <= request.limit
        return page
    return all_pages(ask)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sql_counts_what_the_rules_count(real, seed):
    """Late, done and long-running as the figures of the domain have them, for the branch and for all below. [C7] [F2]"""
    pledges = {p.id: p for p in town(seed)}
    with filled(real, pledges.values()) as unit:
        for below, places in ((False, ("org_village", "org_group")), (True, PLACES)):
            asked = replace(HERE, organisation_id="org_town" if below else "org_village", below=below, limit=500)
            mine = [p for p in pledges.values() if p.organisation_id in places and p.state in STANDING]
            lines = ledger(unit, asked)
            assert {line.item_id for line in lines} == {i.id for p in mine for i in p.items}
            for line in lines:
                pledge = pledges[line.pledge_id]
                [promised] = [i for i in pledge.items if i.id == line.item_id]
                assert line.overdue_days == overdue_days(pledge, promised, TODAY)
            counted = figures((p for p in mine if p.state in PUBLIC), TODAY)
            assert read_ledger(unit, replace(asked, state="late"), soon_days=30).total == counted.overdue
            assert [read_ledger(unit, replace(asked, state=state, public=True), soon_days=30).total for state in (
                "", "fulfilled", "long")] == [counted.items, counted.fulfilled, counted.long_running], "a figure opens what it counts"
            apart = [ledger(unit, replace(asked, state=state)) for state in ("open", "due")]
            assert not {x.item_id for x in apart[0]} & {x.item_id for x in apart[1]}
            assert all(0 <= (x.deadline_on - TODAY).days <= 30 and x.counted for x in apart[1])


@pytest.mark.parametrize("order", ["number", "pressing"])
def test_pages_follow_one_another_without_a_gap_in_either_order(real, order):
    with filled(real, town(7)) as unit:
        asked = replace(HERE, organisation_id="org_town", below=True, order=order, limit=7)
        lines = ledger(unit, asked)
        assert [x.item_id for x in lines] == [x.item_id for x in ledger(unit, replace(asked, limit=500))]
        assert len({x.item_id for x in lines}) == len(lines) > 21
        if order == "pressing":
            late = [x.overdue_days for x in lines if x.overdue_days]
            assert late == [x.overdue_days for x in lines[:len(late)]] == sorted(late, reverse=True)
        else:
            assert [x.number for x in lines if x.organisation_id == "org_other"] == sorted(
                x.number for x in lines if x.organisation_id == "org_other")


def test_what_ended_organisations_left_is_found_from_above(real):
    """A merged village's items and those of the group that ended with it; a group that ended in a standing branch is the branch's."""
    gone = {"org_village": ("merged", "org_other"), "org_group": ("dissolved", "")}

    def ends(unit, *places):
        told = [fact for fact in ROSTER if getattr(fact, "organisation_id", "") in places and isinstance(fact, OrganisationRegistered)]
        directory.write(unit.sql, [(1, replace(f, version=2, state=gone[f.organisation_id][0], merged_into=gone[f.organisation_id][1]))
                                   for f in told])
        unit.directory.forget()

    with filled(real, town(7)) as unit:
        asked = replace(HERE, organisation_id="org_town", below=True, limit=500)
        whole = ledger(unit, asked)
        left = replace(asked, ended=True)
        assert ledger(unit, left) == []
        ends(unit, "org_group")
        assert ledger(unit, left) == [] and {x.organisation_id for x in ledger(unit, HERE)} == {"org_village", "org_group"}
        ends(unit, "org_village")
        found = ledger(unit, left)
        assert ledger(unit, asked) == whole, "nothing leaves the whole"
        assert found == [x for x in whole if x.organisation_id in gone] and {x.organisation_id for x in found} == set(gone)
        claimed = ledger(unit, replace(left, state="claimed"))
        assert claimed and claimed == [x for x in found if x.state == "claimed"]


def test_what_is_typed_is_looked_for_letter_by_letter(real):
    with filled(real, town(3)) as unit:
        asked = replace(HERE, organisation_id="org_town", below=True, limit=500)
        for word in ("100%", "_老", "李四", "2026-01"):
            found = ledger(unit, replace(asked, search=word))
            assert found and all(word in x.matter + x.pledgor_name + x.number for x in found)
        assert ledger(unit, replace(asked, search="%")) == ledger(unit, replace(asked, search="100%"))
        for odd in ("zzz'; DROP TABLE pledge; --", "a|b", "|||||", "1|x|2026-01-01|p|1"):
            assert read_ledger(unit, replace(asked, after=odd), soon_days=30).total


def test_below_reaches_as_far_as_the_grant(running):
    """A town's secretary reads the ledgers of the villages as one; its clerk only that of the town. [X17]"""
    with running.bus("pledge").writing() as unit:
        for n, place in enumerate(PLACES):
            unit.books.pledges.add(draft(item(n, id=f"itm_{n}"), id=f"plg_{n}", organisation_id=place, state="signed"))

    def seen(actor, place):
        return {x.organisation_id for x in running.call(actor, ReadLedger(organisation_id=place, year=2026, below=True)).items}

    assert seen(SUPERIOR, "org_town") == set(PLACES)
    assert seen(person("clerk", "org_town"), "org_town") == {"org_town"}
    assert seen(SECRETARY, "org_village") == {"org_village", "org_group"}
    with pytest.raises(Remote) as refused:
        running.call(FAR_CLERK, HERE)
    assert refused.value.status == 403
