"""Who is exempt 免诺 on the public pages: a number, never a name or a reason (A4)."""
import re
from datetime import date, timedelta

import pytest
from alembic import command
from sqlalchemy import event as sqlevent
from sqlalchemy import insert, select

from services.notice import exempt
from services.notice.storage import exempt as table
from tests.component.notice.test_board import heard, real, rows, shown, unit  # noqa: F401
from tests.databases import BOTH, migrated
from tests.fakes_notice import AT, COUNTY, GROUP, TODAY, TOWN, VILLAGE, member, news, organisation, pledge
from wire import directory
from wire.bus import migrate
from wire.bus.tables import inbox, watermark
from wire.bus.unit import transaction
from wire.contracts.notice import ReadBoard, ReadCounty
from wire.contracts.pledge import ExemptionEnded, ExemptionGranted
from wire.contracts.shape import dump

BOARD, WHOLE = ReadBoard(organisation_id=VILLAGE, year=2026), ReadCounty(year=2026)


def exemption(kind=ExemptionGranted, version=2, **more):
    return kind(**{
        "version": version, "acted_by": "prs_1", "acted_by_name": "陈镇书记", "acted_at": AT, "exemption_id": "exm_1", "organisation_id": VILLAGE,
        "member_id": "mem_2", "state": "granted" if kind is ExemptionGranted else "ended", "from_on": TODAY, "until_on": date(2026, 12, 31)} | more)


@pytest.fixture(params=BOTH)
def older(request, tmp_path):
    with migrated("notice", request.param, request, tmp_path) as database:
        yield database


def figures(unit, request=BOARD):  # noqa: F811
    found = shown(unit, request)
    return found.expected, found.pledged, found.exempt


def test_the_exempt_leave_those_who_are_asked_and_are_counted_beside_them(unit):  # noqa: F811
    """[A4] [A2]"""
    heard(unit, pledge())
    assert figures(unit) == (3, 1, 0)
    exempt.keep(unit, [news(exemption())])
    assert figures(unit) == (2, 1, 1) == figures(unit, WHOLE)
    assert figures(unit, ReadBoard(organisation_id=TOWN, year=2026)) == (0, 0, 0)
    exempt.keep(unit, [news(exemption(exemption_id="exm_2", member_id="mem_3"))])
    assert figures(unit) == (1, 1, 2), "a party group stands on the board of its branch"


def test_the_public_reads_a_number_and_neither_who_nor_why(unit):  # noqa: F811
    """[A4] [X18]"""
    exempt.keep(unit, [news(exemption())])
    told = repr(dump(shown(unit, BOARD))) + repr(dump(shown(unit, WHOLE)))
    assert "'exempt': 1" in told and "何秀" not in told and "mem_2" not in told
    assert set(rows(unit, table)[0]) == {
        "exemption_id", "epoch", "version", "lost", "organisation_id", "member_id", "from_on", "until_on", "ended_on"}


def test_who_pledges_all_the_same_has_pledged_and_is_counted_once(unit):  # noqa: F811
    """[A4] [A6]"""
    exempt.keep(unit, [news(exemption(member_id="mem_1"))])
    assert figures(unit) == (2, 0, 1)
    heard(unit, pledge())
    assert figures(unit) == (3, 1, 0)


def test_the_same_again_or_late_leaves_the_newest_standing(unit):  # noqa: F811
    """[T15] [T17]"""
    granted = news(exemption())
    ended = news(exemption(ExemptionEnded, 3, ended_on=TODAY, ended_because="withdrawn"))
    exempt.keep(unit, [ended])
    exempt.keep(unit, [granted, ended, granted])
    assert figures(unit) == (3, 0, 0) and [row["version"] for row in rows(unit, table)] == [3]


def test_it_counts_by_the_day_and_a_year_gone_by_as_of_its_end(unit):  # noqa: F811
    """[A4]"""
    exempt.keep(unit, [news(exemption(from_on=TODAY + timedelta(days=1)))])
    assert figures(unit) == (3, 0, 0)
    exempt.keep(unit, [news(exemption(ExemptionEnded, 3, ended_on=TODAY + timedelta(days=1), ended_because="withdrawn"))])
    assert figures(unit) == (2, 0, 1), "the last day counts"
    exempt.keep(unit, [news(exemption(exemption_id="exm_2", member_id="mem_3", from_on=date(2025, 6, 1), until_on=date(2025, 12, 31)))])
    assert [figures(unit, ReadBoard(organisation_id=VILLAGE, year=year))[2] for year in (2024, 2025, 2026)] == [0, 1, 1]


