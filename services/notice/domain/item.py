"""A promised item as the public sees it: its state in one word, and whether it is done, open, due or late.

A deadline ends at 24:00 county time, so on its day an item is still in time.  The same definitions as the ledger's: an
item counts by its verdict once there is one, what was carried over 续办 is not overdue.
"""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

PUBLIC = ("published", "evaluated", "settled")


@dataclass(frozen=True, slots=True)
class Item:
    """``counted``: whether its deadline counts; not for what was promised as able 力所能及 (A6)."""

    item_id: str
    matter: str
    responsible: str
    deadline_on: date | None
    state: str
    progress: int
    note: str
    verdict: str
    fulfilled_at: datetime | None = None
    counted: bool = True

    @property
    def done(self) -> bool:
        return self.verdict == "fulfilled" if self.verdict else self.state == "fulfilled"

    @property
    def waits_from(self) -> date | None:
        """The deadline after which it is overdue; None while nothing can be overdue about it."""
        return None if self.done or self.verdict == "carried" or not self.counted else self.deadline_on

    @property
    def long_running(self) -> bool:
        """长期: without a deadline that counts."""
        return not (self.deadline_on and self.counted)

    def plain(self) -> dict[str, Any]:
        """As it is kept on the board's row; ``items_of`` reads it again."""
        return {
            "item_id": self.item_id, "matter": self.matter, "responsible": self.responsible,
            "deadline_on": self.deadline_on.isoformat() if self.deadline_on else None, "state": self.state,
            "progress": self.progress, "note": self.note, "verdict": self.verdict,
            "fulfilled_at": self.fulfilled_at.isoformat() if self.fulfilled_at else None}

    def overdue_days(self, today: date) -> int:
        """Whole days since the deadline of an unfulfilled item; 0 when it is not overdue."""
        return max(0, (today - self.waits_from).days) if self.waits_from else 0

    def said(self, today: date, due_soon_days: int) -> tuple[str, str]:
        """The word and its tone: done, open, due or late."""
        late = self.overdue_days(today)
        if self.done:
            return "已兑现", "done"
        if late:
            return (f"待核验，已逾期 {late} 天" if self.state == "claimed" else f"逾期 {late} 天"), "late"
        if self.verdict == "unfulfilled":
            return "未兑现", "late"
        if self.verdict == "carried":
            return "续办", "open"
        if self.state == "claimed":
            return "待核验", "open"
        if self.waits_from is None:
            return "长期", "open"
        if (self.waits_from - today).days <= due_soon_days:
            return f"{due_soon_days} 天内到期", "due"
        return f"办理中 {self.progress}%", "open"


def items_of(kept: Iterable[Mapping[str, Any]], commitment: str) -> tuple[Item, ...]:
    """The items of a row, in their order."""
    return tuple(Item(**{
        **i, "deadline_on": date.fromisoformat(i["deadline_on"]) if i["deadline_on"] else None,
        "fulfilled_at": datetime.fromisoformat(i["fulfilled_at"]) if i["fulfilled_at"] else None,
        "counted": commitment != "as_able"}) for i in kept)


@dataclass(frozen=True)
class Figures:
    """Counts over the items of public pledges; due: whose deadline has passed, fulfilled or not."""

    items: int = 0
    due: int = 0
    long_running: int = 0
    fulfilled: int = 0
    overdue: int = 0

    @property
    def fulfilment(self) -> Fraction | None:
        """总兑现率: of all published, the share fulfilled, 0–100; None where nothing is published."""
        return Fraction(100 * self.fulfilled, self.items) if self.items else None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a board's row says about its items without opening them: ``deadlines`` of all that count, ``waiting`` of those
    that could become overdue."""

    items: int
    fulfilled: int
    deadlines: tuple[date, ...]
    waiting: tuple[date, ...]


def summary(items: Iterable[Item]) -> Summary:
    """The summary of one pledge, stored beside it so that a county is counted without reading every item."""
    items = tuple(items)
    return Summary(
        len(items), sum(i.done for i in items), tuple(sorted(i.deadline_on for i in items if i.deadline_on and not i.long_running)),
        tuple(sorted(i.waits_from for i in items if i.waits_from)))


def figures(summaries: Iterable[Summary], today: date) -> Figures:
    """Add up the pledges of a board as of ``today`` (county date)."""
    items = due = long_running = fulfilled = overdue = 0
    for one in summaries:
        items += one.items
        fulfilled += one.fulfilled
        due += sum(d < today for d in one.deadlines)
        long_running += one.items - len(one.deadlines)
        overdue += sum(d < today for d in one.waiting)
    return Figures(items, due, long_running, fulfilled, overdue)
