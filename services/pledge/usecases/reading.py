"""One pledge, its letter, and coverage as the rules of the domain count it."""
from collections.abc import Mapping
from typing import Any

from services.pledge.domain.exemption import day_counted
from services.pledge.domain.figures import figures, shown
from services.pledge.domain.leading import behind, leads
from services.pledge.domain.pledge import PUBLIC, STANDING
from services.pledge.domain.policy import CoveragePolicy
from services.pledge.usecases.facts import view
from services.pledge.usecases.seeing import seen
from wire.contracts.calls import NotFound
from wire.contracts.pledge import (
    Coverage, LetterView, ListExemptions, PledgeView, ReadCoverage, ReadLetter, ReadPledge, Uncovered,
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
    """全覆盖 (A2): of the members and probationary members who pledge in the organisation and its party groups 党小组, who has
    pledged and who has not, by name.

    A floating member is expected where they floated to in the county, and nowhere else (A7); one outside the county or out
    of reach at home.  A member has pledged from 定诺 on, wherever in the county the letter was signed, but for the second
    pledge in the community, which is counted there and stands for no other (A9).  Leading cadres who have not while others have
    are named once more, the highest rank first (A12).  The figures count the items of the
    pledges published here, as its board does; rates are 0–100, two places, None where nothing is counted.

    Who is exempt 免诺 (A4) is counted apart and asked no more: neither uncovered nor, unless the policy counts them, expected.
    As of today, of a year gone by as of its last day.  Who pledges all the same has pledged from 亮诺 on, as on the public board.
    """
    unit.permit(request.organisation_id)
    places = unit.directory.with_groups(request.organisation_id)
    policy = unit.policy(CoveragePolicy, request.organisation_id)
    kinds = policy.expected
    everybody, own, residents = (
        [m for place in places for m in of(place) if m["kind"] in kinds]
        for of in (unit.directory.pledging_in, unit.directory.members_of, unit.directory.residents_of))
    signed = unit.books.pledges.signed_at([m["id"] for m in (*everybody, *residents)], request.year, STANDING)
    exempt = unit.books.exemptions.exempt([m["id"] for m in everybody], {unit.directory.branch_of(place) for place in places},
                                          day_counted(request.year, unit.today))
    public = unit.books.pledges.signed_at(exempt, request.year, PUBLIC)
    # the public board hears of no pledge before it is published, and says the same number
    free = {m["id"] for m in everybody if m["id"] in exempt and not public.get(m["id"], set()) - {m["residence_id"]}}
    pledged = {m["id"] for m in everybody if signed.get(m["id"], set()) - {m["residence_id"]}} - free
    expected = everybody if policy.exempt_counted else [m for m in everybody if m["id"] not in free]
    waiting = [m for m in everybody if m["id"] not in pledged | free]
    others_pledged = sum(m["id"] in pledged and not leads(m) for m in everybody)
    counted = figures(unit.books.pledges.of(places, request.year, STANDING), unit.today)
    return Coverage(
        organisation_id=request.organisation_id, year=request.year, expected=len(expected), pledged=len(pledged),
        uncovered=tuple(map(_uncovered, waiting)), others_pledged=others_pledged,
        leaders_behind=tuple(map(_uncovered, behind(waiting, others_pledged=others_pledged))), exempt=len(free),
        exempted=tuple(_uncovered(m) for m in everybody if m["id"] in free) if unit.may(ListExemptions, request.organisation_id) else (),
        items=counted.items, due=counted.due, fulfilled=counted.fulfilled, overdue=counted.overdue,
        long_running=counted.long_running, due_fulfilment=shown(counted.due_fulfilment),
        total_fulfilment=shown(counted.total_fulfilment),
        outside=sum(m["whereabouts"] == "outside" for m in expected),
        unreachable=sum(m["whereabouts"] == "unreachable" for m in expected),
        floated_in=sum(m["organisation_id"] not in places for m in expected),
        floated_out=sum(bool(m["inflow_id"]) and m["inflow_id"] not in places for m in own), residents=len(residents),
        residents_pledged=sum(m["residence_id"] in signed.get(m["id"], set()) for m in residents))


def _uncovered(member: Mapping[str, Any]) -> Uncovered:
    return Uncovered(member_id=member["id"], name=member["name"], whereabouts=member["whereabouts"], post_kind=member["post_kind"],
                     rank=member["rank"])
