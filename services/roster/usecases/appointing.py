"""Positions 职务: held from a day on, with the grants they give; ended, and the grants with them (A14, A15, X45, X49)."""
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from services.roster.domain.grant import Grant
from services.roster.domain.member import Member
from services.roster.domain.organisation import Organisation
from services.roster.domain.policy import PositionPolicy, RollPolicy
from services.roster.domain.position import Position, fit_to_hold, room_for
from services.roster.domain.refusals import Incomplete
from services.roster.usecases.finding import day, name_of, seen_there
from services.roster.usecases.persons import not_oneself, person_meant
from services.roster.usecases.shaping import standing
from services.roster.usecases.telling import announce_grant, position_view, remember_position
from wire.contracts.ports import Unit
from wire.contracts.roster import POSITIONS, Appoint, EndPosition, ListPositions, PositionView

NO_POSITION = "没有找到这个职务，可能不在您管理的范围内，请返回列表重新打开。"


def appoint(unit: Unit, request: Appoint) -> PositionView:
    """Somebody holds a position, and with it what the policy says it gives there; what decides waits for the superior.

    The same person in the same position again answers the one there is.  Refuses a second secretary, by name; a leader who is
    no full member; oneself; an organisation that has ended.
    """
    unit.permit(request.organisation_id)
    place = standing(unit, request.organisation_id)
    on = day(unit, request.from_on, "from_on")
    person = person_meant(unit, request)
    there = unit.books.positions.held_at(place.id)
    for position in there:
        if (position.kind, position.person_id) == (request.kind, person.id):
            return _view(unit, position)
    not_oneself(unit, person)
    member = unit.books.members.get(person.id) if person.member_id else None
    fit_to_hold(request.kind, member.kind if member else "", POSITIONS)
    room_for(request.kind, there, POSITIONS)
    position = Position(id=unit.new_id("pos"), organisation_id=place.id, kind=request.kind, person_id=person.id, person_name=person.name,
                        member_id=person.member_id, from_on=on)
    unit.books.positions.add(position)
    remember_position(unit, position, "appointed")
    _give(unit, position, place)
    return _view(unit, position)


def end_position(unit: Unit, request: EndPosition) -> PositionView:
    """Over with that day, its grants at once.  Again: the same answer, announced once."""
    unit.books.organisations.root(hold=True)
    position = seen_there(unit, unit.books.positions.get(request.position_id), ListPositions, NO_POSITION)
    end_positions(unit, [position], day(unit, request.until_on, "until_on"))
    return _view(unit, unit.books.positions.get(position.id))


def end_positions(unit: Unit, held: Sequence[Position], on: date) -> None:
    """End these, where they have not ended, and what they give."""
    ended = [after for position in held if (after := position.end(on)) is not position]
    gone = {position.id for position in ended}
    grants = [grant.end() for grant in unit.books.grants.held_by({p.person_id for p in ended}) if grant.position_id in gone]
    unit.books.positions.save(ended)
    unit.books.grants.save_many(grants)
    for position in ended:
        remember_position(unit, position, "ended")
    for grant in grants:
        announce_grant(unit, grant)


def bound_words(unit: Unit, members: Iterable[Member]) -> dict[str, dict[str, str]]:
    """Which positions of a committee these hold, in words, by member and organisation."""
    words: dict[str, dict[str, str]] = defaultdict(dict)
    for position in unit.books.positions.bound([m.id for m in members]):
        words[position.member_id][position.organisation_id] = POSITIONS[position.kind]
    return words


def grants_of(unit: Unit, position: Position, place: Organisation) -> list[Grant]:
    """What a position gives its holder, by the policy in force there; what decides waits for the superior (X45)."""
    level = "branch" if place.kind in unit.policy(RollPolicy, place.id).holds_members else "above"
    return [Grant(id=unit.new_id("grt"), person_id=position.person_id, person_name=position.person_name, member_id=position.member_id,
                  role=role, organisation_id=place.id, position_id=position.id)
            for role in unit.policy(PositionPolicy, place.id).roles(position.kind, level)]


def _give(unit: Unit, position: Position, place: Organisation) -> None:
    given = grants_of(unit, position, place)
    unit.books.grants.add_many(given)
    for grant in given:
        announce_grant(unit, grant)


def _view(unit: Unit, position: Position | None) -> PositionView:
    if position is None:
        raise Incomplete("position_id", NO_POSITION)
    given = [grant for grant in unit.books.grants.held_by([position.person_id]) if grant.position_id == position.id]
    return position_view(position, name_of(unit, position.organisation_id), given)
