"""A book of things with versions that no directory copies: systems, new units, assignments, zones, positions, representatives."""
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from services.roster.storage.book import CHANGED_MEANWHILE, Shelf
from services.roster.storage.organisations import organisations
from wire.contracts.calls import Stale
from wire.directory import under


class KeptBook(Shelf):
    """What an organisation has beside it."""

    def at(self, organisation_id: str) -> list[Any]:
        """Those of this very organisation, by id."""
        return self._all(select(self._table).where(self._table.c.organisation_id == organisation_id).order_by(self._table.c.id))

    def at_any(self, organisation_ids: Iterable[str]) -> list[Any]:
        """Those of these very organisations, by id."""
        return self._in(self._table.c.organisation_id, organisation_ids)

    def below(self, path: str) -> list[Any]:
        """Those of the organisations at or below a path, in tree order."""
        joined = self._table.join(organisations, organisations.c.id == self._table.c.organisation_id)
        return self._all(select(self._table).select_from(joined).where(under(organisations.c.path, path))
                         .order_by(organisations.c.path, self._table.c.id))

    def add(self, thing: Any) -> None:
        self._sql.execute(insert(self._table), [self._row(thing)])

    def save(self, things: Sequence[Any]) -> None:
        """Replace these by their next version.  Raises Stale when one of them was changed meanwhile."""
        for thing in things:
            done: Any = self._sql.execute(update(self._table).where(
                self._table.c.id == thing.id, self._table.c.version == thing.version - 1).values(self._row(thing)))
            if done.rowcount != 1:
                raise Stale(CHANGED_MEANWHILE)
