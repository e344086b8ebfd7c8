"""Signing in: the unknown are answered like the known, in words and time; failures lock a name at an address (X6–X8)."""
import hashlib
from datetime import datetime, timedelta

from flask import current_app, request

from services.gateway.addresses import is_loopback
from services.gateway.identity import looks, passwords, sessions
from services.gateway.identity.refusals import Locked, NotSignedIn, PlainHttp
from services.gateway.identity.sessions import SignedIn
from services.gateway.storage.accounts import fold
from services.gateway.storage.sessions import Failure


def sign_in(username: str, password: str, kind: str = "browser") -> SignedIn:
    """Begin a session.  Raises NotSignedIn, Locked after so many failures of this name from this address as the settings allow, PlainHttp.

    Every try is counted before the password is looked at, so that a hundred tries at once are not a hundred guesses.
    """
    if not (request.is_secure or is_loopback(request.remote_addr or "")):
        raise PlainHttp
    mark = _mark(username)
    locked_until = _count(mark)
    store = current_app.extensions["store"]
    with store.reading() as unit:
        account = unit.books.accounts.named(username)
    usable = account is not None and account.state == "active"
    fits = passwords.fits(account.password if account and usable else None, password[:passwords.LONGEST * 4])
    if not (fits and account):
        with store.writing() as unit:
            looks.write(unit, "sign_in_failed", account=account)
        settings = current_app.extensions["gateway"]
        raise NotSignedIn(settings.tries, settings.lock_seconds // 60, _opens(locked_until) if locked_until else "")
    with store.writing() as unit:
        unit.books.failures.clear(mark)
    return sessions.begin(account, kind)


def _count(mark: str) -> datetime | None:
    """Count this try; until when it locks the name, if it does."""
    settings = current_app.extensions["gateway"]
    lock = timedelta(seconds=settings.lock_seconds)
    with current_app.extensions["store"].writing() as unit:
        unit.books.failures.sweep(unit.now - 2 * lock)
        known = unit.books.failures.get(mark)
        if known and known.locked_until and known.locked_until > unit.now:
            raise Locked(max(1, -int(-(known.locked_until - unit.now).total_seconds() // 60)), _opens(known.locked_until))
        if known is None or known.locked_until or unit.now - known.first_at > lock:
            known = Failure(digest=mark, tries=0, first_at=unit.now, locked_until=None)
        tries = known.tries + 1
        until = unit.now + lock if tries >= settings.tries else None
        unit.books.failures.keep(Failure(digest=mark, tries=tries, first_at=known.first_at, locked_until=until))
    return until


def _opens(until: datetime) -> str:
    """The minute from which one may try again, on the county's clocks."""
    up = until + timedelta(seconds=59)
    return f"{up.astimezone(current_app.extensions['clock'].zone):%H:%M}"


def _mark(username: str) -> str:
    return hashlib.sha256(f"{fold(username)}\0{request.remote_addr}".encode("utf-8", "replace")).hexdigest()
