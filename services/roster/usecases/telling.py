"""How the roster says what it knows: facts for everybody, views for whoever asked."""
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

from services.roster.domain.grant import Grant
from services.roster.domain.member import Member
from services.roster.domain.organisation import Organisation
from services.roster.domain.position import Position
from wire.contracts.ports import Unit
from wire.contracts.roster import (
    GrantConfirmed, GrantEnded, GrantGiven, GrantView, MemberChanged, MemberLeft, MemberMerged, MemberMoved, MemberRegistered, MemberView,
    OrganisationChanged, OrganisationDissolved, OrganisationMerged, OrganisationRegistered, OrganisationView,
    PositionGrant, PositionView,
)


#: what is told of an organisation that has ended, also when something above it moves later
ENDS = {"merged": OrganisationMerged, "dissolved": OrganisationDissolved}


def announce_organisation(unit: Unit, organisation: Organisation) -> None:
    """Registered with its first version, changed with every later one, and how it ended.  Who is in the tree may be known to all."""
    said = _said(organisation)
    event = ENDS.get(organisation.state) or (OrganisationRegistered if organisation.version == 1 else OrganisationChanged)
    unit.announce(event(organisation_id=said.pop("id"), **said, **_by(unit), scope="society"))


def organisation_view(organisation: Organisation, members: int = 0) -> OrganisationView:
    """What whoever changed it is answered; heads are counted where one reads."""
    said = _said(organisation)
    return OrganisationView(organisation_id=said.pop("id"), members=members, **said)


def announce_member(unit: Unit, member: Member, before: Member | None = None) -> None:
    """The whole entry as it stands; the name of the event says what happened since ``before``."""
    said = _said(member)
    del said["initials"]
    unit.announce(_what_happened(before, member)(member_id=said.pop("id"), **said, **_by(unit)))


def _what_happened(before: Member | None, after: Member) -> type:
    if before is None:
        return MemberRegistered
    if after.merged_into != before.merged_into:
        return MemberMerged
    if after.state == "left" and before.state == "active":
        return MemberLeft
    return MemberMoved if after.organisation_id != before.organisation_id else MemberChanged


def member_view(member: Member, organisation_name: str) -> MemberView:
    said = _said(member)
    del said["sort_key"], said["initials"]
    return MemberView(member_id=said.pop("id"), organisation_name=organisation_name, **said)


def announce_grant(unit: Unit, grant: Grant) -> None:
    said = _said(grant)
    event = {"given": GrantGiven, "confirmed": GrantConfirmed, "ended": GrantEnded}[grant.state]
    unit.announce(event(grant_id=said.pop("id"), **said, **_by(unit)))


def grant_view(grant: Grant, organisation_name: str) -> GrantView:
    said = _said(grant)
    del said["version"]
    return GrantView(grant_id=said.pop("id"), organisation_name=organisation_name, works=grant.works, **said)


def position_view(position: Position, organisation_name: str, given: Iterable[Grant]) -> PositionView:
    said = _said(position)
    del said["version"]
    return PositionView(position_id=said.pop("id"), organisation_name=organisation_name, **said, gives=tuple(
        PositionGrant(grant_id=grant.id, role=grant.role, works=grant.works) for grant in given))  # type: ignore[arg-type]


def remember_position(unit: Unit, position: Position, what: str) -> None:
    """A line of its history: positions travel as the grants they give."""
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in _said(position).items()}
    unit.remember("roster.position", position.id, position.version, f"roster.position.{what}", said)


def _said(thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in _names(type(thing))}


@cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


def _by(unit: Unit) -> dict:
    return {"acted_by": unit.actor.person_id, "acted_by_name": unit.actor.name, "acted_at": unit.now}
