"""Positions 职务, held and ended."""
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Column, Connection, Date, Index, Integer, Table, Text, and_
from sqlalchemy.exc import IntegrityError

from services.roster.domain.position import OF_THE_HOUSE, SINGLE, Position
from services.roster.storage.book import CHANGED_MEANWHILE, metadata, row_of
from services.roster.storage.kept import KeptBook
from wire.bus import prepared
from wire.bus.tables import upsert
from wire.contracts.calls import Stale

positions = Table(
    "position", metadata,
    Column("id", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("organisation_id", "kind", "person_id", "person_name", "member_id")),
    Column("from_on", Date, nullable=False), Column("until_on", Date), Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False))
#: the columns that are days
DAYS = ("from_on", "until_on")
held = positions.c.state == "held"
Index("position_place", positions.c.organisation_id, positions.c.state)
Index("position_person", positions.c.person_id, positions.c.state)
_single = and_(held, positions.c.kind.in_(SINGLE))
Index("position_single", positions.c.organisation_id, positions.c.kind, unique=True, postgresql_where=_single, sqlite_where=_single)


class PositionBook(KeptBook):
    """Every position there ever was."""

    def __init__(self, sql: Connection):
        super().__init__(sql, Position, positions)

    @property
    def table(self) -> Table:
        return positions

    def prepare(self, batch: str, piece: int, things: Sequence[Position]) -> None:
        """Put these aside, new ones and next versions, for the unit that releases the batch; nobody sees them meanwhile."""
        prepared.keep(self._sql, batch, piece, positions.name, [
            row_of(positions, one) | {day: getattr(one, day) and getattr(one, day).isoformat() for day in DAYS} for one in things])

    def release(self, batch: str) -> list[Position]:
        """Enter what was prepared, and say what it is.  Raises Stale where a position is taken."""
        kept = [Position(**row | {day: date.fromisoformat(row[day]) if row[day] else None for day in DAYS})
                for piece in prepared.kept(self._sql, batch, positions.name) for row in piece]
        try:
            upsert(self._sql, positions, ("id",), [row_of(positions, one) for one in kept], guard=("version",))
        except IntegrityError:
            raise Stale(CHANGED_MEANWHILE) from None
        return kept

    def get_many(self, ids: Iterable[str]) -> list[Position]:
        """Those of these ids that exist, by id."""
        return self._in(positions.c.id, ids)

    def held_at(self, organisation_id: str) -> list[Position]:
        """Who holds what in this very organisation now, by id."""
        return self._in(positions.c.organisation_id, [organisation_id], held)

    def held_by(self, person_ids: Iterable[str]) -> list[Position]:
        """What these persons hold now, by id."""
        return self._in(positions.c.person_id, person_ids, held)

    def bound(self, member_ids: Iterable[str]) -> list[Position]:
        """What these members hold now on the committee of an organisation, by id."""
        return [one for one in self.held_by(member_ids) if one.member_id and one.kind in OF_THE_HOUSE]
