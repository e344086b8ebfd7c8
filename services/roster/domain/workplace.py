"""A new unit 新单位 (an enterprise, a village, an office) and which organisation covers it, within the policy's months (A17)."""
from dataclasses import dataclass
from datetime import date, timedelta

from services.roster.domain.refusals import Incomplete
from services.roster.domain.term import months_after
from services.roster.domain.versioned import Versioned

COVERED, WAITING, OVERDUE, CLOSED = "covered", "waiting", "overdue", "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace(Versioned):
    """``organisation_id`` is to see to it; ``covered_by`` is the organisation that covers it, its own or a joint one, "" for none.

    ``since``: the day from which the months count: set up, or uncovered again when what covered it ended.
    """

    id: str
    name: str
    sector: str
    organisation_id: str
    set_up_on: date
    since: date
    covered_by: str = ""
    covered_on: date | None = None
    state: str = "open"
    closed_because: str = ""

    def cover(self, by: str, on: date) -> "Workplace":
        """An organisation covers it from that day.  Refuses a day before it was there."""
        if on < self.set_up_on:
            raise Incomplete("covered_on", f"这个单位 {self.set_up_on} 才设立，组建日期不能更早，请核对。")
        return self.told_again(covered_by=by, covered_on=on)

    def uncovered(self, on: date) -> "Workplace":
        """What covered it ended that day: the months begin anew."""
        return self.told_again(covered_by="", covered_on=None, since=on)

    def due_on(self, months: int) -> date:
        return months_after(self.since, months)

    def standing(self, months: int, today: date) -> str:
        """Covered, waiting, overdue (from the day after the months are over), or closed."""
        if self.state == CLOSED:
            return CLOSED
        if self.covered_by:
            return COVERED
        return OVERDUE if today > self.due_on(months) else WAITING


def latest_overdue(today: date, months: int) -> date:
    """The latest day from which so many months are over by today: what waits since that day or longer is overdue."""
    day = months_after(today - timedelta(days=1), -months)
    while months_after(day + timedelta(days=1), months) < today:
        day += timedelta(days=1)
    return day
