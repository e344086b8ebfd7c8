"""Invitations (开通邀请): single use, 30 minutes; the token stands in the address's fragment and is spent by a POST (X46).

``county`` sets an empty system up; ``account`` lets somebody who holds a grant sign in.
"""
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, g

from services.gateway import clients
from services.gateway.identity import accounts, looks, passwords
from services.gateway.identity.refusals import BadInvitation, HasAccount
from services.gateway.identity.sessions import digest, new_token
from services.gateway.storage import Account, Invitation, Store
from services.gateway.storage.accounts import NameTaken
from wire.contracts.actor import Actor
from wire.contracts.calls import Forbidden, NotFound
from wire.contracts.roster import FoundCounty, ListGrants

PATH = "/invitation"
NO_ORGANISATION = "没有找到这个党组织，请从列表重新选择。"
NOT_YOURS = "只有县级管理员可以邀请，请联系县级管理员办理。"
NOBODY = "这位同志不在本党组织的名册里，也没有权限，请先登记或开通权限，再发邀请。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """``path`` with the token in its fragment, to be put after the house's address; told once."""

    token: str
    path: str
    expires_at: datetime


def issue(store: Store, kind: str, *, seconds: int, person_id: str = "", member_id: str = "", name: str = "",
          invited_by: str = "") -> Invited:
    """A new invitation; unspent ones of the same kind for the same person end."""
    token = new_token()
    with store.writing() as unit:
        unit.books.invitations.void(kind, person_id, unit.now)
        expires = unit.now + timedelta(seconds=seconds)
        unit.books.invitations.add(Invitation(
            id=unit.new_id("inv"), digest=digest(token), kind=kind, person_id=person_id, member_id=member_id, name=name,
            invited_by=invited_by, created_at=unit.now, expires_at=expires))
    return Invited(token=token, path=f"{PATH}#{token}", expires_at=expires)


def invite(organisation_id: str, person_id: str) -> Invited:
    """Invite a member of the organisation or of one below it, or somebody who holds a grant there (a clerk who is no member).

    Only an administrator (县级管理员) of it or of what is above it may, by the grants of this moment.  Refuses a person
    who is not there, and one who has an account.
    """
    store, account = current_app.extensions["store"], g.account
    held = current_app.extensions["clients"].grants(account.person_id, now=True)
    with store.reading() as unit:
        place = unit.directory.organisation(organisation_id)
        if not any(h.role == "office" and unit.directory.within(organisation_id, h.organisation_id) for h in held):
            raise (NotFound(NO_ORGANISATION) if place is None else Forbidden(NOT_YOURS))
        member = unit.directory.member(person_id)
        if member and not (member["state"] == "active" and unit.directory.within(member["organisation_id"], organisation_id)):
            member = None
        if any(known.state == "active" for known in unit.books.accounts.of_person(person_id)):
            raise HasAccount
    name, member_id = (member["name"], person_id) if member else _holder(organisation_id, person_id)
    invited = issue(store, "account", seconds=current_app.extensions["gateway"].invitation_seconds, person_id=person_id,
                    member_id=member_id, name=name, invited_by=account.id)
    looks.note("invited", person_id)
    return invited


def _holder(organisation_id: str, person_id: str) -> tuple[str, str]:
    """Name and member's id of somebody who holds a grant at or below the organisation, as roster knows it now."""
    for view in clients.call(ListGrants(organisation_id=organisation_id, person_id=person_id, limit=1)).items:
        if view.person_id == person_id and view.state == "given":
            return view.person_name, view.member_id
    raise NotFound(NOBODY)


def read(token: str) -> Invitation:
    """The invitation of this token, not spent by looking.  Raises BadInvitation: unknown, spent and expired alike."""
    with current_app.extensions["store"].reading() as unit:
        found, now = unit.books.invitations.with_digest(digest(token)), unit.now
    if found is None or found.spent_at is not None or found.expires_at <= now:
        raise BadInvitation
    return found


def accept_county(token: str, *, code: str, name: str, person_name: str, username: str, password: str) -> Account:
    """Found the county and make its first administrator's account.  Interrupted half way, the same again goes on."""
    invitation = _open(token, "county")
    hashed = _ready(username, password, own_words=(person_name, name))
    founded = current_app.extensions["clients"].call(
        FoundCounty(code=code, name=name, person_name=person_name),
        Actor(kind="invitation", person_id=invitation.id, name=person_name), key=invitation.id,
        correlation=g.get("correlation", ""), traceparent=g.get("traceparent", ""))
    return _spend(invitation, username=username, hashed=hashed, person_id=founded.person_id, member_id="", name=person_name)


def accept_account(token: str, *, username: str, password: str) -> Account:
    """Make the account of the invited person."""
    invitation = _open(token, "account")
    hashed = _ready(username, password, own_words=(invitation.name,))
    return _spend(invitation, username=username, hashed=hashed, person_id=invitation.person_id, member_id=invitation.member_id,
                  name=invitation.name)


def _open(token: str, kind: str) -> Invitation:
    found = read(token)
    if found.kind != kind:
        raise BadInvitation
    return found


def _ready(username: str, password: str, *, own_words: tuple[str, ...]) -> str:
    """Refuse what would fail later, before anything happens elsewhere; the hash of the password."""
    wanted = accounts.username_of(username)
    passwords.check(password, profile=current_app.extensions["gateway"].password_profile, own_words=(wanted, *own_words))
    with current_app.extensions["store"].reading() as unit:
        if unit.books.accounts.named(wanted) is not None:
            raise NameTaken("这个用户名已有人使用，请换一个。", errors={"username": "已有人使用，请换一个。"})
    return passwords.hash_of(password)


def _spend(invitation: Invitation, *, username: str, hashed: str, person_id: str, member_id: str, name: str) -> Account:
    with current_app.extensions["store"].writing() as unit:
        if not unit.books.invitations.spend(invitation.id, unit.now):
            raise BadInvitation
        account = accounts.add(unit, username=username, hashed=hashed, person_id=person_id, member_id=member_id, name=name)
        looks.write(unit, "account_made", account=account)
    return account
