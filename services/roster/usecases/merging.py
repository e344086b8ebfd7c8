"""What two persons held, and looked after, becomes one person's: separation is between persons, not accounts (X50)."""
from collections.abc import Iterable, Mapping
from dataclasses import replace

from services.roster.domain.grant import Grant, keep_apart
from services.roster.domain.member import Member
from services.roster.usecases.appointing import end_positions
from services.roster.usecases.duties import give_over
from services.roster.usecases.telling import announce_grant, remember_position
from wire.contracts.actor import ROLE_LABELS
from wire.contracts.ports import Unit


def hand_over(unit: Unit, person_id: str, kept: Member) -> None:
    """The person's positions, grants, assignments and zones are the member's from now on, confirmed where they were; what the member holds already
    is not given twice: the person's own ends, a position with the grants it gave, and the member's is confirmed where either was.  Refuses
    where one person would then hold two of the three administrations (X19).
    """
    labels = {role.value: label for role, label in ROLE_LABELS.items()}
    held = unit.books.grants.held_by([kept.id])
    has = {(g.role, g.organisation_id, g.position_id) for g in held}
    own = {(one.kind, one.organisation_id): one.id for one in unit.books.positions.held_by([kept.id])}
    theirs = unit.books.positions.held_by([person_id])
    twice = {one.id: one for one in theirs if (one.kind, one.organisation_id) in own}
    all_theirs = unit.books.grants.held_by([person_id])
    going = [grant for grant in all_theirs if grant.position_id not in twice]
    confirmed = _confirmed(held, all_theirs, {id_: own[one.kind, one.organisation_id] for id_, one in twice.items()})
    given = []
    for grant in going:
        keep_apart(grant.role, held, labels)
        if (grant.role, grant.organisation_id, grant.position_id) not in has:
            given.append(replace(grant, id=unit.new_id("grt"), person_id=kept.id, person_name=kept.name, member_id=kept.id, version=1))
    positions = [position.given_over(kept.id, kept.name) for position in theirs if position.id not in twice]
    ended = [grant.end() for grant in going]
    end_positions(unit, list(twice.values()), unit.today)
    unit.books.positions.save(positions)
    unit.books.grants.save_many(ended + confirmed)
    unit.books.grants.add_many(given)
    for position in positions:
        remember_position(unit, position, "given_over")
    for grant in ended + given + confirmed:
        announce_grant(unit, grant)
    give_over(unit, person_id, kept)


def _confirmed(held: Iterable[Grant], theirs: Iterable[Grant], stands_for: Mapping[str, str]) -> list[Grant]:
    """What the member holds and waits, and was confirmed to the other.  ``stands_for``: the member's position by the other's."""
    sure = {(g.role, g.organisation_id, stands_for.get(g.position_id, g.position_id)) for g in theirs if g.state == "confirmed"}
    return [g.confirm() for g in held if g.waits and (g.role, g.organisation_id, g.position_id) in sure]
