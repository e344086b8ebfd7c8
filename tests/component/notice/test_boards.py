"""The county's boards page by page: a county of 2,400 organisations, found by a part of the name, sorted by what is overdue."""
from contextlib import contextmanager
from functools import partial
from dataclasses import fields
from datetime import timedelta

import pytest
from sqlalchemy import event as sqlevent
from sqlalchemy import text

from services.notice import board, names, queries, usecases
from services.notice.domain.policy import BoardPolicy
from tests.databases import BOTH, migrated
from tests.fakes import FakeUnit, all_pages
from tests.fakes_notice import COUNTY, TODAY, item, news, organisation, pledge
from wire import directory
from wire.contracts.actor import PUBLIC
from wire.contracts.notice import BoardFigures, ReadBoards, ReadCounty
from wire.contracts.roster import OrganisationChanged

TOWNS, VILLAGES = 60, 39
LATE = TODAY - timedelta(days=3)


def tree():
    """60 towns of 39 villages; every village has one pledge of three items, in some of them one or two are late."""
    yield organisation(COUNTY, name="云岭县委")
    for t in range(TOWNS):
        town = f"org_t{t:02}"
        yield organisation(town, parent=COUNTY, path=f"/{COUNTY}/{town}/", kind="committee", name=f"第{t}镇党委")
        for v in range(VILLAGES):
            village = f"{town}v{v:02}"
            yield organisation(village, parent=town, path=f"/{COUNTY}/{town}/{village}/", name=f"{'柳溪' if v == 7 else '平'}村{t}-{v}党支部")


def promised(t, v):
    late = (t == 5 and v == 3) + 2 * (v == 7 and t % 10 == 0)
    return pledge(pledge_id=f"plg_{t:02}{v:02}", organisation_id=f"org_t{t:02}v{v:02}", member_id="", pledgor_name="支部", items=tuple(
        item(1000 * t + 10 * v + k, state="fulfilled" if k == 3 and v % 2 else "open", deadline_on=LATE if k <= late else None)
        for k in (1, 2, 3)))


@pytest.fixture(scope="module", params=BOTH)
def county(request, tmp_path_factory):
    """Filled once, in a transaction that is rolled back at the end."""
    with migrated("notice", request.param, request, tmp_path_factory.mktemp("county")) as opened, opened.begin(writing=True) as sql:
        unit = FakeUnit(None, actor=PUBLIC, directory=directory.Directory(sql))
        unit.sql = sql
        told = [news(fact) for fact in tree()]
        directory.keep(unit, told)
        names.keep(unit, told)
        board.post(unit, [news(promised(t, v)) for t in range(TOWNS) for v in range(VILLAGES)])
        # as autovacuum would within a minute
        sql.exec_driver_sql("ANALYZE")
        yield unit


def asked(unit, **more):
    request = ReadBoards(**{"year": 2026} | more)
    return usecases.show_boards(queries.boards(unit, request, year=2026))


def everywhere(unit, **more):
    """The lines of all pages; nobody stands in two."""
    lines = all_pages(partial(asked, unit), **more)
    assert len(lines) == len({line.organisation_id for line in lines})
    return lines


@contextmanager
def rows_read(unit):
    """How many rows the statements inside bring back, as (statement, rows)."""
    read = []

    def note(connection, cursor, statement, parameters, context, executemany):
        read.append([statement, parameters])

    sqlevent.listen(unit.sql, "after_cursor_execute", note)
    yield read
    sqlevent.remove(unit.sql, "after_cursor_execute", note)


