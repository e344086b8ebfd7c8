"""Sessions: 256 random bits, kept as a digest, new at sign-in, dead at sign-out, idle and absolute ends (X9–X12).

A browser carries the identifier in a cookie, another system in the Authorization header; under /api only the header
counts, so that no foreign page can make a browser act there.
"""
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, g, request, session as form_cookie
from werkzeug.wrappers import Response

from services.gateway.identity import looks, rules
from services.gateway.identity.refusals import TicketEnded
from services.gateway.domain.policy import SignInPolicy
from services.gateway.storage import Account, Session, Store

SECURE_COOKIE, PLAIN_COOKIE = "__Host-jn_session", "jn_session"
#: a session is written as seen at most this often
SEEN_EVERY = timedelta(seconds=60)
TOKEN_LENGTH = 43
#: in the cookie of forms: the account that fills them in
WHOSE = "whose"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """``token`` is told once and kept nowhere."""

    account: Account
    token: str
    expires_at: datetime


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def begin(account: Account, kind: str) -> SignedIn:
    """A new session for the account, whatever the browser carried before.

    Refused with TicketEnded when the account was changed or disabled since ``account`` was read: what was shown for it, the
    password above all, may hold no longer, and its change has ended the sessions it could see (X5, X14).
    """
    store, lasting = _store(), timedelta(hours=rules.current().absolute_hours)
    token = new_token()
    with store.writing() as unit:
        if not unit.books.accounts.signed_in(account, unit.now):
            raise TicketEnded
        ends = unit.now + lasting
        unit.books.sessions.add(Session(
            digest=digest(token), account_id=account.id, kind=kind, created_at=unit.now, seen_at=unit.now, expires_at=ends,
            address=looks.address(), device=request.headers.get("User-Agent", "")[:300]))
        looks.write(unit, "sign_in", account=account)
    return SignedIn(account=account, token=token, expires_at=ends)


def hand_over(response: Response, signed_in: SignedIn) -> Response:
    """Put the session into the browser's hands, and drop what forms kept there before; from now on they are this account's."""
    form_cookie.clear()
    form_cookie[WHOSE] = signed_in.account.id
    secure = request.is_secure
    response.set_cookie(SECURE_COOKIE if secure else PLAIN_COOKIE, signed_in.token, secure=secure, httponly=True, samesite="Lax", path="/")
    return response


def forms_of(account: Account) -> bool:
    """Whether the forms of this browser were given to this account; those nobody signed in for are anybody's."""
    return form_cookie.get(WHOSE, account.id) == account.id


def at_the_door() -> tuple[Session, Account] | None:
    """The session this request carries and whose it is; None when there is none, it ended, or the account is disabled."""
    token = carried()
    if len(token) != TOKEN_LENGTH:
        return None
    store, policy = _store(), rules.current()
    with store.reading() as unit:
        found, now = unit.books.sessions.with_account(digest(token)), unit.now
    if found is None:
        return None
    session, account = found
    idle = now - session.seen_at
    if account.state != "active" or not _open(session, policy, now):
        with store.writing() as unit:
            unit.books.sessions.end(session.digest)
        return None
    if idle >= SEEN_EVERY:
        with store.writing() as unit:
            unit.books.sessions.seen(session.digest, now)
    return session, account


def carried() -> str:
    """The identifier in this request, or nothing."""
    if request.path.startswith("/api/"):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""
    return request.cookies.get(SECURE_COOKIE if request.is_secure else PLAIN_COOKIE, "")


def mine() -> list[Session]:
    """The sessions of whoever is signed in that still open something, the one used last first."""
    policy = rules.current()
    with _store().reading() as unit:
        return [one for one in unit.books.sessions.of_account(g.account.id) if _open(one, policy, unit.now)]


def name_of(session: Session) -> str:
    """By which a session is named to its owner; it opens nothing."""
    return session.digest[:16]


def end_mine(name: str) -> bool:
    """End one of one's own sessions from afar; whether it was there.  The one at hand is left by signing out."""
    found = next((one for one in mine() if name_of(one) == name and one.digest != g.session.digest), None)
    if found is not None:
        with _store().writing() as unit:
            unit.books.sessions.end(found.digest)
            looks.write(unit, "end_session", account=g.account)
    return found is not None


def end_others() -> int:
    """End all of one's own sessions but the one at hand; how many.  Again: none."""
    with _store().writing() as unit:
        ended = unit.books.sessions.end_others(g.account.id, but=g.session.digest)
        looks.write(unit, "end_other_sessions", account=g.account)
    return ended


def sign_out(response: Response) -> Response:
    """End this session.  Again, or without one: nothing happens."""
    if "session" in g:
        with _store().writing() as unit:
            unit.books.sessions.end(g.session.digest)
            looks.write(unit, "sign_out", account=g.account)
        current_app.extensions["clients"].forget(g.account.person_id)
    form_cookie.clear()
    response.delete_cookie(SECURE_COOKIE if request.is_secure else PLAIN_COOKIE, path="/", secure=request.is_secure,
                           httponly=True, samesite="Lax")
    return response


def _open(session: Session, policy: SignInPolicy, now: datetime) -> bool:
    """Whether it still opens something: a limit made shorter meanwhile holds for sessions under way, a longer one does not (X9)."""
    ends = min(session.expires_at, session.created_at + timedelta(hours=policy.absolute_hours))
    return now < ends and now - session.seen_at < timedelta(minutes=policy.idle_minutes)


def _store() -> Store:
    return current_app.extensions["store"]
