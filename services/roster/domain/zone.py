"""A zone: 党员责任区, 先锋岗, 示范岗, the place where pledges are carried out (K1), with its monthly 三无 record (K3)."""
from dataclasses import dataclass
from datetime import date

from services.roster.domain.refusals import Incomplete, Refusal
from services.roster.domain.versioned import Versioned

ACTIVE, ENDED = "active", "ended"
#: months a list of what is missing goes back
MISSING_LISTED = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneMember:
    """Who keeps the zone, with the name they had when they were named."""

    member_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneMonth:
    """三无 of one month, ``2026-03``: no accident around the member, no error at work, no own discipline breach."""

    month: str
    no_accident: bool
    no_error: bool
    no_breach: bool
    note: str = ""

    @property
    def clean(self) -> bool:
        return self.no_accident and self.no_error and self.no_breach


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone(Versioned):
    """``months`` in their order, each once."""

    id: str
    organisation_id: str
    kind: str
    name: str
    place: str
    since: date
    members: tuple[ZoneMember, ...]
    months: tuple[ZoneMonth, ...] = ()
    state: str = ACTIVE
    until: date | None = None

    @property
    def active(self) -> bool:
        return self.state == ACTIVE

    def record(self, month: ZoneMonth, today: date) -> "Zone":
        """A month's record, or its correction.

        Refuses a month before the zone was there or after it ended, one that has not begun, and an unclean one without a word
        about what happened.
        """
        first, last = month_of(self.since), month_of(self.until or today)
        if not first <= month.month <= last:
            raise Incomplete("month", f"只能登记 {first} 到 {last} 之间的月份，请重新选择。")
        if not month.clean and not month.note.strip():
            raise Incomplete("note", "有一项没有做到，请写明发生了什么。")
        others = [known for known in self.months if known.month != month.month]
        return self.told_again(months=tuple(sorted([*others, month], key=lambda one: one.month)))

    def end(self, on: date) -> "Zone":
        """No longer kept; its records stay.  A second end changes nothing."""
        return self if self.state == ENDED else self.told_again(state=ENDED, until=on)

    def missing(self, today: date) -> tuple[str, ...]:
        """The full months without a record, the latest first, at most two years back; the month under way is not missing yet."""
        there = {known.month for known in self.months}
        first, month = full_months(today)
        first, last, found = max(first, month_of(self.since)), month_of(self.until) if self.until else month, []
        while month >= first:
            if month <= last and month not in there:
                found.append(month)
            month = month_before(month)
        return tuple(found)


def full_months(today: date) -> tuple[str, str]:
    """The first and the last month that is looked at for a missing record: two years, without the month under way."""
    first = last = month_before(month_of(today))
    for _ in range(MISSING_LISTED - 1):
        first = month_before(first)
    return first, last


def month_of(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def month_before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - (number == 1):04d}-{number - 1 or 12:02d}"


class OwnZone(Refusal):
    """Nobody records about their own zone (X50)."""

    code, status = "own_zone", 403

    def __init__(self):
        super().__init__("您是这个责任区的党员，不能登记自己的情况；请由其他同志登记。")


class NoLongerKept(Refusal):
    code = "zone_ended"

    def __init__(self, name: str):
        super().__init__(f"“{name}”已经撤销，不能再修改；它的记录仍可查看。")