def test_the_front_page_of_a_large_county_shows_its_upper_levels_and_the_totals_of_all(county):
    """[A2] The totals are those of 2,401 organisations, whatever is listed."""
    found = usecases.show_county(county, ReadCounty(year=2026), queries.county(
        county, ReadCounty(year=2026), year=2026, most=5, kinds=BoardPolicy().expected))
    villages = TOWNS * VILLAGES
    assert (found.organisations, found.items, found.overdue) == (1 + TOWNS + villages, 3 * villages, 1 + 2 * 6)
    assert found.fulfilled == TOWNS * (VILLAGES // 2)
    assert len(found.boards) == 1 + TOWNS and {line.path.count("/") for line in found.boards} == {2, 3}
    top, town = found.boards[0], next(line for line in found.boards if line.organisation_id == "org_t05")
    assert (top.items, top.with_below) == (0, BoardFigures(pledged=villages, items=3 * villages, fulfilled=found.fulfilled, overdue=13))
    assert town.with_below == BoardFigures(pledged=VILLAGES, items=3 * VILLAGES, fulfilled=VILLAGES // 2, overdue=1)


@pytest.mark.parametrize("sort", ["tree", "share", "pledged"])
def test_pages_follow_one_another_without_a_gap_in_every_order(county, sort):
    part = everywhere(county, organisation_id="org_t05", sort=sort, limit=7)
    assert len(part) == 1 + VILLAGES
    if sort == "tree":
        assert [line.path for line in part] == sorted(line.path for line in part)
    else:
        key = [line.with_below.pledged if sort == "pledged" else 1000 * line.with_below.fulfilled // line.with_below.items for line in part]
        assert key == sorted(key)
    assert len(everywhere(county, search="柳溪", limit=25, sort=sort)) == TOWNS


def test_boards_with_something_overdue_add_up_to_the_figure_that_opened_them(county):
    found = everywhere(county, sort="overdue", limit=3)
    assert [line.overdue for line in found] == [2] * 6 + [1]
    assert sum(line.overdue for line in found) == asked(county).figures.overdue == 13
    assert [line.organisation_id for line in everywhere(county, sort="overdue", organisation_id="org_t05")] == ["org_t05v03"]
    assert asked(county, organisation_id="org_t05").figures == BoardFigures(pledged=39, items=117, fulfilled=19, overdue=1)


@pytest.mark.parametrize(("search", "many"), [
    ("柳溪", 60), ("溪村5-7党", 1), ("第5镇", 1), ("村5- 支部", 39), ("%", 0), ("_", 0), ("没有", 0), ("党", 2400)])
def test_a_board_is_found_by_any_part_of_its_name(county, search, many):
    assert asked(county, search=search, limit=5).total == many


def test_a_search_reads_what_it_shows_and_goes_through_the_index(county):
    """Not the county: no statement of a search brings back more rows than the page has, and names are looked up in their index."""
    with rows_read(county) as read:
        page = asked(county, search="柳溪", limit=5)
    assert len(page.items) == 5 and page.figures is None
    looked_up = next((s, p) for s, p in read if "board_name" in s and "LIMIT" in s)
    if county.sql.dialect.name == "sqlite":
        plan = " ".join(row[3] for row in county.sql.exec_driver_sql(f"EXPLAIN QUERY PLAN {looked_up[0]}", looked_up[1]))
        late = " ".join(row[3] for row in county.sql.execute(text(
            "EXPLAIN QUERY PLAN SELECT 1 FROM board_pledge WHERE shown AND year = 2026 AND waiting > '' AND waiting < '2026-03-02'")))
    else:
        plan = " ".join(row[0] for row in county.sql.exec_driver_sql(f"EXPLAIN {looked_up[0]}", looked_up[1]))
        late = "board_pledge_waiting" if county.sql.execute(text(
            "SELECT 1 FROM pg_indexes WHERE indexname = 'board_pledge_waiting'")).first() else ""
    assert "board_name_ending" in plan and "board_pledge_waiting" in late


def test_a_renamed_organisation_is_found_by_its_new_name_only(county):
    known = organisation("org_t01v01", parent="org_t01", path=f"/{COUNTY}/org_t01/org_t01v01/", name="青禾村党支部", version=2)
    told = [news(OrganisationChanged(**{f.name: getattr(known, f.name) for f in fields(known)}))]
    directory.keep(county, told)
    names.keep(county, told)
    assert asked(county, search="青禾").total == 1 and asked(county, search="平村1-1党").total == 0


def test_a_cursor_that_is_none_begins_anew_and_an_unknown_part_is_empty(county):
    odd = [asked(county, sort=sort, after=after).total for sort in ("overdue", "share", "pledged", "tree") for after in ("", "x|y", "|", "²|/")]
    assert set(odd) == {2401, 7}
    assert asked(county, organisation_id="org_nowhere").total == 0
