"""When an organisation's next election 换届 is due: its term by policy, an extension 延期 with its reason (A19)."""
from dataclasses import dataclass
from datetime import date

from services.roster.domain.organisation import Organisation
from services.roster.domain.policy import TermPolicy
from services.roster.domain.refusals import Incomplete

OVERDUE, DUE, UNKNOWN, RUNNING = "overdue", "due", "unknown", "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """``days`` until it is due, below zero once it is over; where no date is known nothing can be counted."""

    organisation: Organisation
    state: str
    due_on: date | None = None
    days: int = 0


def years_of(policy: TermPolicy, organisation: Organisation) -> int:
    """Its term in years; 0 where nobody is elected (党组, 党小组)."""
    if organisation.kind in ("branch", "general_branch") and organisation.sector in policy.long_sectors:
        return policy.village_years
    return {"county_committee": policy.county_years, "committee": policy.committee_years, "general_branch": policy.branch_years,
            "branch": policy.branch_years}.get(organisation.kind, 0)


def term_ends(policy: TermPolicy, organisation: Organisation) -> date | None:
    """The day its term is over by policy, counted from the last election, else from the founding; None where neither is known."""
    began = organisation.re_elected_on or organisation.founded_on
    years = years_of(policy, organisation)
    return months_after(began, 12 * years) if began and years else None


def election(policy: TermPolicy, organisation: Organisation, today: date, within: int) -> Election | None:
    """How it stands with its next election; None for what elects nobody.  On the very day it is due, not yet overdue."""
    if not organisation.active or not years_of(policy, organisation):
        return None
    ends = term_ends(policy, organisation)
    if ends is None:
        return Election(organisation=organisation, state=UNKNOWN)
    due_on = max(ends, organisation.extended_until or ends)
    days = (due_on - today).days
    state = OVERDUE if days < 0 else DUE if days <= within else RUNNING
    return Election(organisation=organisation, state=state, due_on=due_on, days=days)


def extended(policy: TermPolicy, organisation: Organisation, until: date, because: str) -> Organisation:
    """Its term goes on until that day.  Refuses a day within the term, and one beyond what the policy lets extend."""
    ends = term_ends(policy, organisation)
    if ends is None:
        raise Incomplete("until", "这个党组织没有届期，或还没有填写成立、换届日期，不能延期；请先补填日期。")
    latest = months_after(ends, policy.extension_months)
    if not ends < until <= latest:
        raise Incomplete("until", f"本届到 {ends} 届满，最多延期 {policy.extension_months} 个月，请填 {latest} 以前、届满以后的日期。")
    return organisation.told_again(extended_until=until, extension_reason=because)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; where the month has no such day, its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)
