"""Sessions and failed sign-ins.  What is secret is kept as a digest only."""
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from services.gateway.storage.accounts import Account
from services.gateway.storage.tables import account, failure, session
from wire.bus.tables import INSERTS, drop_some, upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """``kind``: browser or bearer.  ``expires_at`` is the absolute end; ``device`` is what the browser calls itself."""

    digest: str
    account_id: str
    kind: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str = ""
    device: str = ""


class SessionBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def add(self, new: Session) -> None:
        self._sql.execute(insert(session).values(**{name: getattr(new, name) for name in Session.__slots__}))

    def with_account(self, digest: str) -> tuple[Session, Account] | None:
        """The session and whose it is, in one read: a disabled account is seen at once."""
        row = self._sql.execute(
            select(*(c.label("s_" + c.name) for c in session.c), *account.c)
            .join_from(session, account, account.c.id == session.c.account_id).where(session.c.digest == digest)).first()
        if row is None:
            return None
        found = row._mapping
        return (Session(**{n: found["s_" + n] for n in Session.__slots__}), Account(**{n: found[n] for n in Account.__slots__}))

    def of_account(self, account_id: str) -> list[Session]:
        """The account's sessions, the one used last first."""
        found = self._sql.execute(select(session).where(session.c.account_id == account_id).order_by(session.c.seen_at.desc(), session.c.digest))
        return [Session(**row._mapping) for row in found]

    def seen(self, digest: str, at: datetime) -> None:
        self._sql.execute(update(session).where(session.c.digest == digest).values(seen_at=at))

    def end(self, digest: str) -> None:
        self._sql.execute(delete(session).where(session.c.digest == digest))

    def end_others(self, account_id: str, but: str = "") -> int:
        """End every session of the account except ``but``; returns how many."""
        return self._sql.execute(delete(session).where(session.c.account_id == account_id, session.c.digest != but)).rowcount

    def sweep(self, now: datetime, idle: timedelta) -> int:
        """Forget what opens nothing any more: past its end, or unused for so long."""
        return drop_some(self._sql, session, or_(session.c.expires_at <= now, session.c.seen_at <= now - idle))


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """``account_id``: whose name it is, empty for a name nobody has; ``network``: from where."""

    digest: str
    tries: int
    first_at: datetime
    locked_until: datetime | None
    locked_at: datetime | None = None
    account_id: str = ""
    network: str = ""


class FailureBook:
    """Failed sign-ins per username and address, known and unknown usernames alike."""

    def __init__(self, sql: Connection):
        self._sql = sql

    def held(self, digest: str, now: datetime) -> Failure:
        """The failures of this mark, none where there were none, for whoever counts on: everybody else who counts there waits
        for the end of this transaction."""
        first: Any = INSERTS[self._sql.dialect.name](failure).values(
            digest=digest, tries=0, first_at=now, account_id="", network="").on_conflict_do_nothing()
        while True:
            self._sql.execute(first)
            row = self._sql.execute(select(failure).where(failure.c.digest == digest).with_for_update()).first()
            # gone again where whoever signed in meanwhile cleared it between the two
            if row is not None:
                return Failure(**row._mapping)

    def keep(self, one: Failure) -> None:
        upsert(self._sql, failure, ("digest",), [{name: getattr(one, name) for name in Failure.__slots__}])

    def clear(self, digest: str) -> None:
        self._sql.execute(delete(failure).where(failure.c.digest == digest))

    def locked(self, account_ids: Collection[str], now: datetime) -> list[Failure]:
        """Where these accounts cannot sign in now, the longest ago first."""
        found = self._sql.execute(select(failure).where(
            failure.c.locked_until > now, failure.c.account_id.in_(account_ids)).order_by(failure.c.locked_at, failure.c.digest))
        return [Failure(**row._mapping) for row in found]

    def unlock(self, account_id: str) -> None:
        """Forget every failure of the account, wherever it was tried."""
        self._sql.execute(delete(failure).where(failure.c.account_id == account_id))

    def sweep(self, before: datetime) -> int:
        """Forget what began before then."""
        return drop_some(self._sql, failure, failure.c.first_at < before)
