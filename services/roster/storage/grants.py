"""Every grant there ever was, and the persons who act here without being members."""
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, Index, Integer, Table, Text, and_, insert, not_, select, union, update

from services.roster.domain.grant import DECIDING, Grant, Person
from services.roster.storage.book import Book, chunks, metadata, row_of
from services.roster.storage.places import assignments
from services.roster.storage.positions import held, positions
from wire import directory
from wire.bus import prepared
from wire.bus.tables import add, history
from wire.contracts.actor import Role
from wire.contracts.roster import GrantGiven

persons = Table(
    "person", metadata, Column("id", Text, primary_key=True), Column("name", Text, nullable=False), Column("member_id", Text, nullable=False))

grants = Table(
    "held_grant", metadata,
    Column("id", Text, primary_key=True), Column("person_id", Text, nullable=False), Column("person_name", Text, nullable=False),
    Column("member_id", Text, nullable=False), Column("role", Text, nullable=False), Column("organisation_id", Text, nullable=False),
    Column("state", Text, nullable=False), Column("position_id", Text, nullable=False),
    Column("version", Integer, nullable=False))
Index("held_grant_place", grants.c.organisation_id)
#: in force, or waiting to be
_stands = grants.c.state != "ended"
#: what decides and is not confirmed yet does not work (X45)
waiting = and_(grants.c.state == "given", grants.c.role.in_(DECIDING))
works = and_(_stands, not_(waiting))
Index("held_grant_once", grants.c.person_id, grants.c.role, grants.c.organisation_id, grants.c.position_id, unique=True,
      postgresql_where=_stands, sqlite_where=_stands)


class GrantBook(Book):
    """Every grant there ever was."""

    def __init__(self, sql: Connection):
        super().__init__(sql, Grant, grants, directory.grants)

    def held_by(self, person_ids: Iterable[str]) -> list[Grant]:
        """The grants these persons hold now, those that wait for confirmation, too, by id."""
        return self._in(grants.c.person_id, person_ids, _stands)

    def roles_of(self, person_id: str) -> set[str]:
        """The roles this person ever had."""
        return set(self._sql.scalars(select(grants.c.role).where(grants.c.person_id == person_id).distinct()))

    def over(self, organisation_id: str) -> list[Grant]:
        """Every grant that is held over this very organisation now, by id."""
        return self._all(select(grants).where(grants.c.organisation_id == organisation_id, _stands).order_by(grants.c.id))

    def given_at(self, ids: Iterable[str]) -> list[datetime]:
        """When these were given."""
        wanted = sorted(set(ids))
        return list(self._sql.scalars(select(history.c.at).where(
            history.c.aggregate_id.in_(wanted), history.c.aggregate == GrantGiven.stream, history.c.version == 1))) if wanted else []

    def holders(self, organisation_id: str, role: str) -> list[Grant]:
        """Whose grant of this role over this very organisation works now."""
        return self._all(select(grants).where(grants.c.organisation_id == organisation_id, grants.c.role == role, works)
                         .order_by(grants.c.id))


class PersonBook:
    """Persons who act here without being members."""

    def __init__(self, sql: Connection):
        self._sql = sql

    def get(self, id: str) -> Person | None:
        found = self._sql.execute(select(persons).where(persons.c.id == id)).mappings().first()
        return None if found is None else Person(**found)

    def acting(self, names: Iterable[str]) -> list[tuple[Person, str]]:
        """Who of these names is no member and holds a grant or a position or looks after something, each with every organisation
        where; another system is nobody's namesake."""
        somewhere = union(
            select(grants.c.person_id, grants.c.organisation_id).where(_stands, grants.c.role != Role.SYSTEM),
            select(positions.c.person_id, positions.c.organisation_id).where(held),
            select(assignments.c.person_id, assignments.c.organisation_id).where(assignments.c.until.is_(None))).subquery()
        query = select(persons, somewhere.c.organisation_id).join(somewhere, somewhere.c.person_id == persons.c.id)
        return [(Person(id=row.id, name=row.name, member_id=""), row.organisation_id) for some in chunks(sorted(set(names)))
                for row in self._sql.execute(query.where(persons.c.name.in_(some), persons.c.member_id == "").order_by(
                    persons.c.id, somewhere.c.organisation_id))]

    def add(self, person: Person) -> None:
        self._sql.execute(insert(persons), [row_of(persons, person)])

    def prepare(self, batch: str, some: Sequence[Person]) -> None:
        """Put these new ones aside for the unit that releases the batch."""
        prepared.keep(self._sql, batch, 0, persons.name, [row_of(persons, person) for person in some])

    def release(self, batch: str) -> None:
        """Enter what was prepared."""
        add(self._sql, persons, [row for piece in prepared.kept(self._sql, batch, persons.name) for row in piece])

    def link(self, id: str, member_id: str) -> None:
        """From now on this person is that member."""
        self._sql.execute(update(persons).where(persons.c.id == id).values(member_id=member_id))
