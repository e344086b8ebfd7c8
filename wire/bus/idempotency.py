"""The same command sent twice does its work once: its reply is kept for seven days, in the transaction of the work.

The row is inserted first.  A second call with the same key that arrives meanwhile waits for it and answers from it; a
refusal rolls the row back with everything else, so the next attempt decides anew.
"""
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from wire.bus.tables import INSERTS, drop_some, idempotency
from wire.contracts.calls import KeyReused

REUSED = "这个请求编号已用于另一项内容不同的操作，请刷新页面后重新提交。"
KEY_LIMIT = 200


def begin(sql: Connection, *, caller: str, key: str, operation: str, digest: str, at: datetime) -> str | None:
    """Claim the key for this call: None when it is the first, else the reply (JSON text) of the one that was.

    Raises KeyReused when the key was used for another operation or other bytes.
    """
    claim = INSERTS[sql.dialect.name](idempotency).on_conflict_do_nothing(index_elements=["caller", "key"])
    row = {"caller": caller, "key": key, "operation": operation, "digest": digest, "reply": "", "at": at}
    if sql.execute(claim, row).rowcount == 1:
        return None
    known = sql.execute(select(idempotency).where(
        idempotency.c.caller == caller, idempotency.c.key == key)).mappings().one()
    if (known["operation"], known["digest"]) != (operation, digest):
        raise KeyReused(REUSED)
    return known["reply"]


def keep(sql: Connection, *, caller: str, key: str, reply: str) -> None:
    """Keep the reply beside what the call changed."""
    sql.execute(update(idempotency).where(
        idempotency.c.caller == caller, idempotency.c.key == key).values(reply=reply))


def forget(sql: Connection, now: datetime, days: int = 7) -> int:
    """Drop what is older than the days a key is good for, a piece at a time; returns how many."""
    return drop_some(sql, idempotency, idempotency.c.at < now - timedelta(days=days))
