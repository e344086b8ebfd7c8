"""Where a member belongs: exactly one branch or party group; 转接, 关系接转中, leaving the roll, merging two entries."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.roster.domain.member import Member
from services.roster.domain.organisation import Organisation
from services.roster.domain.refusals import NamesDiffer, NoRoomForMembers, NoTransfer, OnePerson, OnTheRoll, SamePlace, TransferUnderWay

#: what ends with belonging to a place, or with belonging at all
NO_TRANSFER: dict[str, Any] = {"transfer_to_id": "", "transfer_on": None}
NO_FLOATING: dict[str, Any] = {"whereabouts": "home", "whereabouts_on": None, "inflow_id": "", "outside_place": "", "lacks": ()}
NO_RESIDENCE: dict[str, Any] = {"residence_id": "", "residence_on": None, "residence_confirmed_on": None}
#: an entry that was none; whoever is entered again is back
BY_MISTAKE = "by_mistake"
BACK: dict[str, Any] = {"state": "active", "left_on": None, "left_because": ""}


@dataclass(frozen=True, slots=True)
class Move:
    """A member belongs elsewhere from now on; ``from_id`` is empty for whoever was off the roll, ``to_id`` for whoever left it."""

    member_id: str
    from_id: str
    to_id: str


@dataclass(frozen=True, slots=True)
class LetGo:
    """What somebody looked after until they moved: an assignment, or a zone they were among the keepers of."""

    id: str
    member_id: str


def moves_in(changed: Iterable[tuple[Member, Member]]) -> list[Move]:
    """Who of these, as they were and as they are, moves, leaves or comes back."""
    moves = [Move(after.id, _home(before), _home(after)) for before, after in changed]
    return [move for move in moves if move.from_id != move.to_id]


def around(place: Organisation) -> set[str]:
    """Where whoever belongs there belongs: there, and for a party group 党小组 in its branch."""
    return {place.id, place.parent_id or ""} if place.kind == "group" else {place.id}


def _home(member: Member) -> str:
    return member.organisation_id if member.state == "active" else ""


def room_for_members(place: Organisation, holds_members: tuple[str, ...], labels: Mapping[str, str]) -> None:
    """Refuse one that has ended, and a kind that has branches below it and no members of its own."""
    if place.state != "active":
        raise NoRoomForMembers(place.name, "已并入别的党组织" if place.merged_into else "已撤销")
    if place.kind not in holds_members:
        raise NoRoomForMembers(place.name, f"是{labels[place.kind]}")


def ends_on_moving(member: Member, to_id: str) -> dict[str, Any]:
    """What moving there ends: the transfer; floating into, or a second registration at, the very place one moves to."""
    return NO_TRANSFER | _ends_at_home(member, to_id)


def moved(member: Member, to_id: str) -> Member:
    """Belongs there from now on.  Where they are already nothing changes, but for a transfer under way, which ends."""
    return member.told_again(organisation_id=to_id, **ends_on_moving(member, to_id))


def redirected(member: Member, from_id: str, to_id: str) -> Member:
    """The organisation became part of another: belongs, floats, reports or is on the way there instead."""
    told: dict[str, Any] = {name: to_id for name in ("inflow_id", "residence_id", "transfer_to_id") if getattr(member, name) == from_id}
    home = to_id if member.organisation_id == from_id else member.organisation_id
    said = replace(member, **told)
    return member.told_again(**told | {"organisation_id": home} | _ends_at_home(said, home))


def _ends_at_home(member: Member, home: str) -> dict[str, Any]:
    """Nobody floats into, reports to or is on the way to where they belong."""
    return (NO_FLOATING if member.inflow_id == home else {}) | (NO_RESIDENCE if member.residence_id == home else {}) | (
        NO_TRANSFER if member.transfer_to_id == home else {})


def sent(member: Member, to_id: str, on: date, name_of_other: str) -> Member:
    """关系接转中: on the way, and until taken in a member of the old branch.  To the same place again changes nothing."""
    if member.organisation_id == to_id:
        raise SamePlace(member.name)
    if member.transfer_to_id == to_id:
        return member
    if member.transfer_to_id:
        raise TransferUnderWay(member.name, name_of_other)
    return member.told_again(transfer_to_id=to_id, transfer_on=on)


def settled(member: Member, accepted: bool) -> Member:
    """Taken in, or sent back."""
    if not member.transfer_to_id:
        raise NoTransfer(member.name)
    return moved(member, member.transfer_to_id) if accepted else member.told_again(**NO_TRANSFER)


def left(member: Member, because: str, on: date) -> Member:
    """Off the roll; again changes nothing, not the first reason either."""
    if member.state == "left":
        return member
    return member.told_again(state="left", left_because=because, left_on=on, nameplate_on=None, **NO_TRANSFER, **NO_FLOATING,
                             **NO_RESIDENCE)


def readmitted(member: Member, to_id: str) -> Member:
    """Back on the roll, in this place.  An entry that was merged stays what it is."""
    if member.state == "active":
        raise OnTheRoll(member.name)
    if member.merged_into:
        raise OnePerson
    return member.told_again(**BACK, organisation_id=to_id)


def merged(kept: Member, second: Member, on: date) -> Member:
    """The second entry, which leads to the kept one from now on; again changes nothing.

    Two entries of one person have one name: a mistyped code must not take somebody else off the roll with all they hold.
    """
    if second.merged_into == kept.id and kept.state == "active":
        return second
    if kept.id == second.id or "left" in (kept.state, second.state):
        raise OnePerson
    if kept.name != second.name:
        raise NamesDiffer(kept.name, second.name, second.code)
    return replace(left(second, "merged", on), merged_into=kept.id)
