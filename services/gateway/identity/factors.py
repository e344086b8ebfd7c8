"""The second factor (动态口令) of an account: enrolled by its owner, shown at sign-in, taken off by two administrators (X47).

A code is good once, a recovery code too; wrong ones count like wrong passwords.  Enrolling again, from an open session,
needs a code of the factor there is.
"""
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, g

from services.gateway.identity import accounts, failures, looks, rules, totp
from services.gateway.identity.refusals import HasFactor, NoFactor, NothingEnrolled, WrongCode
from services.gateway.storage import Account, Factor
from wire.bus.sealing import Unsealable, Vault
from wire.contracts.actor import Actor

CODES, LETTERS = 10, "abcdefghjkmnpqrstuvwxyz23456789"
HALF = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """``secret`` to be typed, ``address`` for the QR code; shown to the owner only, until a code of it was seen."""

    secret: str
    address: str


def needed(actor: Actor) -> bool:
    """Whether one of the roles this person holds asks for a second factor, by the county's policy (X13)."""
    return not waived() and any(held.role in rules.current().second_factor for held in actor.grants)


def waived() -> bool:
    """Whether nobody needs one here, whatever the policy says: the demonstration county, and a house whose operator opened it."""
    settings = current_app.extensions["gateway"]
    return settings.demonstration or settings.second_factor == "none"


def of(account: Account) -> Factor | None:
    """The factor in force for the account; one that waits for its first code is none."""
    with current_app.extensions["store"].reading() as unit:
        found = unit.books.factors.get(account.id)
    return found if found and found.active else None


def begin() -> Enrolment:
    """A new secret for whoever is signed in, good from the first code on; begun again before that, it stays the same.

    Refuses with HasFactor while another one is in force: ``take_off`` comes first.
    """
    account, vault = g.account, _vault()
    with current_app.extensions["store"].writing() as unit:
        known = unit.books.factors.get(account.id)
        if known and known.active:
            raise HasFactor
        secret = _secret(known) if known else None
        if secret is None:
            secret = totp.new_secret()
            unit.books.factors.keep(Factor(account_id=account.id, sealed=vault.seal(secret, account.id), active=False, last_step=0,
                                           created_at=unit.now))
    return _enrolment(secret)


def waiting() -> Enrolment | None:
    """What was begun and waits for its first code; None when nothing does."""
    with current_app.extensions["store"].reading() as unit:
        known = unit.books.factors.get(g.account.id)
    secret = _secret(known) if known and not known.active else None
    return _enrolment(secret) if secret else None


def codes_left() -> int:
    """How many recovery codes of whoever is signed in are unused."""
    with current_app.extensions["store"].reading() as unit:
        return unit.books.factors.codes_left(g.account.id)


def confirm(code: str) -> tuple[str, ...]:
    """The first code of the new factor puts it in force; ten recovery codes, told once.

    The account's other sessions end: they were opened without it.  Refuses with NothingEnrolled, WrongCode.
    """
    account = g.account
    mark = failures.mark_of(account.username)
    failures.count(mark, account.id)
    with current_app.extensions["store"].writing() as unit:
        known = unit.books.factors.get(account.id)
        if known is None or known.active:
            raise NothingEnrolled
        now = totp.step_of(unit.now)
        secret = _secret(known)
        step = totp.matching(secret, _typed(code), now) if secret else None
        if step is None:
            raise WrongCode
        # a sign-in under way, that was asked for no code, is over by this
        unit.books.accounts.save(replace(account, version=account.version + 1))
        unit.books.factors.keep(Factor(account_id=account.id, sealed=known.sealed, active=True, last_step=step, created_at=unit.now))
        unit.books.failures.clear(mark)
        unit.books.sessions.end_others(account.id, but=g.session.digest)
        accounts.remember(unit, replace(account, version=account.version + 1), "factor_enrolled")
        looks.write(unit, "enrol_factor", account=account)
        return _new_codes(unit, account)


def give_codes(code: str) -> tuple[str, ...]:
    """Ten new recovery codes for a code of the factor; the ones before end."""
    with _shown(code) as unit:
        accounts.remember(unit, g.account, "factor_codes")
        looks.write(unit, "new_recovery_codes", account=g.account)
        return _new_codes(unit, g.account)


def take_off(code: str) -> None:
    """The owner closes the factor with a code of it, to enrol another; who must have one can do nothing else before."""
    with _shown(code) as unit:
        unit.books.factors.drop(g.account.id)
        accounts.remember(unit, g.account, "factor_dropped")
        looks.write(unit, "drop_factor", account=g.account)


def fits(unit: Any, account: Account, code: str) -> bool:
    """Whether this is a good code of the account's factor now, or an unused recovery code; either is used up by it."""
    known, typed = unit.books.factors.get(account.id), _typed(code)
    if known is None or not known.active:
        return False
    secret, now = _secret(known), totp.step_of(unit.now)
    step = totp.matching(secret, typed, now) if secret and typed.isascii() and len(typed) == totp.DIGITS else None
    if step is not None:
        return unit.books.factors.use(account.id, step, now)
    return unit.books.factors.use_code(account.id, _vault().mark(account.id, typed), unit.now)


@contextmanager
def _shown(code: str) -> Iterator[Any]:
    """A unit that is opened by a good code of whoever is signed in; a wrong one counts and is refused."""
    mark = failures.mark_of(g.account.username)
    failures.count(mark, g.account.id)
    with current_app.extensions["store"].writing() as unit:
        if unit.books.factors.get(g.account.id) is None:
            raise NoFactor
        if not fits(unit, g.account, code):
            raise WrongCode
        unit.books.failures.clear(mark)
        yield unit


def _enrolment(secret: bytes) -> Enrolment:
    house = f"践诺{current_app.extensions['directory'].county_name()}"
    return Enrolment(secret=totp.written(secret), address=totp.address(secret, house=house, username=g.account.username))


def _new_codes(unit: Any, account: Account) -> tuple[str, ...]:
    codes = tuple("".join(secrets.choice(LETTERS) for _ in range(2 * HALF)) for _ in range(CODES))
    unit.books.factors.give_codes(account.id, (_vault().mark(account.id, code) for code in codes))
    return tuple(f"{code[:HALF]}-{code[HALF:]}" for code in codes)


def _typed(code: str) -> str:
    """As it was meant: full-width figures are figures, dashes and blanks are for reading."""
    return "".join(c for c in unicodedata.normalize("NFKC", code[:60]).casefold() if c.isalnum())


def _secret(known: Factor) -> bytes | None:
    """The secret; None when the secret file is another than it was sealed with, so that only recovery codes are left."""
    try:
        return _vault().open(known.sealed, known.account_id)
    except Unsealable:
        return None


def _vault() -> Vault:
    return current_app.extensions["vault"]
