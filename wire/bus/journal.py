"""The producer's side of healing: pages of the journal, new epochs after a restore, compaction.

A service that is asked about positions it never gave was restored from a backup: it opens a new epoch, in which the
newest state of each aggregate stands again, under the same event ids.
"""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from wire.bus.outbox import between, ensure_heads, sealed, streams_of
from wire.bus.tables import lease, outbox, stream_head
from wire.contracts.journal import JournalEntry, JournalPage

#: events and bytes of a page; a page is at least one event long
MOST, MOST_BYTES = 200, 1_500_000


def page(sql: Connection, asked: Any) -> JournalPage:
    """What exists of the asked stretch, cut to a page; another epoch than the asked one says only how far that is."""
    head = sql.execute(select(stream_head).where(stream_head.c.stream == asked.stream)).first()
    if head is None:
        return JournalPage(epoch=max(1, asked.epoch), head=0, opened=0, first=asked.first, last=0)
    told = {"epoch": head.epoch, "head": head.position, "opened": head.opened, "first": asked.first}
    last = min(asked.last, head.position)
    if asked.epoch not in (0, head.epoch) or last < asked.first:
        return JournalPage(**told, last=0)
    entries: list[JournalEntry] = []
    size = 0
    for row in between(sql, asked.stream, head.epoch, asked.first, last, MOST + 1):
        body = sealed(head.epoch, row).decode()
        size += len(body)
        if entries and (len(entries) == MOST or size > MOST_BYTES):
            last = row.position - 1
            break
        entries.append(JournalEntry(position=row.position, event_id=row.id, topic=row.topic, body=body))
    return JournalPage(**told, last=last, entries=tuple(entries))


def proves_loss(sql: Connection, asked: Any) -> bool:
    """Whether the asker has seen what this journal never gave: a later epoch, a position beyond its head, another event
    in a place."""
    if not asked.epoch or not asked.seen:
        return False
    head = sql.execute(select(stream_head).where(stream_head.c.stream == asked.stream)).first()
    epoch, position = (head.epoch, head.position) if head else (1, 0)
    if asked.epoch != epoch:
        return asked.epoch > epoch
    if asked.seen > position:
        return True
    here = sql.execute(select(outbox.c.id).where(
        outbox.c.stream == asked.stream, outbox.c.epoch == epoch, outbox.c.position == asked.seen)).scalar()
    return bool(asked.seen_id and here and here != asked.seen_id)


def open_epoch(sql: Connection, service: str, now: datetime, *, after: int = 0) -> int:
    """Begin a new epoch of this service's journal, above ``after`` and above its own; returns it.

    The newest version of each aggregate gets a new position, in the old order, and travels again with its own event id.
    Called twice, it opens two: harmless, but everything travels twice.
    """
    ensure_heads(sql, {*streams_of(service), *sql.execute(select(outbox.c.stream).distinct()).scalars()})
    heads = sql.execute(select(stream_head).order_by(stream_head.c.stream).with_for_update()).all()
    epoch = max([after, *(head.epoch for head in heads)]) + 1
    sql.execute(delete(lease))
    for head in heads:
        count = _replace(sql, head.stream, epoch)
        sql.execute(update(stream_head).where(stream_head.c.stream == head.stream).values(
            epoch=epoch, position=count, opened=count))
        leases = [{"stream": head.stream, "epoch": epoch, "first": first, "last": min(count, first + MOST - 1), "leased_by": "",
                   "leased_until": now, "placed_at": now, "returned_at": None} for first in range(1, count + 1, MOST)]
        if leases:
            sql.execute(insert(lease), leases)
    return epoch


def _replace(sql: Connection, stream: str, epoch: int) -> int:
    age = func.row_number().over(partition_by=outbox.c.subject, order_by=(outbox.c.version.desc(), outbox.c.seq.desc()))
    ranked = select(outbox.c.seq, age.label("age")).where(outbox.c.stream == stream, outbox.c.position.is_not(None)).subquery()
    newest = select(ranked.c.seq, func.row_number().over(order_by=ranked.c.seq).label("given")).where(ranked.c.age == 1).subquery()
    return sql.execute(update(outbox).where(outbox.c.seq == newest.c.seq).values(
        epoch=epoch, position=newest.c.given, unrouted=False)).rowcount


def compact(sql: Connection, before: datetime) -> int:
    """Drop what was announced before that and is not the newest version of its aggregate; how many events.

    What still travels stays.  The newest version of each aggregate stays for ever.
    """
    age = func.row_number().over(
        partition_by=(outbox.c.stream, outbox.c.subject), order_by=(outbox.c.version.desc(), outbox.c.seq.desc()))
    ranked = select(outbox.c.seq, age.label("age")).subquery()
    travels = exists().where(lease.c.stream == outbox.c.stream, lease.c.epoch == outbox.c.epoch,
                             outbox.c.position.between(lease.c.first, lease.c.last))
    return sql.execute(delete(outbox).where(
        outbox.c.at < before, outbox.c.position.is_not(None), ~travels,
        outbox.c.seq.in_(select(ranked.c.seq).where(ranked.c.age > 1)))).rowcount


def heads(sql: Connection) -> Sequence[Any]:
    """The head of each stream of this service, for the console."""
    return sql.execute(select(stream_head).order_by(stream_head.c.stream)).all()
