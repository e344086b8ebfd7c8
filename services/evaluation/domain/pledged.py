"""A published pledge as evaluation knows it: a copy of what the pledge service said last."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from services.evaluation.domain.outcomes import Promise

PUBLIC = ("published", "evaluated", "settled")


@dataclass(frozen=True)
class Matter:
    """One promised item."""

    item_id: str
    matter: str
    deadline_on: date | None
    state: str
    progress: int
    fulfilled_at: datetime | None


@dataclass(frozen=True)
class Pledged:
    """``member_id`` empty: the organisation's own pledge."""

    pledge_id: str
    organisation_id: str
    member_id: str
    pledgor_name: str
    year: int
    commitment: str
    state: str
    items: tuple[Matter, ...]

    def promises(self, day_of: Callable[[datetime], date]) -> list[Promise]:
        """The items as they are judged; what was pledged as able 力所能及 has no deadline that counts (A6)."""
        return [Promise(i.item_id, None if self.commitment == "as_able" else i.deadline_on,
                        day_of(i.fulfilled_at) if i.state == "fulfilled" and i.fulfilled_at else None) for i in self.items]
