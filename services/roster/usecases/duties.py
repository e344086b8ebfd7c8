"""What somebody looks after, assignments and zones, when they move, leave the roll, or turn out to be known already (K1, A16, X50)."""
from collections.abc import Iterable, Sequence

from services.roster.domain.assignment import Assignment
from services.roster.domain.member import Member
from services.roster.domain.zone import Zone, ZoneMember
from services.roster.usecases import assigning
from services.roster.usecases.zoning import announce_zone
from wire.contracts.ports import Unit

Change = tuple[Member, Member]


def let_go(unit: Unit, changed: Sequence[Change]) -> None:
    """Whoever left looks after nothing; whoever moved away, after nothing of where they were.

    A contact point elsewhere stays theirs, and a zone stays where it is, without them: its organisation names somebody anew.
    """
    gone = {after.id: (after, places) for before, after in changed if (places := places_left(unit, before, after))}
    for assignment in unit.books.assignments.standing_of(gone):
        after, places = gone[assignment.person_id]
        if after.state == "left" or assignment.organisation_id in places:
            _save(unit, assignment.end(unit.today), "ended")
    for zone in _zones(unit, {place for _, places in gone.values() for place in places}):
        _keep(unit, zone, [one for one in zone.members if one.member_id not in gone or zone.organisation_id not in gone[one.member_id][1]])


def give_over(unit: Unit, person_id: str, kept: Member) -> None:
    """One human being: what the person looks after is the member's, and what the member looks after already is not listed twice.

    A zone goes over where the member belongs there.
    """
    own = {(one.kind, one.organisation_id) for one in unit.books.assignments.standing_of([kept.id])}
    for assignment in unit.books.assignments.standing_of([person_id]):
        if (assignment.kind, assignment.organisation_id) in own:
            _save(unit, assignment.end(unit.today), "ended")
        else:
            _save(unit, assignment.given_over(kept.id, kept.name), "given_over")
    for zone in _zones(unit, homes(unit, kept)):
        keepers = {one.member_id: one for one in zone.members}
        if person_id in keepers:
            kept_by = keepers.get(kept.id, ZoneMember(member_id=kept.id, name=kept.name))
            _keep(unit, zone, dict.fromkeys(kept_by if one.member_id == person_id else one for one in zone.members))


def homes(unit: Unit, member: Member) -> set[str]:
    """The organisation they belong to, and for a party group its branch."""
    return {member.organisation_id, unit.directory.branch_of(member.organisation_id)}


def places_left(unit: Unit, before: Member, after: Member) -> set[str]:
    """Where they belonged and belong no more."""
    if after.state != "left" and before.organisation_id == after.organisation_id:
        return set()
    return homes(unit, before) - (homes(unit, after) if after.state == "active" else set())


def _zones(unit: Unit, places: Iterable[str]) -> list[Zone]:
    return [zone for zone in unit.books.zones.at_any(places) if zone.active]


def _keep(unit: Unit, zone: Zone, members: Iterable[ZoneMember]) -> None:
    after = zone.told_again(members=tuple(members))
    if after is not zone:
        unit.books.zones.save([after])
        announce_zone(unit, after)


def _save(unit: Unit, assignment: Assignment, what: str) -> None:
    unit.books.assignments.save([assignment])
    assigning.remember(unit, assignment, what)
