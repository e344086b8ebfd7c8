"""After a merger: every figure at or below an organisation is one set, whatever became of those who promised, and their boards say so."""
from dataclasses import fields
from datetime import timedelta

import pytest

from services.notice import board, queries, usecases
from tests.component.notice.test_board import heard, real, shown, unit  # noqa: F401
from tests.fakes_notice import COUNTY, GROUP, TODAY, TOWN, VILLAGE, item, member, news, organisation, pledge
from wire import directory
from wire.contracts.notice import BoardFigures, Crumb, ReadBoard, ReadBoards, ReadCounty
from wire.contracts.roster import MemberMoved, OrganisationDissolved, OrganisationMerged

OTHER = "org_other"
LATE = TODAY - timedelta(days=9)
PATH = f"/{COUNTY}/{TOWN}/{OTHER}/"


def again(cls, told, **more):
    return cls(**{f.name: getattr(told, f.name) for f in fields(told)} | {"version": 2} | more)


@pytest.fixture
def town(unit):  # noqa: F811
    """Two villages of one town, both with something published and something late; one of the pledges is a party group's."""
    directory.keep(unit, [news(organisation(OTHER, parent=TOWN, path=PATH, name="竹园村党支部"))])
    heard(unit, pledge(items=(item(1), item(2, deadline_on=LATE), item(3, state="fulfilled"))),
          pledge(pledge_id="plg_g", organisation_id=GROUP, member_id="mem_3", items=(item(4, deadline_on=LATE),)),
          pledge(pledge_id="plg_o", organisation_id=OTHER, member_id="", items=(item(5, deadline_on=LATE), item(6))))
    return unit


def merged(unit):  # noqa: F811
    """The village becomes part of the other one: its members and its group move, its pledges stay."""
    village = organisation(VILLAGE, name="柳溪村党支部")
    directory.keep(unit, [
        news(again(OrganisationMerged, village, state="merged", merged_into=OTHER)),
        news(again(OrganisationMerged, organisation(GROUP), state="dissolved")),
        *(news(again(MemberMoved, member(id_, "某人", "mou 某 ren 人"), organisation_id=OTHER)) for id_ in ("mem_1", "mem_2", "mem_3"))])


def lines(unit, **more):  # noqa: F811
    return usecases.show_boards(queries.boards(unit, ReadBoards(year=2026, **more), year=2026))


def headline(unit):  # noqa: F811
    found = shown(unit, ReadCounty(year=2026))
    return found.items, found.fulfilled, found.overdue, found.pledged


def test_headline_and_the_row_of_the_root_are_one_set_before_and_after_a_merger(town):
    """Nothing that was promised leaves a figure when its organisation becomes part of another."""
    whole = BoardFigures(pledged=3, items=6, fulfilled=1, overdue=3)
    was = headline(town)
    for happen in (lambda: None, lambda: merged(town)):
        happen()
        county, page = shown(town, ReadCounty(year=2026)), lines(town, organisation_id=TOWN)
        assert headline(town) == was == (6, 1, 3, was[3])
        assert county.boards[0].organisation_id == COUNTY and county.boards[0].with_below == whole
        assert page.figures == page.items[0].with_below == whole
        rows = {line.organisation_id: line for line in page.items}
        assert (rows[VILLAGE].items, rows[VILLAGE].overdue, rows[OTHER].items) == (4, 2, 2), "each keeps what it promised"
        late = lines(town, sort="overdue")
        assert sum(line.overdue for line in late.items) == late.figures.overdue == 3
        for sort in ("share", "pledged"):
            assert {line.organisation_id for line in lines(town, sort=sort).items} == {COUNTY, TOWN, VILLAGE, OTHER}
        assert county.listed == len(county.boards) == 4
    assert county.organisations == 3, "those that stand"
    assert (rows[VILLAGE].ended, rows[VILLAGE].successor) == ("merged", Crumb(organisation_id=OTHER, name="竹园村党支部"))
    assert (rows[OTHER].ended, rows[OTHER].successor) == ("", None)


def test_the_board_of_a_merged_organisation_says_where_it_went_and_keeps_what_it_promised(town):
    merged(town)
    found = shown(town, ReadBoard(organisation_id=VILLAGE, year=2026))
    assert (found.ended, found.successor) == ("merged", Crumb(organisation_id=OTHER, name="竹园村党支部"))
    assert (found.expected, found.published, found.items, found.overdue) == (0, 2, 4, 2), "with the group that ended with it"
    successor = shown(town, ReadBoard(organisation_id=OTHER, year=2026))
    assert (successor.ended, successor.expected, successor.pledged, successor.items) == ("", 3, 2, 2), "its members went along"
    assert {c.organisation_id for c in shown(town, ReadBoard(organisation_id=TOWN, year=2026)).below} == {VILLAGE, OTHER}


def test_one_that_ended_with_nothing_published_in_a_year_is_not_listed_in_it(town):
    merged(town)
    directory.keep(town, [news(again(OrganisationDissolved, organisation(
        "org_empty", parent=TOWN, path=f"/{COUNTY}/{TOWN}/org_empty/"), state="dissolved"))])
    listed = usecases.show_boards(queries.boards(town, ReadBoards(year=2027), year=2027)).items
    assert {line.organisation_id for line in listed} == {COUNTY, TOWN, OTHER}
    assert "org_empty" not in {line.organisation_id for line in lines(town).items}
    board.post(town, [news(pledge(pledge_id="plg_e", organisation_id="org_empty", member_id=""))])
    last = next(line for line in lines(town).items if line.organisation_id == "org_empty")
    assert (last.ended, last.successor, last.items) == ("dissolved", None, 2)
