"""Spending an invitation: what its kind is for happens, an account is there, and the link is dead (X46)."""
from dataclasses import replace
from typing import Any

from flask import current_app, g

from services.gateway import presets
from services.gateway.identity import accounts, looks, passwords, rules
from services.gateway.identity.invitations import read
from services.gateway.identity.refusals import BadInvitation
from services.gateway.storage import Account, Invitation
from services.gateway.storage.accounts import NameTaken
from wire.contracts.actor import Actor
from wire.contracts.roster import AppointAdministrator, FoundCounty


def accept_county(token: str, *, code: str, name: str, person_name: str, username: str, password: str) -> Account:
    """Found the county and make its business administrator's account.  Interrupted half way, the same again goes on."""
    invitation = _open(token, "office")
    hashed = _ready(username, password, own_words=(person_name, name))
    founded = _call(FoundCounty(code=code, name=name, person_name=person_name), invitation, person_name)
    presets.begin(founded, person_name, key=invitation.id)
    return _spend(invitation, username=username, hashed=hashed, person_id=founded.person_id, name=person_name)


def accept_administrator(token: str, *, person_name: str, username: str, password: str) -> Account:
    """Make the account of the system or the audit administrator, once the county is founded; the same again goes on."""
    invitation = _open(token, "operator", "auditor")
    hashed = _ready(username, password, own_words=(person_name,))
    view = _call(AppointAdministrator(role=invitation.kind, person_name=person_name), invitation, person_name)
    return _spend(invitation, username=username, hashed=hashed, person_id=view.person_id, name=view.person_name)


def accept_account(token: str, *, username: str, password: str) -> Account:
    """Make the account of the invited person."""
    invitation = _open(token, "account")
    hashed = _ready(username, password, own_words=(invitation.name,))
    return _spend(invitation, username=username, hashed=hashed, person_id=invitation.person_id, member_id=invitation.member_id,
                  name=invitation.name)


def accept_reset(token: str, *, password: str) -> Account:
    """A new password by its owner's own hand; every session of the account ends (X14), and wherever it was locked for wrong ones it
    opens again (X6)."""
    invitation = _open(token, "reset")
    store = current_app.extensions["store"]
    with store.reading() as unit:
        account = unit.books.accounts.get(invitation.account_id)
    if account is None or account.state != "active":
        raise BadInvitation
    passwords.check(password, profile=rules.current().password_profile, own_words=accounts.own_words(account))
    hashed = passwords.hash_of(password)
    with store.writing() as unit:
        if not unit.books.invitations.spend(invitation.id, unit.now, account.id):
            raise BadInvitation
        changed = replace(account, password=hashed, version=account.version + 1, password_at=unit.now, must_change=False)
        unit.books.accounts.save(changed)
        unit.books.sessions.end_others(account.id)
        unit.books.failures.unlock(account.id)
        accounts.remember(unit, changed, "password_set", must_change=False)
        looks.write(unit, "set_new_password", account=account)
    return changed


def _open(token: str, *kinds: str) -> Invitation:
    found = read(token)
    if found.kind not in kinds:
        raise BadInvitation
    return found


def _ready(username: str, password: str, *, own_words: tuple[str, ...]) -> str:
    """Refuse what would fail later, before anything happens elsewhere; the hash of the password."""
    wanted = accounts.username_of(username)
    county = current_app.extensions["directory"].county_name()
    passwords.check(password, profile=rules.current().password_profile, own_words=(wanted, county, *own_words))
    with current_app.extensions["store"].reading() as unit:
        if unit.books.accounts.named(wanted) is not None:
            raise NameTaken
    return passwords.hash_of(password)


def _call(request: Any, invitation: Invitation, name: str) -> Any:
    """Asked of roster as this invitation, under a key that is the same every time."""
    return current_app.extensions["clients"].call(
        request, Actor(kind="invitation", person_id=invitation.id, name=name, address=looks.address()), key=invitation.id,
        correlation=g.get("correlation", ""), traceparent=g.get("traceparent", ""))


def _spend(invitation: Invitation, *, username: str, hashed: str, person_id: str, name: str, member_id: str = "") -> Account:
    with current_app.extensions["store"].writing() as unit:
        account = accounts.add(unit, username=username, hashed=hashed, person_id=person_id, member_id=member_id, name=name)
        if not unit.books.invitations.spend(invitation.id, unit.now, account.id):
            raise BadInvitation
        looks.write(unit, "make_account", account=account)
    return account

