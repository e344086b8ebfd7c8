"""Second factors (动态口令): the sealed secret, the last code that was used, recovery codes as digests, resets asked for."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from services.gateway.storage.tables import factor_reset, recovery_code, second_factor
from wire.bus.tables import drop_some, upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """``active``: its owner has shown a code of it; before that it opens and demands nothing."""

    account_id: str
    sealed: bytes
    active: bool
    last_step: int
    created_at: datetime


class FactorBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def get(self, account_id: str) -> Factor | None:
        row = self._sql.execute(select(second_factor).where(second_factor.c.account_id == account_id)).first()
        return Factor(**row._mapping) if row else None

    def keep(self, one: Factor) -> None:
        upsert(self._sql, second_factor, ("account_id",), [{name: getattr(one, name) for name in Factor.__slots__}])

    def use(self, account_id: str, step: int, now_step: int) -> bool:
        """Whether the code of this step may be used: none is good twice, nor an older one after a newer; of two at the same
        moment one wins.  A last step that lies ahead was taken while the clock was wrong, and does not count (X47)."""
        return self._sql.execute(update(second_factor).where(
            second_factor.c.account_id == account_id,
            or_(second_factor.c.last_step < step, second_factor.c.last_step > now_step + 1)).values(last_step=step)).rowcount == 1

    def drop(self, account_id: str) -> None:
        """The factor, its recovery codes and what was asked about it are gone."""
        for table in (second_factor, recovery_code, factor_reset):
            self._sql.execute(delete(table).where(table.c.account_id == account_id))

    def give_codes(self, account_id: str, digests: Iterable[str]) -> None:
        """New recovery codes; the ones before end."""
        self._sql.execute(delete(recovery_code).where(recovery_code.c.account_id == account_id))
        self._sql.execute(insert(recovery_code), [{"account_id": account_id, "digest": one} for one in digests])

    def use_code(self, account_id: str, digest: str, at: datetime) -> bool:
        """Whether this recovery code was there and unused; of two at the same moment one wins."""
        return self._sql.execute(update(recovery_code).where(
            recovery_code.c.account_id == account_id, recovery_code.c.digest == digest,
            recovery_code.c.used_at.is_(None)).values(used_at=at)).rowcount == 1

    def codes_left(self, account_id: str) -> int:
        return self._sql.execute(select(func.count()).select_from(recovery_code).where(
            recovery_code.c.account_id == account_id, recovery_code.c.used_at.is_(None))).scalar_one()

    def sweep(self, before: datetime) -> int:
        """Forget resets asked for before then that nobody agreed to, and factors begun before then of which no code was shown."""
        return (drop_some(self._sql, factor_reset, factor_reset.c.asked_at < before)
                + drop_some(self._sql, second_factor, second_factor.c.active.is_(False), second_factor.c.created_at < before))

    def asked(self, account_id: str) -> Any:
        """Who asked for a reset (asked_by, asked_by_name, reason, asked_at), or None."""
        return self._sql.execute(select(factor_reset).where(factor_reset.c.account_id == account_id)).first()

    def ask(self, account_id: str, *, by: str, by_name: str, reason: str, at: datetime) -> None:
        upsert(self._sql, factor_reset, ("account_id",), [{
            "account_id": account_id, "asked_by": by, "asked_by_name": by_name, "reason": reason, "asked_at": at}])
