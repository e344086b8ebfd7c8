"""A large change prepared in pieces and made at one stroke, on both databases: alike, all of it or nothing."""
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.roster import usecases
from services.roster.domain.policy import RollPolicy, SheetPolicy
from services.roster.storage import Books
from services.roster.storage.members import members
from tests.databases import BOTH, migrated
from tests.fakes_roster import office
from wire import directory, policy
from wire.bus import unit as units
from wire.bus.clock import SystemClock
from wire.bus.settings import Settings
from wire.bus.tables import history, outbox
from wire.contracts.actor import Actor
from wire.contracts.calls import Stale
from wire.contracts.event import read
from wire.contracts.envelope import parse
from wire.contracts.roster import (
    CheckSheet, FoundCounty, SyncMembers, SyncOrganisations, SheetLine, StageLines, UndoSheet, WriteSheet,
)
from tests.fakes_roster import member_rows, organisation_rows

COLUMNS = ("code", "name", "kind", "organisation_code", "post", "joined_on")
COUNT = 60


@pytest.fixture(scope="module", params=BOTH)
def room(request, tmp_path_factory):
    for document in (RollPolicy, SheetPolicy):
        policy.register("roster", document)
    with migrated("roster", request.param, request, tmp_path_factory.mktemp("poured")) as database:
        made = units.Room(service="roster", database=database, books=Books, directory=directory.Directory, policies=policy.Policies,
                          clock=SystemClock(Settings().zone))
        with units.writing(made, Actor(kind="invitation")) as unit:
            founded = usecases.found_county(unit, FoundCounty(code="C", name="云岭县委", person_name="县办一"))
        with units.writing(made, office(founded.organisation_id, founded.grant_id, founded.person_id)) as unit:
            usecases.sync_organisations(unit, SyncOrganisations(rows=organisation_rows(("V", "柳溪村党支部", "党支部", "C"))))
            usecases.sync_members(unit, SyncMembers(rows=member_rows(("M0", "演旧名", "V"))))
        yield made, unit.actor


def writing(room):
    return units.writing(room[0], room[1])


def staged(room, sheet_id, count=COUNT, piece=25):
    lines = [SheetLine(row=n + 2, cells=(f"M{n}", f"演{'甲乙丙丁'[n % 4]}", "党员", "V", "", "2010-07-01")) for n in range(count)]
    for number, start in enumerate(range(0, count, piece)):
        with writing(room) as unit:
            usecases.stage_lines(unit, StageLines(sheet_id=sheet_id, kind="members", columns=COLUMNS, piece=number,
                                                  lines=tuple(lines[start:start + piece])))
    with writing(room) as unit:
        return usecases.check_sheet(unit, CheckSheet(sheet_id=sheet_id))


def rows(room, query):
    with units.reading(room[0], room[1]) as unit:
        return unit.sql.execute(query).mappings().all()


def test_what_is_poured_is_what_one_by_one_would_have_written(room):
    seen = rows(room, select(func.max(outbox.c.seq).label("last")))[0]["last"]
    told = staged(room, "s1")
    assert (told.new, told.changed) == (COUNT - 1, 1)
    with writing(room) as unit:
        usecases.write_sheet(unit, WriteSheet(sheet_id="s1"))
    stands = {m["id"]: m for m in rows(room, select(members))}
    copied = {m["id"]: m for m in rows(room, select(directory.members))}
    assert len(stands) == COUNT and all(copied[i][c] == m[c] for i, m in stands.items() for c in ("code", "name", "sort_key", "version"))
    assert all((m["epoch"], m["lost"]) == (1, False) for m in copied.values())
    said = rows(room, select(outbox, history.c.state, history.c.aggregate).join_from(
        outbox, history, history.c.seq == outbox.c.seq).where(outbox.c.seq > seen).order_by(outbox.c.seq))
    # everybody, everybody's own grant, and the new name in the grant of who was here
    assert len(said) == 2 * COUNT and all((s["position"], s["aggregate"]) == (None, s["stream"]) for s in said)
    for one in said:
        event = read(one["topic"], parse(one["state"]))
        assert (event.subject, event.version, event.acted_at) == (one["subject"], one["version"], one["at"])
        if one["stream"] == "roster.member":
            assert (event.name, event.joined_on, event.version) == tuple(stands[event.member_id][c] for c in ("name", "joined_on", "version"))


def test_a_stroke_that_fails_leaves_nothing(room):
    before = [rows(room, select(func.count()).select_from(t)) for t in (members, directory.members, history, outbox)]
    staged(room, "s2", COUNT + 30)
    with pytest.raises(RuntimeError), writing(room) as unit:
        usecases.write_sheet(unit, WriteSheet(sheet_id="s2"))
        raise RuntimeError("killed just before the commit")
    assert [rows(room, select(func.count()).select_from(t)) for t in (members, directory.members, history, outbox)] == before
    with writing(room) as unit:
        assert usecases.write_sheet(unit, WriteSheet(sheet_id="s2")).new == 30


def test_a_code_taken_meanwhile_is_stale_and_not_an_error(room):
    staged(room, "s3", COUNT + 40)
    staged(room, "s4", COUNT + 40)
    with writing(room) as unit:
        usecases.write_sheet(unit, WriteSheet(sheet_id="s3"))
    with pytest.raises(Stale), writing(room) as unit:
        usecases.write_sheet(unit, WriteSheet(sheet_id="s4"))


def test_it_is_taken_back_alike_and_not_after_the_hours_of_the_policy(room, monkeypatch):
    staged(room, "s5", COUNT + 100)
    with writing(room) as unit:
        usecases.write_sheet(unit, WriteSheet(sheet_id="s5"))
    with pytest.raises(Exception, match="24 小时"), writing(room) as unit:
        unit.now += timedelta(hours=25)
        usecases.undo_sheet(unit, UndoSheet(sheet_id="s5"))
    after = 0
    for _ in range(10):
        with writing(room) as unit:
            told = usecases.undo_sheet(unit, UndoSheet(sheet_id="s5", after=after))
        if told.done:
            break
        after = told.next
    assert told.done
    left = rows(room, select(func.count().label("n")).where(members.c.state == "left"))[0]["n"]
    assert left == 60 and rows(room, select(func.count().label("n")).where(directory.members.c.state == "left"))[0]["n"] == 60
