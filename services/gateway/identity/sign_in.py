"""Signing in: the unknown are answered like the known, in words and work (X8); who has a second factor shows a code as well.

A browser asks for the code on a second page and carries a signed ticket there, good for five minutes; another system
sends name, password and code together.
"""
from datetime import UTC, datetime, timedelta

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer

from services.gateway.addresses import is_loopback
from services.gateway.identity import factors, failures, looks, passwords, rules, sessions
from services.gateway.identity.refusals import CodeNeeded, NotSignedIn, PlainHttp, TicketEnded, WrongCode
from services.gateway.identity.sessions import SignedIn
from services.gateway.storage import Account

TICKET_SECONDS = 300


def sign_in(username: str, password: str, kind: str = "browser", code: str = "") -> SignedIn:
    """Begin a session.  Raises NotSignedIn, WrongCode, CodeNeeded (with a ticket for ``go_on``), Locked after so many
    failures of this name from this address as the policy allows, PlainHttp, TicketEnded where the account changed meanwhile.
    """
    _staff_only()
    mark = failures.mark_of(username)
    with current_app.extensions["store"].reading() as unit:
        account = unit.books.accounts.named(username)
    locked_until = failures.count(mark, account.id if account else "")
    usable = account is not None and account.state == "active"
    fits = passwords.fits(account.password if account and usable else None, password[:passwords.LONGEST * 4])
    if not (fits and account):
        raise _refused(account, locked_until)
    if factors.of(account):
        if not code:
            failures.uncount(mark)
            raise CodeNeeded(_ticket(account))
        _show(account, code)
    return _begin(account, kind, mark)


def go_on(ticket: str, code: str) -> SignedIn:
    """The second step of a browser: the ticket of the first, and a code.  Raises TicketEnded, WrongCode, Locked."""
    _staff_only()
    account = _holder(ticket)
    mark = failures.mark_of(account.username)
    failures.count(mark, account.id)
    _show(account, code)
    return _begin(account, "browser", mark)


def _staff_only() -> None:
    if not (request.is_secure or is_loopback(request.remote_addr or "")):
        raise PlainHttp


def _show(account: Account, code: str) -> None:
    with current_app.extensions["store"].writing() as unit:
        fits = factors.fits(unit, account, code)
        if not fits:
            looks.write(unit, "sign_in", account=account, result=WrongCode.code)
    if not fits:
        raise WrongCode


def _begin(account: Account, kind: str, mark: str) -> SignedIn:
    begun = sessions.begin(account, kind)
    with current_app.extensions["store"].writing() as unit:
        unit.books.failures.clear(mark)
    return begun


def _refused(account: Account | None, locked_until: datetime | None) -> NotSignedIn:
    policy = rules.current()
    with current_app.extensions["store"].writing() as unit:
        looks.write(unit, "sign_in", account=account, result=NotSignedIn.code)
    return NotSignedIn(policy.tries, policy.lock_minutes, failures.opens(locked_until) if locked_until else "")


def _ticket(account: Account) -> str:
    ends = current_app.extensions["clock"].now() + timedelta(seconds=TICKET_SECONDS)
    return _signer().dumps([account.id, account.version, int(ends.timestamp())])


def _holder(ticket: str) -> Account:
    """Whose ticket it is; none once the account was changed in the meantime."""
    try:
        account_id, version, ends = _signer().loads(ticket[:500])
    except (BadData, ValueError, TypeError):
        raise TicketEnded from None
    with current_app.extensions["store"].reading() as unit:
        account, now = unit.books.accounts.get(account_id), unit.now
    if account is None or account.state != "active" or account.version != version or now >= datetime.fromtimestamp(ends, UTC):
        raise TicketEnded
    return account


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="sign-in ticket")
