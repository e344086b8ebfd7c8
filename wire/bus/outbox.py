"""The outbox, which stays as the journal: positions given without a gap, stretches of them leased while they travel.

A row without a position waits.  Placing locks the heads of the streams in a fixed order, so that two relays give one
sequence.  A placed row under a lease is on its way; a placed row under none is sent.
"""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, literal, or_, select, update

from wire.bus.tables import INSERTS, history, lease, outbox, stream_head
from wire.contracts import event
from wire.contracts.envelope import Sealed, seal

#: a lease that ends later than any could was written by a clock that ran ahead (T29)
FARTHEST = timedelta(hours=1)
TOLD = (outbox.c.position, outbox.c.id, outbox.c.topic, outbox.c.subject, outbox.c.at, outbox.c.correlation,
        outbox.c.traceparent, history.c.state.label("data"))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Events of one stream on their way together, in order of position, under one lease."""

    lease: int
    stream: str
    epoch: int
    placed_at: datetime
    returned_at: datetime | None
    rows: Sequence[Row]


def streams_of(service: str) -> list[str]:
    """The streams the contracts declare for this service, in a fixed order."""
    return sorted({e.stream for e in event.registry.values() if e.stream.startswith(service + ".")})


#: asked at every turn of the relay, for as long as the service runs: put together once
_OLDEST = select(outbox.c.stream).where(outbox.c.position.is_(None)).order_by(outbox.c.seq).limit(bindparam("most")).subquery()
_WAITING = select(_OLDEST.c.stream).distinct()
_LEFT = select(lease).where(or_(lease.c.leased_until <= bindparam("now"), lease.c.leased_until > bindparam("farthest"))).order_by(
    lease.c.id).limit(bindparam("most")).with_for_update(skip_locked=True)
_UNPLACED = select(func.count(), func.min(outbox.c.at)).where(outbox.c.position.is_(None))
_LEASED = select(func.coalesce(func.sum(lease.c.last - lease.c.first + 1), 0), func.min(lease.c.placed_at)).where(
    lease.c.returned_at.is_(None))


def place(sql: Connection, owner: str, now: datetime, lease_seconds: float, most: int) -> list[Stretch]:
    """Give the oldest waiting rows their positions and lease them to ``owner``; empty when nothing waits.

    Called again before the transaction ends, or by two relays at once, no position is given twice or left out.
    """
    waiting = sorted(sql.execute(_WAITING, {"most": most}).scalars())
    if not waiting:
        return []
    placed = []
    for head in _lock_heads(sql, waiting):
        rows = _number(sql, head, most)
        if not rows:
            continue
        first, last = rows[0].position, rows[-1].position
        made = sql.execute(insert(lease).returning(lease.c.id), {
            "stream": head.stream, "epoch": head.epoch, "first": first, "last": last, "leased_by": owner,
            "leased_until": now + timedelta(seconds=lease_seconds), "placed_at": now, "returned_at": None}).scalar_one()
        sql.execute(update(stream_head).where(stream_head.c.stream == head.stream).values(position=last))
        placed.append(Stretch(made, head.stream, head.epoch, now, None, rows))
    return placed


def _lock_heads(sql: Connection, streams: Sequence[str]) -> Sequence[Row]:
    wanted = select(stream_head).where(stream_head.c.stream.in_(streams)).order_by(stream_head.c.stream).with_for_update()
    heads = sql.execute(wanted).all()
    if len(heads) < len(streams):
        ensure_heads(sql, streams)
        heads = sql.execute(wanted).all()
    return heads


def ensure_heads(sql: Connection, streams: Iterable[str]) -> None:
    """Make the heads of new streams, in the epoch the others are in.  A second call changes nothing."""
    epoch = sql.execute(select(func.coalesce(func.max(stream_head.c.epoch), 1))).scalar_one()
    rows = [{"stream": s, "epoch": epoch, "position": 0, "opened": 0} for s in sorted(streams)]
    if rows:
        sql.execute(INSERTS[sql.dialect.name](stream_head).on_conflict_do_nothing(), rows)


def _number(sql: Connection, head: Row, most: int) -> Sequence[Row]:
    waits = (outbox.c.position.is_(None), outbox.c.stream == head.stream)
    oldest = select(outbox.c.seq).where(*waits).order_by(outbox.c.seq).limit(most).subquery()
    numbered = select(
        oldest.c.seq, (literal(head.position) + func.row_number().over(order_by=oldest.c.seq)).label("given")).subquery()
    count = sql.execute(update(outbox).where(outbox.c.seq == numbered.c.seq).values(
        epoch=head.epoch, position=numbered.c.given)).rowcount
    return between(sql, head.stream, head.epoch, head.position + 1, head.position + count) if count else ()


def take_over(sql: Connection, owner: str, now: datetime, lease_seconds: float, most: int = 4) -> list[Stretch]:
    """Lease again what another left behind, or what is due after it was returned.  Two relays never take the same."""
    left = sql.execute(_LEFT, {"now": now, "farthest": now + FARTHEST, "most": most}).all()
    if left:
        sql.execute(update(lease).where(lease.c.id.in_([row.id for row in left])).values(
            leased_by=owner, leased_until=now + timedelta(seconds=lease_seconds)))
    taken = []
    for row in left:
        rows = between(sql, row.stream, row.epoch, row.first, row.last)
        if rows:
            taken.append(Stretch(row.id, row.stream, row.epoch, row.placed_at, row.returned_at, rows))
        else:
            sql.execute(delete(lease).where(lease.c.id == row.id))
    return taken


def between(sql: Connection, stream: str, epoch: int, first: int, last: int, most: int = 100_000) -> Sequence[Row]:
    """The journal's rows of a stretch, in order; a compacted one is not there."""
    return sql.execute(select(*TOLD).join_from(outbox, history, history.c.seq == outbox.c.seq).where(
        outbox.c.stream == stream, outbox.c.epoch == epoch, outbox.c.position.between(first, last)).order_by(
        outbox.c.position).limit(most)).all()


