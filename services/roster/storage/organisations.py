"""Organisations, kept as one tree."""
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, Date, Index, Integer, Table, Text, func, select

from services.roster.domain.organisation import Organisation
from services.roster.names import initials
from services.roster.storage.book import Book, metadata, row_of
from wire import directory
from wire.bus.tables import INSERTS
from wire.directory import under

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

    def below(self, path: str) -> list[Organisation]:
        """Those at or below a path, parents before children, ended ones too."""
        return self._all(select(organisations).where(under(organisations.c.path, path)).order_by(organisations.c.path))

    def by_code(self, code: str) -> Organisation | None:
        """The one with this code, an ended one too."""
        found = self._all(select(organisations).where(organisations.c.code == code))
        return found[0] if found else None

    def _row(self, thing: Organisation) -> dict[str, Any]:
        return row_of(organisations, thing) | {"initials": initials(thing.name)}

    def _values(self, thing: Organisation) -> tuple[Any, ...]:
        row = self._row(thing)
        return tuple(row[column.name] for column in organisations.columns)

    def _thing(self, row: dict[str, Any]) -> Organisation:
        del row["initials"]
        return Organisation(**row)
