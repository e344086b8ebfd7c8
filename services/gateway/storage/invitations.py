"""Invitations (开通邀请): single use, short-lived, kept as a digest."""
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from services.gateway.storage.tables import invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """``kind``: county sets the system up, account gives a known person a way to sign in."""

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


class InvitationBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def add(self, new: Invitation) -> None:
        self._sql.execute(insert(invitation).values(**{name: getattr(new, name) for name in Invitation.__slots__}))

    def with_digest(self, digest: str) -> Invitation | None:
        row = self._sql.execute(select(invitation).where(invitation.c.digest == digest)).first()
        return Invitation(**row._mapping) if row else None

    def spend(self, invitation_id: str, now: datetime) -> bool:
        """Whether it could be spent: unspent and in time.  Only one of two who try at once can."""
        return self._sql.execute(update(invitation).where(
            invitation.c.id == invitation_id, invitation.c.spent_at.is_(None), invitation.c.expires_at > now,
        ).values(spent_at=now)).rowcount == 1

    def void(self, kind: str, person_id: str, now: datetime) -> None:
        """A newer invitation of the same kind for the same person replaces the unspent ones."""
        self._sql.execute(update(invitation).where(
            invitation.c.kind == kind, invitation.c.person_id == person_id, invitation.c.spent_at.is_(None)).values(spent_at=now))
