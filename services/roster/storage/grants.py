"""Every grant there ever was, and the persons who act here without being members."""
from collections.abc import Iterable

from sqlalchemy import Column, Connection, Index, Integer, Table, Text, insert, select

from services.roster.domain.grant import Grant, Person
from services.roster.storage.book import Book, metadata, row_of
from wire import directory

persons = Table("person", metadata, Column("id", Text, primary_key=True), Column("name", Text, nullable=False))

grants = Table(
    "held_grant", metadata,
    Column("id", Text, primary_key=True), Column("person_id", Text, nullable=False), Column("person_name", Text, nullable=False),
    Column("member_id", Text, nullable=False), Column("role", Text, nullable=False), Column("organisation_id", Text, nullable=False),
    Column("state", Text, nullable=False), Column("version", Integer, nullable=False))
Index("held_grant_place", grants.c.organisation_id)
_given = grants.c.state == "given"
Index("held_grant_once", grants.c.person_id, grants.c.role, grants.c.organisation_id, unique=True, postgresql_where=_given,
      sqlite_where=_given)


class GrantBook(Book):
    """Every grant there ever was."""

    def __init__(self, sql: Connection):
        super().__init__(sql, Grant, grants, directory.grants)

    def held_by(self, person_ids: Iterable[str]) -> list[Grant]:
        """The grants these persons hold now, by id."""
        return self._in(grants.c.person_id, person_ids, _given)

    def over(self, organisation_id: str) -> list[Grant]:
        """Every grant that is held over this very organisation now, by id."""
        return self._all(select(grants).where(grants.c.organisation_id == organisation_id, _given).order_by(grants.c.id))

    def holders(self, organisation_id: str, role: str) -> list[Grant]:
        """Who holds this role over this very organisation now."""
        return self._all(select(grants).where(grants.c.organisation_id == organisation_id, grants.c.role == role, _given)
                         .order_by(grants.c.id))


class PersonBook:
    """Persons who act here without being members."""

    def __init__(self, sql: Connection):
        self._sql = sql

    def get(self, id: str) -> Person | None:
        found = self._sql.execute(select(persons).where(persons.c.id == id)).mappings().first()
        return None if found is None else Person(**found)

    def add(self, person: Person) -> None:
        self._sql.execute(insert(persons), [row_of(persons, person)])
