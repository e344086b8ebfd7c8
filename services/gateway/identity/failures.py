"""Failed tries, of passwords and codes alike, counted per name and address: so many as the policy says, five by default, lock that
name there for as long as it says (X6).  Names nobody has are counted as well, and nobody elsewhere is kept out (X7)."""
import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from flask import current_app, request

from services.gateway.addresses import network_of
from services.gateway.identity import rules
from services.gateway.identity.refusals import Locked
from services.gateway.storage.accounts import fold
from services.gateway.storage.sessions import Failure


def mark_of(username: str) -> str:
    """Under which the failures of this name from this address are counted."""
    return hashlib.sha256(f"{fold(username)}\0{network_of(request.remote_addr or '')}".encode("utf-8", "replace")).hexdigest()


def count(mark: str, account_id: str = "") -> datetime | None:
    """Count this try before the password is looked at, so that a hundred at once are not a hundred guesses; until when it locks
    the name at this address, if it does.  ``account_id``: whose name it is, so that an administrator sees it.  Raises Locked."""
    policy = rules.current()
    lock = timedelta(minutes=policy.lock_minutes)
    with current_app.extensions["store"].writing() as unit:
        known = unit.books.failures.held(mark, unit.now)
        # locked for longer than the rule says, the clock was ahead when it was: nobody is (T29)
        if known.locked_until and unit.now < known.locked_until <= unit.now + lock:
            raise Locked(max(1, -int(-(known.locked_until - unit.now).total_seconds() // 60)), opens(known.locked_until))
        if known.locked_until or unit.now - known.first_at > lock:
            known = Failure(digest=mark, tries=0, first_at=unit.now, locked_until=None)
        tries = known.tries + 1
        until = unit.now + lock if tries >= policy.tries else None
        unit.books.failures.keep(replace(known, tries=tries, locked_until=until, locked_at=unit.now if until else None,
                                            account_id=account_id, network=network_of(request.remote_addr or "")))
    return until


def uncount(mark: str) -> None:
    """The try just counted was no failure, but not the whole of a sign-in either: a code is still to come."""
    with current_app.extensions["store"].writing() as unit:
        known = unit.books.failures.held(mark, unit.now)
        unit.books.failures.keep(replace(known, tries=max(0, known.tries - 1), locked_until=None, locked_at=None))


def opens(until: datetime) -> str:
    """The minute from which one may try again, on the county's clocks."""
    up = until + timedelta(seconds=59)
    return f"{up.astimezone(current_app.extensions['clock'].zone):%H:%M}"
