"""A large change prepared in pieces and made at one stroke, on both databases: alike, all of it or nothing."""
from datetime import timedelta

import eventlet
import pytest
from sqlalchemy import event, func, select, text

from services.roster import usecases
from services.roster.domain.policy import RollPolicy, SheetPolicy, SyncPolicy
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
from wire.contracts.calls import Stale, operation_of
from wire.contracts.event import read
from wire.contracts.envelope import parse
from wire.contracts.roster import (
    CheckSheet, FoundCounty, GiveGrant, SyncMembers, SyncOrganisations, SheetLine, StageLines, UndoSheet, WriteSheet,
)
from tests.fakes_roster import member_rows, organisation_rows

COLUMNS = ("code", "name", "kind", "organisation_code", "post", "joined_on")
COUNT = 60


@pytest.fixture(scope="module", params=BOTH)
def room(request, tmp_path_factory):
    for document in (RollPolicy, SheetPolicy, SyncPolicy):
        policy.register("roster", document)
    with migrated("roster", request.param, request, tmp_path_factory.mktemp("poured")) as database:
        made = units.Room(service="roster", database=database, books=Books, directory=directory.Directory, policies=policy.Policies,
                          clock=SystemClock(Settings().zone))
        with units.writing(made, Actor(kind="invitation")) as unit:
            founded = usecases.found_county(unit, FoundCounty(code="C", name="云岭县委", person_name="县办一"))
        with units.writing(made, office(founded.organisation_id, founded.grant_id, founded.person_id)) as unit:
            usecases.sync_organisations(unit, SyncOrganisations(rows=organisation_rows(("V", "柳溪村党支部", "党支部", "C"))))
            usecases.sync_members(unit, SyncMembers(rows=member_rows(("M0", "演旧名", "V"))))
        with units.writing(made, office(founded.organisation_id, founded.grant_id, founded.person_id)) as unit:
            usecases.give_grant(unit, GiveGrant(organisation_id=founded.organisation_id, role="clerk",
                                                member_id=unit.books.members.by_codes(["M0"])["M0"].id))
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
    # everybody, and the new name in the grant of who was here
    assert len(said) == COUNT + 1 and all((s["position"], s["aggregate"]) == (None, s["stream"]) for s in said)
    for one in said:
        told = read(one["topic"], parse(one["state"]))
        assert (told.subject, told.version, told.acted_at) == (one["subject"], one["version"], one["at"])
        if one["stream"] == "roster.member":
            assert (told.name, told.joined_on, told.version) == tuple(stands[told.member_id][c] for c in ("name", "joined_on", "version"))


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


@pytest.mark.parametrize("room", BOTH[1:], indirect=True)
def test_a_stroke_and_a_sync_that_change_one_member_wait_for_each_other_and_never_for_ever(room):
    """Both hold the roster before they hold a member: the sync, which holds it, gets the row, and the sheet is looked at again."""
    lines = (SheetLine(row=2, cells=("M0", "演甲", "党员", "V", "支委", "2010-07-01")),)
    with writing(room) as unit:
        usecases.stage_lines(unit, StageLines(sheet_id="s6", kind="members", columns=COLUMNS, piece=0, lines=lines))
        assert usecases.check_sheet(unit, CheckSheet(sheet_id="s6")).changed == 1

    def stroke():
        with pytest.raises(Stale), writing(room) as unit:
            usecases.write_sheet(unit, WriteSheet(sheet_id="s6"))
        return "stale"

    with eventlet.Timeout(60), writing(room) as unit:
        unit.books.organisations.root(hold=True)
        under_way = eventlet.spawn(stroke)
        while not unit.sql.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            eventlet.sleep(0.01)
        assert usecases.sync_members(unit, SyncMembers(rows=member_rows(("M0", "演后名", "V")))).changed == 1
    assert under_way.wait() == "stale"


def test_what_was_said_at_a_version_is_found_by_it_and_no_other_version_is_read(room):
    with writing(room) as unit:
        usecases.sync_members(unit, SyncMembers(rows=member_rows(*((f"H{n}", "演史", "V") for n in range(3)))))
        ids = [m.id for m in unit.books.members.by_codes(["H0", "H1", "H2"]).values()]
    with writing(room) as unit:
        usecases.sync_members(unit, SyncMembers(rows=member_rows(("H1", "演史新", "V"))))
    with units.reading(*room) as unit:
        read = []
        event.listen(unit.sql, "before_cursor_execute", lambda c, cursor, statement, *more: read.append(statement))
        unit.sql.execute(text("SELECT 1"))
        read.clear()
        found = unit.books.sheets.told("roster.member", {ids[0]: 1, ids[1]: 2, ids[2]: 2})
    assert sorted((id_, topic) for id_, topic, _ in found) == sorted([
        (ids[0], "roster.member.registered.v1"), (ids[1], "roster.member.changed.v1")])
    assert len(read) == 1 and "version) IN" in read[0].replace("history.", "")


def test_a_sync_asks_once_who_may_write_however_many_places_it_names(room):
    villages = [(f"K{n}", f"第{n}村党支部", "党支部", "C") for n in range(12)]
    with writing(room) as unit:
        usecases.sync_organisations(unit, SyncOrganisations(rows=organisation_rows(*villages)))
    asked = []
    for count in (2, 12):
        with units.writing(*room, operation_of(SyncMembers)) as unit:
            read = []
            event.listen(unit.sql, "before_cursor_execute", lambda c, cursor, statement, *more, read=read: read.append(statement))
            told = usecases.sync_members(unit, SyncMembers(rows=member_rows(*((f"K{count}-{n}", "演多", f"K{n}") for n in range(count)))))
            asked.append(sum("SELECT directory_" in statement for statement in read))
        assert told.new == count
    assert asked[0] == asked[1]
