"""Invitations (开通邀请): single use, short-lived; the token stands in the address's fragment and is spent by a POST (X46).

``office``, ``operator`` and ``auditor`` set an empty system up; ``account`` lets somebody of the roster sign in, ``reset``
lets the owner of an account set a new password (X14).  ``accepting`` spends them.
"""
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from services.gateway import clients
from services.gateway.identity.acting import act, decides
from services.gateway.identity.refusals import NO_ORGANISATION, BadInvitation, TooMany
from services.gateway.identity.sessions import digest, new_token
from services.gateway.storage import Invitation
from services.gateway.storage.accounts import HasAccount
from wire.contracts.actor import Role
from wire.contracts.calls import NotFound, Refusal
from wire.contracts.gateway import AT_ONCE, InvitationVerdict, InvitationView, InvitePeople, InvitePerson, WithdrawInvitations, Withdrawn
from wire.contracts.roster import ListGrants

PATH = "/invitation"
#: person id -> name and member's id
Holders = Mapping[str, tuple[str, str]]
NO_HOLDERS: Holders = {}
#: as many as roster tells at once
GRANTS_AT_ONCE = 500


class Nobody(NotFound):
    def __init__(self) -> None:
        super().__init__("这位同志不在本党组织的名册里，也没有权限，请先登记或开通权限，再发邀请。数据接口不是人，不能开通账号。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """``path`` with the token in its fragment, to be put after the house's address; told once."""

    token: str
    path: str
    expires_at: datetime


def issue(unit: Any, kind: str, *, seconds: int, person_id: str = "", member_id: str = "", name: str = "", invited_by: str = "",
          account_id: str = "") -> Invited:
    """A new invitation, within a transaction; an unspent one of the same kind for the same person ends."""
    kept, made = _made(unit, kind, seconds, person_id=person_id, member_id=member_id, name=name, invited_by=invited_by, account_id=account_id)
    unit.books.invitations.issue([kept])
    return made


def _made(unit: Any, kind: str, seconds: int, **about: str) -> tuple[Invitation, Invited]:
    token, expires = new_token(), unit.now + timedelta(seconds=seconds)
    kept = Invitation(id=unit.new_id("inv"), digest=digest(token), kind=kind, created_at=unit.now, expires_at=expires, **about)
    return kept, Invited(token=token, path=f"{PATH}#{token}", expires_at=expires)


def invite(organisation_id: str, person_id: str) -> InvitationView:
    """Invite a member of the organisation or of one below it, or somebody who holds a grant there (a clerk who is no member).

    Only an administrator (县级管理员) of it or of what is above it may, by the grants of this moment.  Refuses a person
    who is not there, one who has an account, and another system: who holds the role of a 数据接口 only is no person (X48).
    """
    return act(InvitePerson(organisation_id=organisation_id, person_id=person_id), holders=_holders(organisation_id, [person_id]))


def invite_all(organisation_id: str, person_ids: Sequence[str]) -> tuple[InvitationVerdict, ...]:
    """The same for a list of any length, a verdict for each in its order; one who cannot be invited stops nobody else.

    Called again, those without an account get new links and the ones before end.
    """
    verdicts: list[InvitationVerdict] = []
    for start in range(0, len(person_ids), AT_ONCE):
        some = tuple(person_ids[start:start + AT_ONCE])
        verdicts += act(InvitePeople(organisation_id=organisation_id, person_ids=some), holders=_holders(organisation_id, some))
    return tuple(verdicts)


@decides(InvitePerson)
def invite_person(unit: Any, request: InvitePerson, holders: Holders = NO_HOLDERS) -> InvitationView:
    _permit(unit, request.organisation_id)
    people = _People(unit, request.organisation_id, [request.person_id], holders)
    name, member_id = people.find(request.person_id)
    unit.remember("gateway.invitation", request.person_id, 1, "invited", {})
    made = issue(unit, "account", seconds=current_app.extensions["gateway"].invitation_seconds, person_id=request.person_id,
                 member_id=member_id, name=name, invited_by=unit.actor.person_id)
    return InvitationView(person_id=request.person_id, name=name, token=made.token, path=made.path, expires_at=made.expires_at)


@decides(InvitePeople)
def invite_people(unit: Any, request: InvitePeople, holders: Holders = NO_HOLDERS) -> tuple[InvitationVerdict, ...]:
    if len(request.person_ids) > AT_ONCE:
        raise TooMany(AT_ONCE)
    _permit(unit, request.organisation_id)
    people = _People(unit, request.organisation_id, list(request.person_ids), holders)
    seconds = current_app.extensions["gateway"].list_invitation_seconds
    verdicts, issued = {}, []
    for person_id in dict.fromkeys(request.person_ids):
        try:
            name, member_id = people.find(person_id)
        except Refusal as refusal:
            verdicts[person_id] = InvitationVerdict(person_id=person_id, name="", path="", expires_at=None, code=refusal.code,
                                                    sentence=refusal.sentence)
            continue
        unit.remember("gateway.invitation", person_id, 1, "invited", {})
        kept, made = _made(unit, "account", seconds, person_id=person_id, member_id=member_id, name=name, invited_by=unit.actor.person_id)
        issued.append(kept)
        verdicts[person_id] = InvitationVerdict(person_id=person_id, name=name, path=made.path, expires_at=made.expires_at, code="",
                                                sentence="")
    unit.books.invitations.issue(issued)
    return tuple(verdicts[person_id] for person_id in request.person_ids)


@decides(WithdrawInvitations)
def withdraw_invitations(unit: Any, request: WithdrawInvitations, holders: Holders = NO_HOLDERS) -> Withdrawn:
    if len(request.person_ids) > AT_ONCE:
        raise TooMany(AT_ONCE)
    _permit(unit, request.organisation_id)
    wanted = list(dict.fromkeys(request.person_ids))
    if unit.books.accounts.ever_among(wanted):
        raise HasAccount
    people = _People(unit, request.organisation_id, wanted, holders)
    for person_id in wanted:
        people.find(person_id)
        unit.remember("gateway.invitation", person_id, 1, "withdrawn", {})
    unit.books.invitations.withdraw(wanted, request.issued_until, unit.now)
    return Withdrawn(person_ids=tuple(wanted))


def withdraw_all(organisation_id: str, person_ids: Sequence[str], issued_until: datetime) -> Withdrawn:
    """The unused links given to these people until then stop working, a thousand at a time."""
    gone: list[str] = []
    for start in range(0, len(person_ids), AT_ONCE):
        some = tuple(person_ids[start:start + AT_ONCE])
        gone += act(WithdrawInvitations(organisation_id=organisation_id, person_ids=some, issued_until=issued_until),
                    holders=_holders(organisation_id, some)).person_ids
    return Withdrawn(person_ids=tuple(gone))


def without_account(person_ids: Sequence[str]) -> list[str]:
    """Of these people, those nobody signs in as yet, in their order."""
    with current_app.extensions["store"].reading() as unit:
        taken = unit.books.accounts.among(list(person_ids))
    return [person_id for person_id in person_ids if person_id not in taken]


def read(token: str) -> Invitation:
    """The invitation of this token, not spent by looking.  Raises BadInvitation: unknown, spent and expired alike."""
    with current_app.extensions["store"].reading() as unit:
        found, now = unit.books.invitations.with_digest(digest(token)), unit.now
    if found is None or found.spent_at is not None or found.expires_at <= now:
        raise BadInvitation
    return found


def _permit(unit: Any, organisation_id: str) -> None:
    if unit.directory.organisation(organisation_id) is None:
        raise NotFound(NO_ORGANISATION)
    unit.permit(organisation_id)


def _holders(organisation_id: str, person_ids: Sequence[str]) -> Holders:
    """Who is no member and holds a grant at or below the organisation: by our own copy, and for who is not in it yet by what
    roster knows now: of one it is asked for, of many for its list, once."""
    with current_app.extensions["store"].reading() as unit:
        known = unit.books.places.members_among(person_ids)
        strangers = [person_id for person_id in person_ids if person_id not in known]
        found = unit.books.places.holders(organisation_id, strangers)
    missing, after = set(strangers) - set(found), ""
    whose = next(iter(missing)) if len(missing) == 1 else ""
    while missing:
        page = clients.call(ListGrants(organisation_id=organisation_id, person_id=whose, after=after, limit=GRANTS_AT_ONCE))
        found |= {view.person_id: (view.person_name, view.member_id) for view in page.items
                  if view.person_id in missing and view.state != "ended" and view.role != Role.SYSTEM}
        missing, after = missing - set(found), page.next
        if not after or whose:
            break
    return found


class _People:
    """Who may be invited at an organisation: its roll, and who holds a grant there."""

    def __init__(self, unit: Any, organisation_id: str, person_ids: Iterable[str], holders: Holders):
        wanted = list(dict.fromkeys(person_ids))
        self._taken = unit.books.accounts.among(wanted)
        self._known = dict(holders)
        self._known |= {id_: (name, id_) for id_, name in unit.books.places.on_the_roll(organisation_id, wanted).items()}

    def find(self, person_id: str) -> tuple[str, str]:
        """Name and member's id.  Refuses who has an account, and who is not there."""
        if person_id in self._taken:
            raise HasAccount
        if person_id not in self._known:
            raise Nobody
        return self._known[person_id]
