"""Which version of which policy is in force where: the roster's book, in the very table every other service keeps a copy of."""
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, RowMapping, select

from services.roster.storage.book import EPOCH
from services.roster.storage.organisations import organisations
from wire.contracts.roster import PolicyAdopted
from wire.directory import under
from wire.policy import adoptions
from wire.policy.in_force import holds, latest, write

__all__ = ["AdoptionBook", "adoptions", "latest"]


class AdoptionBook:
    """Every adoption there ever was; none ever changes."""

    def __init__(self, sql: Connection):
        self._sql = sql

    def of(self, document: str, organisation_id: str) -> Sequence[RowMapping]:
        """The adoptions of a document for this very organisation, in the order they were decided."""
        return self._sql.execute(select(adoptions).where(
            adoptions.c.document == document, adoptions.c.organisation_id == organisation_id).order_by(adoptions.c.number)).mappings().all()

    def standing(self, document: str, organisation_id: str, on: date) -> RowMapping | None:
        """The one of them that holds on that day."""
        return latest(self.of(document, organisation_id), on)

    def held(self, document: str, hash_: str) -> bool:
        """Whether the content may be adopted as far as the roster can see: of its own documents it must have it."""
        return not document.startswith("roster.") or holds(self._sql, document, hash_)

    def places(self, document: str, path: str) -> dict[str, str]:
        """The organisations at or below a path that ever had one of their own: id and path."""
        return dict(self._sql.execute(select(organisations.c.id, organisations.c.path).distinct().select_from(
            adoptions.join(organisations, organisations.c.id == adoptions.c.organisation_id)).where(
            adoptions.c.document == document, under(organisations.c.path, path))).all())

    def add(self, adopted: PolicyAdopted) -> None:
        """Enter a new one."""
        write(self._sql, "roster", [(EPOCH, adopted)])
