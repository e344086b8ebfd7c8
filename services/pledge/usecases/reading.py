"""One pledge, its letter, and coverage as the rules of the domain count it."""
from services.pledge.domain.figures import figures, shown
from services.pledge.domain.pledge import STANDING
from services.pledge.domain.policy import CoveragePolicy
from services.pledge.usecases.facts import view
from services.pledge.usecases.seeing import seen
from wire.contracts.calls import NotFound
from wire.contracts.pledge import (
    Coverage, LetterView, PledgeView, ReadCoverage, ReadLetter, ReadPledge, Uncovered,
)
from wire.contracts.ports import Unit


def read_pledge(unit: Unit, request: ReadPledge) -> PledgeView:
    """The pledge with review, gates, hints and history; a draft only for those with a grant that reads there."""
    return view(unit, seen(unit, request.pledge_id))


def read_letter(unit: Unit, request: ReadLetter) -> LetterView:
    """The letter as it was signed, so that whoever prints it prints what was hashed (D2, D3).  NotFound before 定诺."""
    letter = unit.books.letters.of(seen(unit, request.pledge_id).id)
    if letter is None:
        raise NotFound("这份承诺还没有定诺，没有承诺书。请先审定、定诺，再打印。")
    return LetterView(
        pledge_id=letter.pledge_id, number=letter.number, text=letter.text, letter_hash=letter.digest, copies=letter.copies,
        signed_by_name=letter.signed_by_name, signed_at=letter.signed_at)


def read_coverage(unit: Unit, request: ReadCoverage) -> Coverage:
    """全覆盖 (A2): of the members and probationary members of the organisation and its party groups 党小组, who has pledged
    and who has not, by name.

    A member has pledged from 定诺 on, wherever in the county the letter was signed (A7, A9: counted once).  The figures
    count the items of the pledges published there, as its board does; rates are 0–100, two places, None where nothing
    is counted.
    """
    unit.permit(request.organisation_id)
    places = unit.directory.with_groups(request.organisation_id)
    kinds = unit.policy(CoveragePolicy, request.organisation_id).expected
    expected = [m for place in places for m in unit.directory.members_of(place) if m["kind"] in kinds]
    pledged = unit.books.pledges.pledgors([m["id"] for m in expected], request.year, STANDING)
    counted = figures(unit.books.pledges.of(places, request.year, STANDING), unit.today)
    return Coverage(
        organisation_id=request.organisation_id, year=request.year, expected=len(expected), pledged=len(pledged),
        uncovered=tuple(Uncovered(member_id=m["id"], name=m["name"]) for m in expected if m["id"] not in pledged),
        items=counted.items, due=counted.due, fulfilled=counted.fulfilled, overdue=counted.overdue,
        long_running=counted.long_running, due_fulfilment=shown(counted.due_fulfilment),
        total_fulfilment=shown(counted.total_fulfilment))
