"""The access log (访问日志): sign-ins, and who looked at whose personal data.  Names and contents are not in it."""
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from services.gateway.storage.tables import look


class LookBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def note(self, *, at: datetime, account_id: str, person_id: str, what: str, object: str, address: str, correlation: str) -> None:
        self._sql.execute(insert(look).values(
            at=at, account_id=account_id, person_id=person_id, what=what, object=object, address=address, correlation=correlation))

    def latest(self, limit: int = 100) -> list[dict[str, Any]]:
        """The newest first."""
        return [dict(r._mapping) for r in self._sql.execute(select(look).order_by(look.c.seq.desc()).limit(limit))]
