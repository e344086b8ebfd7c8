"""How much of what was promised is done: 到期兑现率, on time, 总兑现率 and what is overdue.

All from the items of public pledges.  An item is due once the day of its deadline is over in the county; a long-running
one, and one promised as able 力所能及, has no deadline and stays out of the due figures.  Where there is nothing to
divide by the rate is None, neither 0 nor 100.  Rates are exact; they are rounded where they are shown.
"""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from services.pledge.domain.item import Item
from services.pledge.domain.pledge import PUBLIC, Pledge


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts of items, and the rates made of them."""

    items: int = 0
    due: int = 0
    fulfilled: int = 0
    due_fulfilled: int = 0
    due_on_time: int = 0
    overdue: int = 0
    long_running: int = 0

    @property
    def due_fulfilment(self) -> Fraction | None:
        """到期兑现率: of the items due by now, the share fulfilled; 0–100.  Used for comparison."""
        return rate(self.due_fulfilled, self.due)

    @property
    def on_time(self) -> Fraction | None:
        """Of the same items, the share fulfilled by their deadline; 0–100."""
        return rate(self.due_on_time, self.due)

    @property
    def total_fulfilment(self) -> Fraction | None:
        """总兑现率: of all published items, the share fulfilled; 0–100."""
        return rate(self.fulfilled, self.items)


def rate(part: int, whole: int) -> Fraction | None:
    """Per cent, exact; None where there is nothing to divide by."""
    return Fraction(100 * part, whole) if whole else None


def shown(exact: Fraction | None) -> Decimal | None:
    """The rate as it is shown: two places, half up, never twice rounded."""
    if exact is None:
        return None
    units, rest = divmod(exact.numerator * 100, exact.denominator)
    return Decimal(units + (2 * rest >= exact.denominator)).scaleb(-2)


def figures(pledges: Iterable[Pledge], today: date) -> Figures:
    """Count the items of the public pledges among ``pledges`` as of ``today`` (county date)."""
    items = due = fulfilled = due_fulfilled = on_time = overdue = long_running = 0
    for pledge in pledges:
        if pledge.state not in PUBLIC:
            continue
        for item in pledge.items:
            deadline, done = counted_deadline(pledge, item), item.counts_as_fulfilled
            items += 1
            fulfilled += done
            long_running += deadline is None
            overdue += overdue_days(pledge, item, today) > 0
            if deadline is not None and deadline < today:
                due += 1
                due_fulfilled += done
                on_time += done and item.fulfilled_on is not None and item.fulfilled_on <= deadline
    return Figures(items=items, due=due, fulfilled=fulfilled, due_fulfilled=due_fulfilled, due_on_time=on_time,
                   overdue=overdue, long_running=long_running)


def counted_deadline(pledge: Pledge, item: Item) -> date | None:
    """The deadline that counts: none for what was promised as able."""
    return None if pledge.commitment == "as_able" else item.deadline_on


def overdue_days(pledge: Pledge, item: Item, today: date) -> int:
    """Days since the deadline of a public pledge's unfulfilled item; 0 when it is not overdue.

    What an evaluation carried over 续办 waits for its new deadline and is not overdue.
    """
    deadline = counted_deadline(pledge, item)
    if pledge.state not in PUBLIC or deadline is None or item.counts_as_fulfilled or item.verdict == "carried":
        return 0
    return max(0, (today - deadline).days)
