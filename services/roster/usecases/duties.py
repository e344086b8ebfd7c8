"""What somebody looks after, assignments and zones, when they move, leave the roll, or turn out to be known already (K1, A16, X50)."""
from collections import defaultdict
from collections.abc import Iterable, Sequence

from services.roster.domain import assignment as rules
from services.roster.domain.assignment import Assignment
from services.roster.domain.belonging import LetGo, Move
from services.roster.domain.member import Member
from services.roster.domain.refusals import Refusal
from services.roster.domain.zone import Zone, ZoneMember
from services.roster.usecases import assigning
from services.roster.usecases.zoning import announce_zone
from wire.contracts.ports import Unit
from wire.contracts.roster import ASSIGNMENT_KINDS


def let_go(unit: Unit, moves: Sequence[Move]) -> list[LetGo]:
    """Whoever left looks after nothing; whoever moved away, after nothing of where they were.  Answers what they let go of.

    A contact point elsewhere stays theirs, and a zone stays where it is, without them: its organisation names somebody anew.
    """
    gone, left = places_left(unit, moves), {move.member_id for move in moves if not move.to_id}
    told = []
    for assignment in unit.books.assignments.standing_of(gone):
        if assignment.person_id in left or assignment.organisation_id in gone[assignment.person_id]:
            _save(unit, assignment.end(unit.today), "ended")
            told.append(LetGo(assignment.id, assignment.person_id))
    return told + leave_zones(unit, moves)


def leave_zones(unit: Unit, moves: Sequence[Move]) -> list[LetGo]:
    """A zone is kept by members of its organisation: whoever is none any more is not among its keepers."""
    gone, told = places_left(unit, moves), []
    for zone in _zones(unit, {place for places in gone.values() for place in places}):
        going = {one.member_id for one in zone.members if zone.organisation_id in gone.get(one.member_id, ())}
        _keep(unit, zone, [one for one in zone.members if one.member_id not in going])
        told += [LetGo(zone.id, member_id) for member_id in sorted(going)]
    return told


def take_up(unit: Unit, let_go: Iterable[LetGo]) -> None:
    """They look after it again, their moving away being taken back; what somebody else looks after by now, or nobody any more,
    stays so."""
    of_zones: dict[str, set[str]] = defaultdict(set)
    for one in let_go:
        found = unit.books.assignments.get(one.id)
        if found is None:
            of_zones[one.id].add(one.member_id)
        elif _free(unit, found):
            _save(unit, found.resumed(), "resumed")
    for zone_id, member_ids in sorted(of_zones.items()):
        zone = unit.books.zones.get(zone_id)
        if zone is not None and zone.active:
            members = [m for m in unit.books.members.get_many(member_ids) if m.state == "active" and zone.organisation_id in homes(unit, m)]
            keepers = {m.id: ZoneMember(member_id=m.id, name=m.name) for m in members} | {one.member_id: one for one in zone.members}
            _keep(unit, zone, [keepers[id_] for id_ in sorted(keepers)])


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


def keepers_at(unit: Unit, places: Iterable[str]) -> set[str]:
    """Who keeps a zone of these organisations or, for party groups, of their branches."""
    unit.directory.look_up(set(places))
    around = {home for place in set(places) for home in (place, unit.directory.branch_of(place))}
    return {one.member_id for zone in _zones(unit, around) for one in zone.members}


def homes(unit: Unit, member: Member) -> set[str]:
    """The organisation they belong to, and for a party group its branch."""
    return _around(unit, member.organisation_id)


def places_left(unit: Unit, moves: Sequence[Move]) -> dict[str, set[str]]:
    """Where they belonged and belong no more, by member; without those who stay all the same."""
    unit.directory.look_up({place for move in moves for place in (move.from_id, move.to_id) if place})
    left = {move.member_id: _around(unit, move.from_id) - _around(unit, move.to_id) for move in moves}
    return {member_id: places for member_id, places in left.items() if places}


def _around(unit: Unit, organisation_id: str) -> set[str]:
    return {organisation_id, unit.directory.branch_of(organisation_id)} if organisation_id else set()


def _zones(unit: Unit, places: Iterable[str]) -> list[Zone]:
    return [zone for zone in unit.books.zones.at_any(places) if zone.active]


def _free(unit: Unit, ended: Assignment) -> bool:
    """Whether an assignment that ended can go on: its organisation is there, and nobody has it meanwhile."""
    place = unit.books.organisations.get(ended.organisation_id)
    there = unit.books.assignments.at(ended.organisation_id)
    if not place.active or any((one.kind, one.person_id, one.until) == (ended.kind, ended.person_id, None) for one in there):
        return False
    try:
        rules.check(ended, there, place.kind, ASSIGNMENT_KINDS)
    except Refusal:
        return False
    return True


def _keep(unit: Unit, zone: Zone, members: Iterable[ZoneMember]) -> None:
    after = zone.told_again(members=tuple(members))
    if after is not zone:
        unit.books.zones.save([after])
        announce_zone(unit, after)


def _save(unit: Unit, assignment: Assignment, what: str) -> None:
    unit.books.assignments.save([assignment])
    assigning.remember(unit, assignment, what)
