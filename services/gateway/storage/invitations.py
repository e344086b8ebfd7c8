"""Invitations (开通邀请): single use, short-lived, kept as a digest."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, insert, select, update

from services.gateway.storage.tables import invitation
from wire.bus.tables import drop_some

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

    def add(self, new: Invitation) -> None:
        self._sql.execute(insert(invitation).values(**{name: getattr(new, name) for name in Invitation.__slots__}))

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
        """What these people were sent until then and have not used ends."""
        for start in range(0, len(person_ids), 500):
            self._sql.execute(update(invitation).where(
                invitation.c.kind == "account", invitation.c.person_id.in_(person_ids[start:start + 500]), invitation.c.created_at <= until,
                invitation.c.spent_at.is_(None)).values(spent_at=now))

    def void(self, kind: str, person_id: str, now: datetime) -> None:
        """A newer invitation of the same kind for the same person replaces the unspent ones."""
        self._sql.execute(update(invitation).where(
            invitation.c.kind == kind, invitation.c.person_id == person_id, invitation.c.spent_at.is_(None)).values(spent_at=now))

    def sweep(self, before: datetime) -> int:
        """Forget what was spent or ran out before then.  The invitations that set the system up stay: whether one of them made
        an account decides whether it is given again (``used``)."""
        return drop_some(self._sql, invitation, invitation.c.kind.in_(PASSING),
                         func.coalesce(invitation.c.spent_at, invitation.c.expires_at) < before)
