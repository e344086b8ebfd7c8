"""Accounts: made from an invitation or by the demonstration, and their password changed by their owner."""
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import current_app, g

from services.gateway.identity import failures, looks, passwords, rules
from services.gateway.identity.refusals import BadUsername, SamePassword, WrongPassword
from services.gateway.storage import Account
from services.gateway.storage.accounts import HasAccount, fold
from wire.contracts.ports import Unit

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,31}", re.ASCII)


def username_of(typed: str) -> str:
    """The username as it is kept.  Refuses what cannot be typed on every keyboard."""
    folded = fold(typed)
    if not USERNAME.fullmatch(folded):
        raise BadUsername("用户名用 3 到 32 个字母、数字、点、横线或下划线，以字母或数字开头，请改正。")
    return folded


def own_words(account: Account) -> tuple[str, ...]:
    """What everybody knows about the account and so may not be in its password."""
    return account.username, account.name, current_app.extensions["directory"].county_name()


def add(unit: Unit, *, username: str, hashed: str, person_id: str, member_id: str, name: str, must_change: bool = False) -> Account:
    """A new account, within a transaction.  Refuses a name in use, and a person who has an account."""
    if any(known.state == "active" for known in unit.books.accounts.of_person(person_id)):
        raise HasAccount
    account = Account(
        id=unit.new_id("acc"), username=username_of(username), password=hashed, person_id=person_id, member_id=member_id, name=name,
        state="active", version=1, created_at=unit.now, password_at=unit.now, must_change=must_change)
    unit.books.accounts.add(account)
    remember(unit, account, "opened", username=account.username, state=account.state, must_change=must_change)
    return account


def remember(unit: Unit, account: Account, what: str, **state: Any) -> None:
    """A line in the history of an account for what its owner did to it; nothing that was typed is in it."""
    unit.remember("gateway.account", account.id, account.version, what, {"acted_by": account.person_id, "acted_by_name": account.name, **state})


def must_change(account: Account, now: datetime) -> bool:
    """Whether the password must be changed before anything else: it was given by somebody, demanded, or is too old (X4)."""
    days = passwords.PROFILES[rules.current().password_profile].days
    return account.must_change or bool(days) and (now - account.password_at).days >= days


def change_password(old: str, new: str) -> None:
    """Change one's own password: the old one is needed, the account's other sessions end (X5).

    A wrong old one counts like a failed sign-in, so that an open window is no place to guess at.
    """
    store, account = current_app.extensions["store"], g.account
    mark = failures.mark_of(account.username)
    failures.count(mark, account.id)
    if not passwords.fits(account.password, old[:passwords.LONGEST * 4]):
        looks.note("gateway.change_password", account.person_id, result=WrongPassword.code)
        raise WrongPassword
    passwords.check(new, profile=rules.current().password_profile, own_words=own_words(account), field="new_password")
    if passwords.same(old, new):
        raise SamePassword
    hashed = passwords.hash_of(new)
    with store.writing() as unit:
        unit.books.failures.clear(mark)
        changed = replace(account, password=hashed, version=account.version + 1, password_at=unit.now, must_change=False)
        unit.books.accounts.save(changed)
        remember(unit, changed, "password_changed", must_change=False)
        unit.books.sessions.end_others(account.id, but=g.session.digest)
        unit.books.invitations.void_of_account(account.id, unit.now)
        looks.write(unit, "change_password", account=account)
