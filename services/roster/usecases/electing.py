"""Elections 换届: what is overdue or due, an election held, a term extended (A19)."""
from collections.abc import Sequence

from services.roster.domain import term
from services.roster.domain.organisation import Organisation
from services.roster.domain.policy import TermPolicy
from services.roster.domain.refusals import Incomplete
from services.roster.usecases.finding import day
from services.roster.usecases.policy_parts import at, parts_of
from services.roster.usecases.shaping import seen, standing
from services.roster.usecases.telling import announce_organisation, organisation_view
from wire.contracts.ports import Unit
from wire.contracts.roster import ElectionLine, ElectionPage, ExtendTerm, ListElections, OrganisationView, RecordElection

#: the longest overdue first; what cannot be counted last
ORDER = {term.OVERDUE: 0, term.DUE: 1, term.UNKNOWN: 2}


def list_elections(unit: Unit, request: ListElections) -> ElectionPage:
    """What at or below an organisation is overdue, due within so many days, or has no date to count from."""
    unit.permit(request.organisation_id)
    above = seen(unit, request.organisation_id)
    parts = parts_of(unit, TermPolicy, above)
    found = []
    for one in unit.books.organisations.below(above.path):
        if one.active:
            own: TermPolicy = at(parts, one.path)
            election = term.election(own, one, unit.today, request.within_days or own.due_within_days)
            if election is not None and election.state != term.RUNNING:
                found.append(election)
    found.sort(key=lambda e: (ORDER[e.state], e.days, e.organisation.path))
    shown = [e for e in found if request.state in ("", e.state)]
    lines, following = _page(shown, request.after, request.limit)
    count = {state: sum(e.state == state for e in found) for state in ORDER}
    return ElectionPage(lines=tuple(map(_line, lines)), overdue=count[term.OVERDUE], due=count[term.DUE], unknown=count[term.UNKNOWN],
                        policy_version=parts[-1][1].version, next=following)


def record_election(unit: Unit, request: RecordElection) -> OrganisationView:
    """A new term begins.  Refuses the future, and a day before the last election; the same day again changes nothing."""
    unit.permit(request.organisation_id)
    one = standing(unit, request.organisation_id)
    held_on = day(unit, request.held_on, "held_on")
    if (since := one.re_elected_on or one.founded_on) and held_on < since:
        raise Incomplete("held_on", f"上次换届或成立是 {since}，这次换届不能更早，请核对日期。")
    return _told(unit, one, one.told_again(re_elected_on=held_on))


def extend_term(unit: Unit, request: ExtendTerm) -> OrganisationView:
    """The election is put off, with the reason.  Refuses a day within the term, and one beyond what the policy lets."""
    unit.permit(request.organisation_id)
    one = standing(unit, request.organisation_id)
    return _told(unit, one, term.extended(unit.policy(TermPolicy, one.id), one, request.until, request.because.strip()))


def _told(unit: Unit, before: Organisation, after: Organisation) -> OrganisationView:
    if after is not before:
        unit.books.organisations.save_many([after])
        announce_organisation(unit, after)
    return organisation_view(after)


def _page(found: Sequence[term.Election], after: str, limit: int) -> tuple[Sequence[term.Election], str]:
    """The page that begins at ``after``, and where the one behind it begins, "" where there is none; what is no place in the list begins
    at its beginning."""
    start = int(after) if after.isascii() and after.isdigit() else 0
    end = start + limit
    return found[start:end], str(end) if end < len(found) else ""


def _line(election: term.Election) -> ElectionLine:
    one = election.organisation
    return ElectionLine(
        organisation_id=one.id, name=one.name, kind=one.kind, sector=one.sector, re_elected_on=one.re_elected_on, due_on=election.due_on,
        extended_until=one.extended_until, extension_reason=one.extension_reason, state=election.state, days=election.days)
