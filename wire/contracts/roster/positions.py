"""Positions 职务: who leads, sits on the committee, keeps the papers; each gives its grants for as long as it lasts."""
from datetime import date
from typing import Literal

from wire.contracts.actor import Reach, RoleName
from wire.contracts.calls import call, grants
from wire.contracts.roster.organisations import READERS
from wire.contracts.shape import shape, text

PositionKind = Literal["secretary", "deputy_in_charge", "first_secretary", "deputy", "committee", "clerk", "liaison"]
POSITIONS = {"secretary": "书记", "deputy_in_charge": "主持工作的副书记", "first_secretary": "第一书记", "deputy": "副书记", "committee": "委员",
             "clerk": "材料员", "liaison": "联络员"}
#: where a position is held, as the policy of what positions give tells them apart
POSITION_LEVELS = {"branch": "党支部", "above": "党支部以上"}
APPOINT = grants(secretary=Reach.OWN, superior=Reach.WITHIN, office=Reach.WITHIN)


@shape
class PositionGrant:
    """What a position gives: ``works`` unless it decides and is not confirmed yet."""

    grant_id: str
    role: RoleName
    works: bool


@shape
class PositionView:
    """``member_code`` tells two members of one name apart, where one reads; empty for whoever is no member."""

    position_id: str
    organisation_id: str
    organisation_name: str
    kind: PositionKind
    person_id: str
    person_name: str
    member_id: str
    from_on: date
    until_on: date | None
    state: str
    gives: tuple[PositionGrant, ...]
    member_code: str = ""


@call("roster.appoint", reply=PositionView, grants=APPOINT, writes=True)
class Appoint:
    """Somebody holds a position from that day: a member, or for clerk and liaison also a person (``person_id`` empty: a new one).

    Its grants are given with it; those that decide wait for the superior (X45).  A second secretary is refused and named.
    """

    organisation_id: str = text(80)
    kind: PositionKind
    member_id: str = text(80, default="")
    person_id: str = text(80, default="")
    person_name: str = text(40, default="")
    another: bool = False
    from_on: date | None = None


@call("roster.end_position", reply=PositionView, grants=APPOINT, writes=True)
class EndPosition:
    """The position ends with that day, and its grants at once (X49).  Again: the same answer."""

    position_id: str = text(80)
    until_on: date | None = None


@call("roster.list_positions", reply=tuple[PositionView, ...], grants=READERS, scope="posts:read")
class ListPositions:
    """Who holds what in an organisation: its leading team first, ended ones only where asked for.  ``person_id``: that person's,
    at or below it."""

    organisation_id: str = text(80)
    person_id: str = text(80, default="")
    ended: bool = False
