"""What stands beside the tree: systems 条线, new units, assignments to organisations, zones."""
from collections.abc import Iterable

from sqlalchemy import Column, Connection, Date, Index, Integer, Table, Text, func, select

from services.roster.domain.assignment import Assignment
from services.roster.domain.system import System
from services.roster.storage.book import metadata, texts
from services.roster.storage.kept import KeptBook
from services.roster.storage.organisations import organisations
from wire.bus.tables import Json


systems = Table(
    "system", metadata, Column("id", Text, primary_key=True), Column("name", Text, nullable=False, unique=True),
    *texts("organisation_id", "state"), Column("version", Integer, nullable=False))
workplaces = Table(
    "workplace", metadata, Column("id", Text, primary_key=True), *texts("name", "sector", "organisation_id"),
    Column("set_up_on", Date, nullable=False), Column("since", Date, nullable=False), *texts("covered_by"), Column("covered_on", Date),
    *texts("state", "closed_because"), Column("version", Integer, nullable=False))
Index("workplace_place", workplaces.c.organisation_id)
Index("workplace_cover", workplaces.c.covered_by)
assignments = Table(
    "assignment", metadata, Column("id", Text, primary_key=True),
    *texts("kind", "organisation_id", "person_id", "person_name", "member_id", "rank"), Column("since", Date, nullable=False),
    Column("until", Date), Column("version", Integer, nullable=False))
Index("assignment_place", assignments.c.organisation_id)
Index("assignment_person", assignments.c.person_id)
zones = Table(
    "zone", metadata, Column("id", Text, primary_key=True), *texts("organisation_id", "kind", "name", "place"),
    Column("since", Date, nullable=False), Column("until", Date), *texts("state"), Column("members", Json, nullable=False),
    Column("months", Json, nullable=False), Column("version", Integer, nullable=False))
Index("zone_place", zones.c.organisation_id)


class SystemBook(KeptBook):
    """Systems, by name."""

    def __init__(self, sql: Connection):
        super().__init__(sql, System, systems)

    def all(self) -> list[System]:
        return self._all(select(systems).order_by(systems.c.name))

    def used(self, id: str) -> int:
        """How many active organisations belong to it."""
        return self._sql.scalar(select(func.count()).where(organisations.c.system_id == id, organisations.c.state == "active")) or 0


class AssignmentBook(KeptBook):
    def __init__(self, sql: Connection):
        super().__init__(sql, Assignment, assignments)

    def standing_of(self, person_ids: Iterable[str]) -> list[Assignment]:
        """Of these persons, what goes on, by id."""
        return self._in(assignments.c.person_id, person_ids, assignments.c.until.is_(None))
