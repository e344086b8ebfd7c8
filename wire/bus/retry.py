"""What failed here: rows in the consumer's own database, tried again on a widening schedule, then parked for a person.

The same embedded and on RabbitMQ, and it survives a wiped broker.  A position with a row here counts as taken, so that
healing does not fetch the poison again and the events behind it are not delayed.
"""
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from wire.bus.inbox import Arrival
from wire.bus.settings import Settings
from wire.bus.tables import INSERTS, retry

DUE, PARKED = "due", "parked"
REASON_LIMIT = 500


def delay(settings: Settings, tries: int) -> timedelta:
    """How long to wait after so many tries: doubling, so never more than ten in a minute for one message."""
    return timedelta(seconds=min(settings.retry_most_seconds, settings.retry_first_seconds * 2 ** max(0, tries - 1)))


def note(sql: Connection, producer: str, arrival: Arrival, reason: str, now: datetime, settings: Settings, *,
         parked: bool = False, tries: int = 1) -> None:
    """Keep an event that failed, or one about to be tried that may take the process with it.

    A second note of the same event changes nothing: its row is already there.
    """
    sql.execute(INSERTS[sql.dialect.name](retry).on_conflict_do_nothing(), {
        "id": id_of(arrival), "producer": producer, "stream": arrival.stream, "epoch": arrival.epoch, "position": arrival.position,
        "topic": arrival.topic, "body": arrival.body, "tries": tries, "state": PARKED if parked else DUE,
        "due_at": now + delay(settings, tries), "first_at": now, "last_at": now, "reason": reason[:REASON_LIMIT]})


#: asked every second for as long as the service runs: put together once
_NEXT = select(retry.c.due_at).where(retry.c.state == DUE).order_by(retry.c.due_at).limit(1)


def next_due(sql: Connection) -> datetime | None:
    """When the next is due; None where nothing waits to be tried again."""
    return sql.scalar(_NEXT)


def claim(sql: Connection, now: datetime, settings: Settings, most: int = 50) -> list[Row]:
    """Events that are due, each counted as tried once more before it is, so that one that kills the process is parked too.

    Two replicas never claim the same.
    """
    rows = sql.execute(select(retry).where(retry.c.state == DUE, retry.c.due_at <= now).order_by(retry.c.due_at).limit(
        most).with_for_update(skip_locked=True)).all()
    for row in rows:
        last = row.tries >= settings.retry_tries
        sql.execute(update(retry).where(retry.c.id == row.id).values(
            tries=row.tries + 1, last_at=now, due_at=now + delay(settings, row.tries + 1), state=PARKED if last else DUE))
    return [row for row in rows if row.tries < settings.retry_tries]


def done(sql: Connection, id_: str) -> bool:
    """The event was applied, in this same transaction; False when another replica was first."""
    return bool(sql.execute(delete(retry).where(retry.c.id == id_)).rowcount)


def failed(sql: Connection, id_: str, reason: str) -> None:
    sql.execute(update(retry).where(retry.c.id == id_).values(reason=reason[:REASON_LIMIT]))


def arrival_of(row: Row) -> Arrival:
    return Arrival(row.stream, row.epoch, row.position, row.id, row.topic, bytes(row.body))


# for the console

def parked(sql: Connection) -> Sequence[Row]:
    """What waits for a person, oldest first."""
    return sql.execute(select(retry).where(retry.c.state == PARKED).order_by(retry.c.first_at)).all()


_COUNT = select(retry.c.state, func.count()).group_by(retry.c.state)


def count(sql: Connection) -> dict[str, int]:
    """How many are due and how many are parked."""
    found: dict[str, Any] = {DUE: 0, PARKED: 0}
    found.update(sql.execute(_COUNT).all())
    return found


def again(sql: Connection, ids: Sequence[str], now: datetime) -> int:
    """Try parked events again from the start of the schedule, beginning now; how many."""
    return sql.execute(update(retry).where(retry.c.id.in_(ids), retry.c.state == PARKED).values(
        state=DUE, tries=0, due_at=now)).rowcount


def drop(sql: Connection, ids: Sequence[str]) -> int:
    """Give parked events up for good; how many.  Their positions stay taken."""
    return sql.execute(delete(retry).where(retry.c.id.in_(ids), retry.c.state == PARKED)).rowcount


def id_of(arrival: Arrival) -> str:
    """The place of the event; for a message that told none, its content."""
    if arrival.position:
        return f"{arrival.stream}/{arrival.epoch}/{arrival.position}"
    return "unplaced/" + hashlib.sha256(arrival.body).hexdigest()
