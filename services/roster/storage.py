"""Tables and books of the roster: organisations, members, persons, grants.

Rule kept here: whatever a book writes about organisations, members and grants goes into the directory of this database
in the same transaction.  So the roster asks the same directory as every other service who may do what, sees an ended
grant at once, and has no second way of deciding.
"""
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column, Connection, Date, Index, Integer, MetaData, Table, Text, insert, select,
)

from services.roster.domain.grant import Grant, Person
from services.roster.domain.member import Member
from services.roster.domain.organisation import Organisation
from wire import directory
from wire.bus.tables import INSERTS, upsert
from wire.contracts.calls import Stale


#: how many values one "in" takes; SQLite allows 32,766
CHUNK = 5000
EPOCH = 1
CHANGED_MEANWHILE = "刚才有人改过同一批数据，请刷新后重新提交。"

#: ``path``, ``sort_key`` and ``initials`` compare by bytes: the migration says so
metadata = MetaData()

organisations = Table(
    "organisation", metadata,
    Column("id", Text, primary_key=True), Column("code", Text, nullable=False, unique=True), Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False), Column("sector", Text, nullable=False), Column("parent_id", Text),
    Column("path", Text, nullable=False), Column("founded_on", Date), Column("re_elected_on", Date),
    Column("state", Text, nullable=False), Column("version", Integer, nullable=False))
Index("organisation_path", organisations.c.path)
_rootless = organisations.c.parent_id.is_(None)
Index("organisation_one_root", organisations.c.kind, unique=True, postgresql_where=_rootless, sqlite_where=_rootless)

members = Table(
    "member", metadata,
    Column("id", Text, primary_key=True), Column("code", Text, nullable=False, unique=True), Column("name", Text, nullable=False),
    Column("sort_key", Text, nullable=False), Column("initials", Text, nullable=False), Column("kind", Text, nullable=False),
    Column("organisation_id", Text, nullable=False), Column("post", Text, nullable=False), Column("post_kind", Text, nullable=False),
    Column("joined_on", Date), Column("state", Text, nullable=False), Column("version", Integer, nullable=False))
Index("member_place", members.c.organisation_id, members.c.sort_key)
Index("member_order", members.c.sort_key, members.c.id)

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


class Book:
    """What the three books have in common: one table, and its copy in the directory."""

    def __init__(self, sql: Connection, cls: type, table: Table, copy: Table):
        self._sql, self._cls, self._table, self._copy = sql, cls, table, copy

    def get(self, id: str) -> Any:
        """The one with this id, or None."""
        found = self._all(select(self._table).where(self._table.c.id == id))
        return found[0] if found else None

    def get_many(self, ids: Iterable[str]) -> list[Any]:
        """Those of these ids that exist, by id."""
        return self._in(self._table.c.id, ids)

    def add_many(self, things: Sequence[Any]) -> None:
        """Enter new ones."""
        if things:
            self._sql.execute(insert(self._table), [_row(self._table, thing) for thing in things])
            self._tell(things)

    def save_many(self, things: Sequence[Any]) -> None:
        """Replace these by their next version.  Raises Stale when one of them was changed meanwhile."""
        standing = {thing.id: thing.version - 1 for thing in things}
        for chunk in _chunks(sorted(standing)):
            query = select(self._table.c.id, self._table.c.version).where(self._table.c.id.in_(chunk))
            found = {row.id: row.version for row in self._sql.execute(query.order_by(self._table.c.id).with_for_update())}
            if any(found.get(id) != standing[id] for id in chunk):
                raise Stale(CHANGED_MEANWHILE)
        upsert(self._sql, self._table, ("id",), [_row(self._table, thing) for thing in things], guard=("version",))
        self._tell(things)

    def _tell(self, things: Sequence[Any]) -> None:
        # the roster never hears itself: its copy is always of this epoch, and restored together with it
        upsert(self._sql, self._copy, ("id",), [
            _row(self._copy, thing) | {"epoch": EPOCH, "lost": False} for thing in things], guard=("epoch", "version"))

    def _all(self, query: Any) -> list[Any]:
        return [self._cls(**row) for row in self._sql.execute(query).mappings()]

    def _in(self, column: Column, values: Iterable[str], *conditions: Any) -> list[Any]:
        found = []
        for chunk in _chunks(sorted(set(values))):
            found += self._all(select(self._table).where(column.in_(chunk), *conditions).order_by(self._table.c.id))
        return found


class OrganisationBook(Book):
    """Organisations, kept as one tree."""

    def __init__(self, sql: Connection):
        super().__init__(sql, Organisation, organisations, directory.organisations)

    def root(self, *, hold: bool = False) -> Organisation | None:
        """The county committee, or None on an empty system.  ``hold`` lets one transaction at a time change the roster."""
        query = select(organisations).where(_rootless)
        found = self._all(query.with_for_update() if hold else query)
        return found[0] if found else None

    def found(self, root: Organisation) -> bool:
        """Add the county committee; False where there is one, be it that another transaction added it this moment."""
        added: Any = INSERTS[self._sql.dialect.name](organisations).values(_row(organisations, root)).on_conflict_do_nothing()
        if self._sql.execute(added).rowcount != 1:
            return False
        self._tell([root])
        return True

    def tree(self) -> list[Organisation]:
        """All of them, parents before children."""
        return self._all(select(organisations).order_by(organisations.c.path))


class MemberBook(Book):
    """Members and whoever else takes part."""

    def __init__(self, sql: Connection):
        super().__init__(sql, Member, members, directory.members)

    def by_codes(self, codes: Iterable[str]) -> Mapping[str, Member]:
        """Those with these codes, by code."""
        return {member.code: member for member in self._in(members.c.code, codes)}


class GrantBook(Book):
    """Every grant there ever was."""

    def __init__(self, sql: Connection):
        super().__init__(sql, Grant, grants, directory.grants)

    def held_by(self, person_ids: Iterable[str]) -> list[Grant]:
        """The grants these persons hold now, by id."""
        return self._in(grants.c.person_id, person_ids, _given)

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
        self._sql.execute(insert(persons), [_row(persons, person)])


class Books:
    """The books of one transaction."""

    def __init__(self, sql: Connection):
        self.organisations = OrganisationBook(sql)
        self.members = MemberBook(sql)
        self.grants = GrantBook(sql)
        self.persons = PersonBook(sql)


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(values), CHUNK):
        yield values[start:start + CHUNK]


def _row(table: Table, thing: Any) -> dict[str, Any]:
    return {column.name: getattr(thing, column.name) for column in table.columns if hasattr(thing, column.name)}