def sealed(stretch_epoch: int, row: Row) -> bytes:
    """The bytes of a placed row, the same each time."""
    return seal(Sealed(
        id=row.id, topic=row.topic, subject=row.subject, at=row.at, epoch=stretch_epoch, position=row.position,
        correlation=row.correlation, traceparent=row.traceparent, data=row.data))


def settle(sql: Connection, owner: str, sent: Sequence[int]) -> None:
    """These leases are over: all their events are sent."""
    if sent:
        sql.execute(delete(lease).where(lease.c.id.in_(sent), lease.c.leased_by == owner))


def put_back(sql: Connection, owner: str, stretch: Stretch, positions: Sequence[int], due: datetime,
             returned_at: datetime | None) -> None:
    """The rest of the stretch is sent; ``positions`` of it are tried again when ``due``.  Refuses a lease taken over."""
    if not sql.execute(delete(lease).where(lease.c.id == stretch.lease, lease.c.leased_by == owner)).rowcount:
        return
    rows = [{"stream": stretch.stream, "epoch": stretch.epoch, "first": first, "last": last, "leased_by": "",
             "leased_until": due, "placed_at": stretch.placed_at, "returned_at": returned_at} for first, last in runs(positions)]
    if rows:
        sql.execute(insert(lease), rows)


def give_up(sql: Connection, stretch: Stretch, positions: Sequence[int]) -> None:
    """Nobody is bound for these: they count as sent, and the journal keeps them for whoever comes late."""
    for first, last in runs(positions):
        sql.execute(update(outbox).where(
            outbox.c.stream == stretch.stream, outbox.c.epoch == stretch.epoch, outbox.c.position.between(first, last)).values(
            unrouted=True))


def runs(positions: Iterable[int]) -> list[tuple[int, int]]:
    """``1 2 3 7 8`` as ``(1, 3), (7, 8)``."""
    found: list[tuple[int, int]] = []
    for position in sorted(positions):
        if found and found[-1][1] == position - 1:
            found[-1] = (found[-1][0], position)
        else:
            found.append((position, position))
    return found


def unsent(sql: Connection, now: datetime) -> tuple[int, float]:
    """How many events wait or travel, and the age of the oldest in seconds (those returned for want of a listener apart)."""
    waiting, oldest = sql.execute(_UNPLACED).one()
    leased, placed = sql.execute(_LEASED).one()
    since: list[Any] = [at for at in (oldest, placed) if at is not None]
    return waiting + int(leased), max(0.0, (now - min(since)).total_seconds()) if since else 0.0
