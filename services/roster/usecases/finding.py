"""Finding whom and where an act is about, and the day it holds from.  What an actor may not see answers like what is not there."""
from collections.abc import Callable
from datetime import date
from typing import Any, Protocol, TypeVar

from services.roster.domain.belonging import room_for_members
from services.roster.domain.member import Member
from services.roster.domain.organisation import Organisation
from services.roster.domain.policy import RollPolicy
from services.roster.domain.reading import EARLIEST, TOO_EARLY, TOO_LATE, Odd
from services.roster.domain.refusals import Incomplete
from wire.contracts.calls import NotFound
from wire.contracts.ports import Unit
from wire.contracts.roster import ORGANISATION_KINDS, ReadMember

NO_ORGANISATION = "没有找到这个党组织，请返回列表重新选择。"
NO_MEMBER = "没有找到这名党员，请返回名册重新选择。"


class Placed(Protocol):
    """Something that stands in an organisation."""

    @property
    def organisation_id(self) -> str: ...


T = TypeVar("T", bound=Placed)


def member_here(unit: Unit, member_id: str) -> Member:
    """The member, for whoever may do at their home what is under way.  Holds the roster until the unit ends."""
    unit.books.organisations.root(hold=True)
    member = unit.books.members.get(member_id)
    if member is None or not unit.may(ReadMember, member.organisation_id, member_id=member.id):
        raise NotFound(NO_MEMBER)
    unit.permit(member.organisation_id, member_id=member.id)
    return member


def member_anywhere(unit: Unit, member_id: str) -> Member:
    """The member, whoever asks: the caller permits at another place than their home."""
    unit.books.organisations.root(hold=True)
    member = unit.books.members.get(member_id)
    if member is None:
        raise NotFound(NO_MEMBER)
    return member


def place_here(unit: Unit, organisation_id: str) -> Organisation:
    """An organisation that may take members in."""
    place = unit.books.organisations.get(organisation_id)
    if place is None:
        raise NotFound(NO_ORGANISATION)
    room_for_members(place, unit.policy(RollPolicy, place.id).holds_members, ORGANISATION_KINDS)
    return place


def seen_there(unit: Unit, found: T | None, call: type, sentence: str) -> T:
    """What was looked up by its id, for whoever may change it where it stands; for who may not even list it there, and where there is
    none, it is not there."""
    if found is None or not unit.may(call, found.organisation_id):
        raise NotFound(sentence)
    unit.permit(found.organisation_id)
    return found


def name_of(unit: Unit, organisation_id: str) -> str:
    """Its name, empty for none."""
    place = unit.books.organisations.get(organisation_id) if organisation_id else None
    return place.name if place else ""


def day(unit: Unit, said: date | None, field: str = "happened_on") -> date:
    """The day that was said, today where none was.  The future is refused, and what is too long ago to be."""
    if said is None:
        return unit.today
    if said > unit.today:
        raise Incomplete(field, TOO_LATE)
    if said < EARLIEST:
        raise Incomplete(field, TOO_EARLY)
    return said


def read(field: str, reader: Callable[..., str], cell: str, **options: Any) -> str:
    """What a field says, read as a cell of a spreadsheet is read."""
    try:
        return reader(cell, **options)
    except Odd as odd:
        raise Incomplete(field, odd.sentence) from None
