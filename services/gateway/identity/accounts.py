"""Accounts: made from an invitation or by the demonstration, and their password changed by their owner."""
import re
from dataclasses import replace

from flask import current_app, g

from services.gateway.identity import looks, passwords
from services.gateway.identity.refusals import BadUsername, HasAccount, WrongPassword
from services.gateway.storage import Account
from services.gateway.storage.accounts import fold
from wire.contracts.ports import Unit

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,31}", re.ASCII)


def username_of(typed: str) -> str:
    """The username as it is kept.  Refuses what cannot be typed on every keyboard."""
    folded = fold(typed)
    if not USERNAME.fullmatch(folded):
        raise BadUsername("用户名用 3 到 32 个字母、数字、点、横线或下划线，以字母或数字开头，请改正。")
    return folded


def add(unit: Unit, *, username: str, hashed: str, person_id: str, member_id: str, name: str) -> Account:
    """A new account, within a transaction.  Refuses a name in use, and a person who has an account."""
    if any(known.state == "active" for known in unit.books.accounts.of_person(person_id)):
        raise HasAccount
    account = Account(
        id=unit.new_id("acc"), username=username_of(username), password=hashed, person_id=person_id, member_id=member_id, name=name,
        state="active", version=1, created_at=unit.now, password_at=unit.now)
    unit.books.accounts.add(account)
    return account


def change_password(old: str, new: str) -> None:
    """Change one's own password: the old one is needed, the account's other sessions end (X5)."""
    store, settings, account = current_app.extensions["store"], current_app.extensions["gateway"], g.account
    if not passwords.fits(account.password, old[:passwords.LONGEST * 4]):
        raise WrongPassword
    passwords.check(new, profile=settings.password_profile, own_words=(account.username, account.name), field="new_password")
    hashed = passwords.hash_of(new)
    with store.writing() as unit:
        unit.books.accounts.save(replace(account, password=hashed, version=account.version + 1, password_at=unit.now))
        unit.books.sessions.end_others(account.id, but=g.session.digest)
        looks.write(unit, "password_changed", account=account)
