"""Invitations (开通邀请): single use, short-lived, kept as a digest."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select, update

from services.gateway.storage.tables import UNSPENT, invitation
from wire.bus.sets import among
from wire.bus.tables import INSERTS, drop_some

#: kinds there are many of
PASSING = ("account", "reset")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """``kind``: office, operator and auditor set the system up; account gives a known person a way to sign in, reset a new
    password to one who has one.  ``account_id``: the account it made or is for."""

    id: str
    digest: str
    kind: str
    person_id: str
    member_id: str
    name: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    spent_at: datetime | None = None
    account_id: str = ""


class InvitationBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def issue(self, new: Sequence[Invitation]) -> None:
        """Keep these, one for a person and kind, each in the place of the unspent one there was: that link opens nothing any more,
        and of two lists at one moment one link for each person is good."""
        statement: Any = INSERTS[self._sql.dialect.name](invitation)
        statement = statement.on_conflict_do_update(
            index_elements=["kind", "person_id"], index_where=UNSPENT,
            set_={name: statement.excluded[name] for name in Invitation.__slots__ if name not in ("kind", "person_id", "spent_at")})
        if new:
            # in one order, so that two lists wait for one another and do not block each other
            self._sql.execute(statement, [{name: getattr(one, name) for name in Invitation.__slots__}
                                          for one in sorted(new, key=lambda one: one.person_id)])

    def with_digest(self, digest: str) -> Invitation | None:
        row = self._sql.execute(select(invitation).where(invitation.c.digest == digest)).first()
        return Invitation(**row._mapping) if row else None

    def spend(self, invitation_id: str, now: datetime, account_id: str = "") -> bool:
        """Whether it could be spent: unspent and in time.  Only one of two who try at once can."""
        return self._sql.execute(update(invitation).where(
            invitation.c.id == invitation_id, invitation.c.spent_at.is_(None), invitation.c.expires_at > now,
        ).values(spent_at=now, account_id=account_id)).rowcount == 1

    def used(self, kinds: Iterable[str]) -> dict[str, bool]:
        """Of these kinds, which were ever issued, and whether one of them made an account."""
        made = func.max(case((invitation.c.account_id != "", 1), else_=0))
        found = self._sql.execute(select(invitation.c.kind, made).where(invitation.c.kind.in_(list(kinds))).group_by(invitation.c.kind))
        return {kind: bool(one) for kind, one in found}

    def void_of_account(self, account_id: str, now: datetime) -> None:
        """The unspent ones for this account end: it was disabled, or its owner found the password again."""
        self._sql.execute(update(invitation).where(
            invitation.c.account_id == account_id, invitation.c.spent_at.is_(None)).values(spent_at=now))

    def withdraw(self, person_ids: Sequence[str], until: datetime, now: datetime) -> None:
        """What these people, of one request, were sent until then and have not used ends."""
        self._sql.execute(update(invitation).where(
            invitation.c.kind == "account", among(self._sql, invitation.c.person_id, person_ids), invitation.c.created_at <= until,
            invitation.c.spent_at.is_(None)).values(spent_at=now))

    def sweep(self, before: datetime) -> int:
        """Forget what was spent or ran out before then.  The invitations that set the system up stay: whether one of them made
        an account decides whether it is given again (``used``)."""
        return drop_some(self._sql, invitation, invitation.c.kind.in_(PASSING),
                         func.coalesce(invitation.c.spent_at, invitation.c.expires_at) < before)
