"""What becomes of each promised item at the end, and how many of those due were kept (到期兑现率)."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True)
class Promise:
    """An item as evaluation needs it.  ``fulfilled_on``: the county's date of 销号, None while it is open."""

    item_id: str
    deadline_on: date | None
    fulfilled_on: date | None

    @property
    def in_time(self) -> bool:
        """Fulfilled by its deadline."""
        return bool(self.fulfilled_on and self.deadline_on and self.fulfilled_on <= self.deadline_on)

    def due(self, today: date) -> bool:
        """A deadline ends at 24:00: on the day itself an item is not due yet.  Without a deadline it never is."""
        return self.deadline_on is not None and self.deadline_on < today


def verdict(promise: Promise, today: date) -> str:
    """fulfilled 已兑现; unfulfilled 未兑现 if its deadline has passed; else carried 续办."""
    if promise.fulfilled_on is not None:
        return "fulfilled"
    return "unfulfilled" if promise.due(today) else "carried"


def due_fulfilment(promises: Iterable[Promise], today: date) -> Fraction | None:
    """Of the items due by today, the share fulfilled, 0–100; None where nothing is due: neither 0 nor 100."""
    return _share([p.fulfilled_on is not None for p in promises if p.due(today)])


def on_time(promises: Iterable[Promise], today: date) -> Fraction | None:
    """Of the items due by today, the share fulfilled by their deadline, 0–100; None where nothing is due."""
    return _share([p.in_time for p in promises if p.due(today)])


def _share(kept: list[bool]) -> Fraction | None:
    return Fraction(100 * sum(kept), len(kept)) if kept else None
