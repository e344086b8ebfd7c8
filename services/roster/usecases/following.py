"""What follows when an entry of the roll changes: it is told, its register is written, and grants go where the member goes."""
from collections.abc import Sequence
from datetime import date

from services.roster.domain.belonging import Move, moves_in
from services.roster.domain.grant import OFFICE, Grant
from services.roster.domain.member import Member
from services.roster.domain.position import OF_THE_HOUSE
from services.roster.domain.refusals import LastOffice
from services.roster.domain.register import Act
from services.roster.usecases import duties
from services.roster.usecases.appointing import end_positions
from services.roster.usecases.finding import name_of
from services.roster.usecases.telling import announce_grant, announce_member, member_view
from wire.contracts.ports import Unit
from wire.contracts.roster import MemberView


def put(unit: Unit, before: Member, after: Member, act: str, on: date, note: str = "") -> MemberView:
    """Save and tell one change, with its line in the register; where nothing changed, nothing."""
    if after is not before:
        put_many(unit, [], [(before, after)])
        write_down(unit, after, act, on, note)
    return member_view(after, name_of(unit, after.organisation_id))


def put_many(unit: Unit, new: Sequence[Member], changed: Sequence[tuple[Member, Member]]) -> None:
    """Save and tell new entries and changes, and what follows: somebody who moved away holds no position any more on the committee they
    left, and looks after nothing of where they were; whoever left holds and looks after nothing.  Grants go with the positions.

    Refuses to let the county's last administrator off the roll.
    """
    moves = moves_in(changed)
    _end_positions_of(unit, moves)
    after = grants_after(unit, changed)
    for standing in unit.books.grants.get_many([grant.id for grant in after if grant.state == "ended" and grant.role == OFFICE]):
        keep_an_office(unit, standing)
    duties.let_go(unit, moves)
    unit.books.members.add_many(new)
    unit.books.members.save_many([told for _, told in changed])
    unit.books.grants.save_many(after)
    for member in new:
        announce_member(unit, member)
    for before, told in changed:
        announce_member(unit, told, before)
    for grant in after:
        announce_grant(unit, grant)


def grants_after(unit: Unit, changed: Sequence[tuple[Member, Member]]) -> list[Grant]:
    """What these hold as it stands after, where that is something else: ended with whoever left the roll (X49), with the name they have
    now.  No grant is ever given by the roll (X45)."""
    told = {after.id: (before, after) for before, after in changed if after.state != "active" or before.name != after.name}
    held = unit.books.grants.held_by(told) if told else ()
    return [grant.end() if told[grant.person_id][1].state != "active" else grant.renamed(told[grant.person_id][1].name) for grant in held]


def _end_positions_of(unit: Unit, moves: Sequence[Move]) -> None:
    gone, left = duties.places_left(unit, moves), {move.member_id for move in moves if not move.to_id}
    over = [position for position in unit.books.positions.held_by(gone) if position.person_id in left or (
        position.kind in OF_THE_HOUSE and position.organisation_id in gone[position.person_id])]
    end_positions(unit, over, unit.today)


def write_down(unit: Unit, member: Member, act: str, on: date, note: str) -> None:
    """A line of the register 台账 of this member."""
    unit.books.acts.add(Act(id=unit.new_id("act"), member_id=member.id, act=act, happened_on=on, note=note,
                            acted_by=unit.actor.person_id, acted_by_name=unit.actor.name, acted_at=unit.now))


def keep_an_office(unit: Unit, grant: Grant) -> None:
    """Refuse to end the grant of the county's last administrator."""
    if grant.works and grant.role == OFFICE and grant.organisation_id == unit.books.organisations.root().id and len(
            unit.books.grants.holders(grant.organisation_id, OFFICE)) == 1:
        raise LastOffice
