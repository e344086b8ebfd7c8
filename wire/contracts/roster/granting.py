"""Grants 权限: who may act where; given, confirmed above where they decide, and ended."""
from typing import Literal

from wire.contracts.actor import Reach, RoleName
from wire.contracts.calls import INVITED, SERVICES, call, grants
from wire.contracts.event import Facts, event
from wire.contracts.roster.organisations import OVERSEERS
from wire.contracts.shape import bounded, shape, text


#: grants confirmed at a time
CONFIRMED_MOST = 200


@shape
class GrantFacts(Facts):
    """A grant 权限 held by a person over an organisation.

    ``given`` works at once, but for a role that decides: that one works once it is ``confirmed`` (X45).  ``position_id``: the
    position 职务 that gives it, for as long as it lasts; empty for one given by hand.
    """

    grant_id: str = text(80)
    person_id: str = text(80)
    person_name: str = text(40)
    member_id: str = text(80, default="")
    role: RoleName
    organisation_id: str = text(80)
    state: Literal["given", "confirmed", "ended"] = "given"
    position_id: str = text(80, default="")


@event("roster.grant.given.v1", key="grant_id")
class GrantGiven(GrantFacts):
    """A person is to act in a role: from now on, or where it decides, once it is confirmed."""


@event("roster.grant.confirmed.v1", key="grant_id")
class GrantConfirmed(GrantFacts):
    """The superior confirmed a deciding grant: it works from now on (X45)."""


@event("roster.grant.ended.v1", key="grant_id")
class GrantEnded(GrantFacts):
    """The grant stops working at once (X49)."""


@shape
class GrantView:
    """``member_code`` tells two members of one name apart, in lists; empty for whoever is no member."""

    grant_id: str
    person_id: str
    person_name: str
    member_id: str
    role: RoleName
    organisation_id: str
    organisation_name: str
    state: str
    position_id: str = ""
    works: bool = True
    member_code: str = ""


@shape
class GrantPage:
    """``total`` counts what the search found, on all pages; ``next`` is the ``after`` of the following page, empty at the end."""

    items: tuple[GrantView, ...]
    total: int
    next: str


@call("roster.give_grant", reply=GrantView, grants=grants(office=Reach.WITHIN), writes=True)
class GiveGrant:
    """Give a role over an organisation to a member, or else to a person (``person_id`` empty: a new one).  Twice is one grant.

    A role that decides waits for confirmation.  ``another``: a new person who only shares somebody's name.
    """

    organisation_id: str = text(80)
    role: RoleName
    member_id: str = text(80, default="")
    person_id: str = text(80, default="")
    person_name: str = text(40, default="")
    another: bool = False


@call("roster.confirm_grants", reply=tuple[GrantView, ...], grants=grants(superior=Reach.BELOW, office=Reach.WITHIN), writes=True)
class ConfirmGrants:
    """The superior confirms deciding grants, up to 200 at a time: all or none.  Nobody confirms their own.  Again: the same
    answer (X45)."""

    grant_ids: tuple[str, ...]


@call("roster.list_waiting", reply=GrantPage, grants=grants(superior=Reach.WITHIN, office=Reach.WITHIN))
class ListWaiting:
    """Deciding grants at or below an organisation that wait for confirmation, in tree order; searched as ``ListGrants``."""

    organisation_id: str = text(80)
    search: str = text(60, default="")
    after: str = text(2400, default="")
    limit: int = bounded(1, 200, default=100)


@call("roster.link_person", reply=tuple[GrantView, ...], grants=grants(office=Reach.WITHIN), writes=True)
class LinkPerson:
    """A person entered by name is this member (X50): what they hold is the member's from now on.  Answers what the member holds."""

    person_id: str = text(80)
    member_id: str = text(80)


@call("roster.end_grant", reply=GrantView, grants=grants(office=Reach.WITHIN), writes=True)
class EndGrant:
    grant_id: str = text(80)


@call("roster.list_grants", reply=GrantPage, grants=OVERSEERS)
class ListGrants:
    """Grants over organisations at or below one, those in force first, then in tree order; searched by the person's or the
    organisation's name.  ``person_id``: of this person only."""

    organisation_id: str = text(80)
    person_id: str = text(80, default="")
    search: str = text(60, default="")
    after: str = text(2400, default="")
    limit: int = bounded(1, 500, default=100)


@call("roster.grants_of", reply=tuple[GrantView, ...], grants=SERVICES)
class GrantsOf:
    """The grants a person holds now; the gateway asks when it signs."""

    person_id: str = text(80)


@call("roster.appoint_administrator", reply=GrantView, grants=INVITED, writes=True)
class AppointAdministrator:
    """The system administrator 系统管理员 or the audit administrator 审计管理员 of a new county, on an invitation of the set-up (X46).

    Refused before the county is founded, once somebody holds the role over the county, and under the name of one of the
    other two administrators: 三员 are three people (X19).
    """

    role: Literal["operator", "auditor"]
    person_name: str = text(40, least=1, label="姓名")
