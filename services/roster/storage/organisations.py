"""Organisations, kept as one tree, and the systems 条线 beside it."""
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, Date, Index, Integer, Table, Text, func, insert, select, update

from services.roster.domain.organisation import Organisation
from services.roster.domain.system import System
from services.roster.names import initials
from services.roster.storage.book import CHANGED_MEANWHILE, Book, metadata, row_of
from wire import directory
from wire.bus.tables import INSERTS
from wire.contracts.calls import Stale

organisations = Table(
    "organisation", metadata,
    Column("id", Text, primary_key=True), Column("code", Text, nullable=False, unique=True), Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False), Column("sector", Text, nullable=False), Column("parent_id", Text),
    Column("path", Text, nullable=False), Column("initials", Text, nullable=False), Column("form", Text, nullable=False),
    Column("system_id", Text, nullable=False), Column("founded_on", Date), Column("re_elected_on", Date), Column("extended_until", Date),
    Column("extension_reason", Text, nullable=False), Column("state", Text, nullable=False), Column("merged_into", Text, nullable=False),
    Column("ended_on", Date), Column("ended_because", Text, nullable=False), Column("version", Integer, nullable=False))
Index("organisation_path", organisations.c.path)
Index("organisation_system", organisations.c.system_id)
_rootless = organisations.c.parent_id.is_(None)
Index("organisation_one_root", organisations.c.kind, unique=True, postgresql_where=_rootless, sqlite_where=_rootless)

systems = Table(
    "system", metadata, Column("id", Text, primary_key=True), Column("name", Text, nullable=False, unique=True),
    Column("organisation_id", Text, nullable=False), Column("state", Text, nullable=False), Column("version", Integer, nullable=False))


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
        added: Any = INSERTS[self._sql.dialect.name](organisations).values(self._row(root)).on_conflict_do_nothing()
        if self._sql.execute(added).rowcount != 1:
            return False
        self._tell([root])
        return True

    def by_codes_or_ids(self, codes: Iterable[str], ids: Iterable[str]) -> list[Organisation]:
        """Those with these codes or ids."""
        return list({o.id: o for o in [*self._in(organisations.c.code, codes), *self._in(organisations.c.id, ids)]}.values())

    def edition(self) -> str:
        """What changes whenever any organisation does."""
        count, versions = self._sql.execute(select(func.count(), func.coalesce(func.sum(organisations.c.version), 0))).one()
        return f"{count}-{versions}"

    def tree(self) -> list[Organisation]:
        """All of them, parents before children, ended ones too."""
        return self._all(select(organisations).order_by(organisations.c.path))

    def by_code(self, code: str) -> Organisation | None:
        """The one with this code, an ended one too."""
        found = self._all(select(organisations).where(organisations.c.code == code))
        return found[0] if found else None

    def _row(self, thing: Organisation) -> dict[str, Any]:
        return row_of(organisations, thing) | {"initials": initials(thing.name)}

    def _thing(self, row: dict[str, Any]) -> Organisation:
        del row["initials"]
        return Organisation(**row)


class SystemBook:
    """Systems, by name."""

    def __init__(self, sql: Connection):
        self._sql = sql

    def get(self, id: str) -> System | None:
        found = self._sql.execute(select(systems).where(systems.c.id == id)).mappings().first()
        return None if found is None else System(**found)

    def all(self) -> list[System]:
        return [System(**row) for row in self._sql.execute(select(systems).order_by(systems.c.name)).mappings()]

    def add(self, system: System) -> None:
        self._sql.execute(insert(systems), [row_of(systems, system)])

    def save(self, system: System) -> None:
        """Replace it by its next version.  Raises Stale when it was changed meanwhile."""
        done: Any = self._sql.execute(update(systems).where(systems.c.id == system.id, systems.c.version == system.version - 1)
                                      .values(row_of(systems, system)))
        if done.rowcount != 1:
            raise Stale(CHANGED_MEANWHILE)

    def used(self, id: str) -> int:
        """How many active organisations belong to it."""
        return self._sql.scalar(select(func.count()).where(organisations.c.system_id == id, organisations.c.state == "active")) or 0