def test_one_is_exempt_in_the_branch_that_decided_it_and_nowhere_else_after_a_move(unit):  # noqa: F811
    """A year gone by as well, whose exemption was in force at its end; and a party group that goes to another branch. [A4] [A7]"""
    def exempt_at(place, year=2026):
        return figures(unit, ReadBoard(organisation_id=place, year=year))[2]
    exempt.keep(unit, [news(exemption(from_on=date(2025, 6, 1))), news(exemption(exemption_id="exm_2", member_id="mem_3"))])
    assert [exempt_at(VILLAGE, year) for year in (2025, 2026)] == [1, 2]
    directory.keep(unit, [news(member("mem_2", "何秀", "he 何 xiu 秀", TOWN, version=2))])
    assert [(exempt_at(place), exempt_at(place, 2025)) for place in (VILLAGE, TOWN)] == [(1, 0), (0, 0)]
    assert figures(unit, WHOLE)[2] == 1
    directory.keep(unit, [news(member("mem_2", "何秀", "he 何 xiu 秀", version=3, whereabouts="inflow", inflow_id=TOWN))])
    assert exempt_at(VILLAGE, 2025) == exempt_at(TOWN, 2025) == 0, "who floats pledges there"
    moved = organisation(GROUP, "org_other", path="/org_county/org_other/org_group/", version=2)
    directory.keep(unit, [news(organisation("org_other", COUNTY)), news(moved)])
    assert exempt_at(VILLAGE) == exempt_at("org_other") == figures(unit, WHOLE)[2] == 0


def test_an_upgrade_reads_anew_what_pledge_told_of_exemptions(older):
    """What was kept so far does not say in which branch; everything is asked for from the beginning. [A4]"""
    with transaction(older) as sql:
        command.downgrade(migrate._config("notice", sql, None), "0005_board_member")
        sql.execute(insert(table).values(exemption_id="exm_1", epoch=1, version=2, lost=False, member_id="mem_2", from_on=TODAY, until_on=TODAY))
        for stream in ("pledge.exemption", "pledge.pledge"):
            sql.execute(insert(watermark).values(stream=stream, epoch=1, position=7, highest=7, highest_id="evt_7", head=7, settled=True))
            sql.execute(insert(inbox).values({c.name: 7 for c in inbox.columns if c.type.python_type is int} | {
                c.name: "" for c in inbox.columns if c.type.python_type is str and not c.nullable} | {"stream": stream, "epoch": 1}))
        command.upgrade(migrate._config("notice", sql, None), "heads")
        assert sql.scalars(select(table.c.exemption_id)).all() == []
        assert dict(sql.execute(select(watermark.c.stream, watermark.c.position)).all()) == {"pledge.exemption": 0, "pledge.pledge": 7}
        assert sql.scalars(select(inbox.c.stream)).all() == ["pledge.pledge"]


def test_somebody_who_left_or_is_never_expected_is_no_exempt_either(unit):  # noqa: F811
    exempt.keep(unit, [news(exemption(member_id="mem_4")), news(exemption(exemption_id="exm_2", member_id="mem_3"))])
    directory.keep(unit, [news(member("mem_3", "陶安", "tao 陶 an 安", GROUP, version=2, state="left"))])
    assert figures(unit) == (2, 0, 0)


def test_whether_somebody_exempt_pledged_all_the_same_is_looked_up_and_not_searched_for_in_every_pledge(unit):  # noqa: F811
    """[A4] A few hundred exempt had made the front page read every pledge of the county for each of them."""
    directory.keep(unit, [news(member(f"mem_p{n}", "某人", f"mou 某 {n}")) for n in range(600)])
    heard(unit, *(pledge(pledge_id=f"plg_{n}", member_id=f"mem_p{n}") for n in range(60, 600)))
    exempt.keep(unit, [news(exemption(exemption_id=f"exm_p{n}", member_id=f"mem_p{n}")) for n in range(60)])
    for counted in (False, True):
        if counted:
            unit.sql.exec_driver_sql("ANALYZE")
        assert figures(unit, WHOLE) == (543, 540, 60)
        plan = _plan(unit)
        assert "board_pledge_member" in plan and not re.search(r"scan (on )?board_pledge\b", plan, re.IGNORECASE), plan


def _plan(unit):  # noqa: F811
    """How the database finds the exempt of the whole county."""
    read = []
    sqlevent.listen(unit.sql, "after_cursor_execute", lambda *said: read.append(said[2:4]))
    shown(unit, WHOLE)
    statement, given = next((s, p) for s, p in read if re.search(r"FROM exempt\s+JOIN directory_member", s))
    how = "EXPLAIN QUERY PLAN" if unit.sql.dialect.name == "sqlite" else "EXPLAIN"
    return "\n".join(str(row[-1]) for row in unit.sql.exec_driver_sql(f"{how} {statement}", given))
