"""Positions 职务, held and ended."""
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, Date, Index, Integer, Table, Text, and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.roster.domain.position import OF_THE_HOUSE, SINGLE, Position
from services.roster.storage.book import CHANGED_MEANWHILE, chunks, metadata, row_of
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


class PositionBook:
    """Every position there ever was."""

    def __init__(self, sql: Connection):
        self._sql = sql

    def get(self, id: str) -> Position | None:
        found = self._all(positions.c.id == id)
        return found[0] if found else None

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
        return [one for some in chunks(sorted(set(ids))) for one in self._all(positions.c.id.in_(some))]

    def ever_at(self, organisation_ids: Iterable[str]) -> list[Position]:
        """Every position there ever was in these organisations, by id."""
        return [one for some in chunks(sorted(set(organisation_ids))) for one in self._all(positions.c.organisation_id.in_(some))]

    def add(self, position: Position) -> None:
        self._sql.execute(insert(positions), [row_of(positions, position)])

    def save_many(self, changed: Sequence[Position]) -> None:
        """Replace these by their next version.  Raises Stale when one of them was changed meanwhile."""
        for position in changed:
            done = self._sql.execute(update(positions).where(
                positions.c.id == position.id, positions.c.version == position.version - 1).values(row_of(positions, position)))
            if done.rowcount != 1:
                raise Stale(CHANGED_MEANWHILE)

    def held_at(self, organisation_id: str) -> list[Position]:
        """Who holds what in this very organisation now, by id."""
        return self._all(held, positions.c.organisation_id == organisation_id)

    def held_by(self, person_ids: Iterable[str]) -> list[Position]:
        """What these persons hold now, by id."""
        return [one for some in chunks(sorted(set(person_ids))) for one in self._all(held, positions.c.person_id.in_(some))]

    def bound(self, member_ids: Iterable[str]) -> list[Position]:
        """What these members hold now on the committee of an organisation, by id."""
        return [one for one in self.held_by(member_ids) if one.member_id and one.kind in OF_THE_HOUSE]

    def _all(self, *where: Any) -> list[Position]:
        query = select(positions).where(*where).order_by(positions.c.id)
        return [Position(**row) for row in self._sql.execute(query).mappings()]
