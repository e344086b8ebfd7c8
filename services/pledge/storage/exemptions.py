"""The book of exemptions 免予承诺: one open of a member and branch at a time, saved if nobody else saved it meanwhile."""
from collections.abc import Collection
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, or_, select, update

from services.pledge.domain.exemption import OPEN, Exemption
from services.pledge.storage.tables import exemptions
from wire.bus.tables import INSERTS, among
from wire.contracts.calls import Stale
from wire.directory import members, organisations, pledges_at

CHANGED_MEANWHILE = "这项免诺刚刚被别人办理过，请刷新页面，核对后再办理。"
_NAMES = tuple(f.name for f in fields(Exemption))
_COLUMNS = [exemptions.c[name] for name in _NAMES]


class ExemptionBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def get(self, exemption_id: str) -> Exemption | None:
        """To be changed: on PostgreSQL held until the unit ends; None when unknown."""
        return next(iter(self._load(exemptions.c.id == exemption_id, lock=True)), None)

    def peek(self, exemption_id: str) -> Exemption | None:
        """For reading: neither waits nor makes anybody wait."""
        return next(iter(self._load(exemptions.c.id == exemption_id)), None)

    def open_of(self, member_ids: Collection[str]) -> list[Exemption]:
        """What is open of these members, in any branch; held as by ``get``."""
        if not member_ids:
            return []
        return self._load(among(self._sql, exemptions.c.member_id, sorted(member_ids)), exemptions.c.state.in_(OPEN), lock=True)

    def exempt(self, member_ids: Collection[str], organisation_ids: Collection[str], day: date) -> set[str]:
        """Which of these members are exempt in one of these branches on that day."""
        if not member_ids:
            return set()
        return set(self._sql.scalars(select(exemptions.c.member_id).where(
            among(self._sql, exemptions.c.member_id, sorted(member_ids)), exemptions.c.organisation_id.in_(organisation_ids),
            exemptions.c.from_on <= day, exemptions.c.until_on >= day, or_(exemptions.c.ended_on.is_(None), exemptions.c.ended_on > day))))

    def past(self, today: date, most: int) -> list[Exemption]:
        """Open ones whose last day is over, so many at most; held as by ``get``."""
        return self._load(exemptions.c.state.in_(OPEN), exemptions.c.until_on < today, lock=True, most=most)

    def astray(self, most: int) -> list[Exemption]:
        """Open ones whose member pledges elsewhere or left, as the copy of the roster has it, so many at most; held as by ``get``."""
        branch = case((organisations.c.kind == "group", organisations.c.parent_id), else_=organisations.c.id)
        elsewhere = select(members.c.id).outerjoin(organisations, organisations.c.id == pledges_at).where(
            members.c.id == exemptions.c.member_id, members.c.lost.is_(False), members.c.version >= exemptions.c.member_version,
            or_(members.c.state != "active", branch != exemptions.c.organisation_id))
        return self._load(exemptions.c.state.in_(OPEN), elsewhere.exists(), lock=True, most=most)

    def forget(self, today: date, most: int) -> int:
        """Take out the words whose day has come, so many at most; how many it were."""
        due = select(exemptions.c.id).where(exemptions.c.forget_on <= today, exemptions.c.words != b"").limit(most)
        return self._sql.execute(update(exemptions).where(exemptions.c.id.in_(due)).values(words=b"")).rowcount

    def add(self, exemption: Exemption) -> bool:
        """Enter it, unless one of the member and branch is open; whether it was entered."""
        row = {name: getattr(exemption, name) for name in _NAMES}
        entered: Any = INSERTS[self._sql.dialect.name](exemptions).values(row)
        return bool(self._sql.execute(entered.on_conflict_do_nothing()).rowcount)

    def save(self, exemption: Exemption, was: int) -> None:
        """Write it over its version ``was``.  Raises Stale when somebody else saved it in between."""
        changed = {name: getattr(exemption, name) for name in _NAMES if name != "id"}
        done = self._sql.execute(update(exemptions).where(exemptions.c.id == exemption.id, exemptions.c.version == was).values(changed))
        if not done.rowcount:
            raise Stale(CHANGED_MEANWHILE)

    def _load(self, *where: Any, lock: bool = False, most: int = 0) -> list[Exemption]:
        query = select(*_COLUMNS).where(*where).order_by(exemptions.c.id)
        query = query.limit(most) if most else query
        return [Exemption(**dict(zip(_NAMES, row, strict=True)))
                for row in self._sql.execute(query.with_for_update() if lock else query)]
