"""What ends an exemption 免诺 without anybody deciding so: the member pledges elsewhere or left the roll, or its day is over.

Where a member pledges is the roster's to say, and this service's copy of it may be behind, or be read again from the first edition
on.  So an exemption keeps the editions it was last seen to stand by, and nothing older, and no place not heard of yet, ends it.
"""
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from services.pledge.domain.exemption import End, Exemption
from services.pledge.domain.policy import ExemptionPolicy
from services.pledge.usecases.keeping import saved
from wire.contracts.envelope import News
from wire.contracts.ports import Unit
from wire.contracts.roster import MemberFacts, OrganisationFacts

#: who ends what is past its day, and what the roster's news did not reach
CLOCK = ("pledge", "系统")


def follow_roster(unit: Unit, news: Iterable[News]) -> None:
    """Who pledges elsewhere now, or is on the roll no more, is exempt here no more; the same for those in a party group 党小组 that
    belongs to another branch now.  The copy of the roster has the news already.  Again, late, or read anew: nothing more ends."""
    by: dict[str, tuple[str, str]] = {}
    for fact in (said.event for said in news):
        if isinstance(fact, MemberFacts):
            by[fact.member_id] = (fact.acted_by, fact.acted_by_name)
        elif isinstance(fact, OrganisationFacts) and fact.kind == "group":
            for member in unit.directory.pledging_in(fact.organisation_id):
                by.setdefault(member["id"], (fact.acted_by, fact.acted_by_name))
    for one in unit.books.exemptions.open_of(by):
        if because := overtaken_by(unit, one):
            end(unit, one, because, by[one.member_id])
        elif (stands := confirmed(unit, one)) is not one:
            unit.books.exemptions.save(stands, one.version)


def end_astray(unit: Unit, most: int) -> int:
    """End what the news did not: proposed while the member was moving, or told before the place was.  So many at most; how many."""
    ended = [(one, because) for one in unit.books.exemptions.astray(most) if (because := overtaken_by(unit, one))]
    for one, because in ended:
        end(unit, one, because, CLOCK)
    return len(ended)


def end_past(unit: Unit, most: int) -> int:
    """End what is past its last day, so many at most; how many.  Figures go by the days and do not wait for this."""
    past = unit.books.exemptions.past(unit.today, most)
    for one in past:
        end(unit, one, "expired", CLOCK)
    return len(past)


def end(unit: Unit, one: Exemption, because: End, by: tuple[str, str]) -> None:
    """``by``: who did what ended it."""
    saved(unit, one, one.overtaken(because, unit.today, unit.policy(ExemptionPolicy, one.organisation_id)), by)


def overtaken_by(unit: Unit, one: Exemption) -> End:
    """What ends it; empty while it stands, and while what is known is older than what it stands by."""
    member = unit.directory.member(one.member_id)
    if member is None or member["lost"] or member["version"] < one.member_version:
        return ""
    if member["state"] != "active":
        return "left"
    place = place_of(unit, member)
    if place is None or unit.directory.organisation(one.organisation_id) is None:
        return ""
    if member["version"] == one.member_version and place["version"] < one.place_version:
        return ""
    return "" if unit.directory.branch_of(place["id"]) == one.organisation_id else "moved"


def confirmed(unit: Unit, one: Exemption) -> Exemption:
    """The same, with the editions by which its member pledges there, if they are newer than those it has."""
    member = unit.directory.member(one.member_id)
    place = place_of(unit, member) if member is not None else None
    if member is None or place is None or (member["version"], place["version"]) <= (one.member_version, one.place_version):
        return one
    if member["state"] != "active" or unit.directory.branch_of(place["id"]) != one.organisation_id:
        return one
    return replace(one, member_version=member["version"], place_version=place["version"])


def place_of(unit: Unit, member: Any) -> Any:
    """The organisation in which a member pledges, a floating one where they floated to (A7); None while it is not known here."""
    place = unit.directory.organisation(member["inflow_id"] or member["organisation_id"])
    return None if place is None or place["lost"] else place
