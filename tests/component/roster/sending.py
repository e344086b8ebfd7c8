"""A founded county whose office sends whole spreadsheets to the roster's doors."""
from sqlalchemy import select

from services.roster.storage.members import members
from tests.fakes_roster import office
from wire import directory
from wire.bus.tables import history, outbox
from wire.contracts.actor import Actor
from wire.contracts.roster import (
    CheckSheet, FoundCounty, ListMembers, ListOrganisations, ListSheetFaults, SheetLine, StageLines, UndoSheet, WriteSheet,
)

MEMBERS = ("code", "name", "kind", "organisation_code", "joined_on")
ORGANISATIONS = ("code", "name", "kind", "sector", "parent_code")
TREE = [("T", "石桥镇党委", "党委", "农村", "C"), ("V", "柳溪村党支部", "党支部", "农村", "T"), ("W", "松坡村党支部", "党支部", "农村", "T")]


class Roster:
    """A founded county, and its office sending sheets."""

    def __init__(self, running):
        self.house = running
        made = running.call(Actor(kind="invitation"), FoundCounty(code="C", name="云岭县委", person_name="县办一"))
        self.root, self.office = made.organisation_id, office(made.organisation_id, made.grant_id, made.person_id)

    def call(self, request, **more):
        return self.house.call(self.office, request, **more)

    def stage(self, sheet_id, kind, rows, *, piece=1000, columns=None):
        columns = columns or (MEMBERS if kind == "members" else ORGANISATIONS)
        lines = [SheetLine(row=n, cells=tuple(row)) for n, row in enumerate(rows, 2)]
        for number, start in enumerate(range(0, len(lines), piece)):
            self.call(StageLines(sheet_id=sheet_id, kind=kind, columns=columns, piece=number, lines=tuple(lines[start:start + piece])))
        return self.call(CheckSheet(sheet_id=sheet_id))

    def written(self, sheet_id, kind, rows, **more):
        self.stage(sheet_id, kind, rows, **more)
        return self.call(WriteSheet(sheet_id=sheet_id))

    def undone(self, sheet_id):
        told = self.call(UndoSheet(sheet_id=sheet_id))
        while told.next:
            told = self.call(UndoSheet(sheet_id=sheet_id, after=told.next))
        return told if told.done or told.obstacles else self.call(UndoSheet(sheet_id=sheet_id, after=told.prepared))

    def members(self):
        return {m.code: m for m in self.call(ListMembers(organisation_id=self.root, limit=500)).members}

    def organisations(self):
        return {o.code: o for o in self.call(ListOrganisations(organisation_id=self.root, state="", limit=500)).organisations}

    def faults(self, sheet_id):
        return [(f.row, f.column, f.value) for f in self.call(ListSheetFaults(sheet_id=sheet_id)).faults]

    def announced(self):
        with self.house.reading("roster") as unit:
            return unit.sql.execute(select(outbox.c.topic, history.c.state).join_from(
                outbox, history, history.c.seq == outbox.c.seq).order_by(outbox.c.seq)).all()

    def everything(self):
        with self.house.reading("roster") as unit:
            return [unit.sql.execute(select(table).order_by(table.c.id)).all() for table in (
                members, directory.organisations, directory.members, directory.grants)]


def people(count, place="V"):
    return [(f"M{n:04d}", "演" + "一二三四五六七八九十"[n % 10], "正式党员", place, "2010-07-01") for n in range(count)]
