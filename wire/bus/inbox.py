"""The inbox: every position is let through once, for ever, at constant size.

What was applied without a hole is one number, the watermark; only what came ahead of a hole is a row.  The watermark is
locked while a batch is applied, in a fixed order, so two replicas never apply the same position and never deadlock.
"""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, tuple_, update

from wire.bus.sets import add
from wire.bus.tables import INSERTS, inbox, watermark

#: how many rows ahead of a hole are looked at in one go when it closes
STEP = 2000


@dataclass(slots=True)
class Arrival:
    """A message as it came: its place as the headers tell it, its body unread."""

    stream: str
    epoch: int
    position: int
    id: str
    topic: str
    body: bytes
    tag: Any = None
    redelivered: bool = False
    #: the opened body, if somebody here wants it
    news: Any = field(default=None, compare=False)

    @property
    def place(self) -> tuple[str, int, int]:
        return self.stream, self.epoch, self.position


def take(sql: Connection, arrivals: Sequence[Arrival], now: datetime) -> list[Arrival]:
    """Those of the arrivals that were never taken before, in order of arrival; from now on they are.

    Belongs into the transaction that applies them.  The same position twice among the arrivals passes once.
    """
    marks = _locked(sql, {(a.stream, a.epoch) for a in arrivals})
    fresh: list[Arrival] = []
    for key, mark in marks.items():
        here = [a for a in arrivals if (a.stream, a.epoch) == key] if len(marks) > 1 else arrivals
        new = _unseen(sql, mark, here)
        if len(new) < len(here):
            _doubt(sql, mark, here, new)
        if new:
            _advance(sql, mark, new, now)
            fresh.extend(new.values())
    if len(marks) > 1:
        order = {id(a): n for n, a in enumerate(arrivals)}
        fresh.sort(key=lambda a: order[id(a)])
    return fresh


def close(sql: Connection, stream: str, epoch: int, positions: Iterable[int], now: datetime) -> int:
    """Count positions as taken that exist no more (compacted in the journal); how many that were not already."""
    return len(take(sql, [Arrival(stream, epoch, p, "", "", b"") for p in positions], now))


_MARKS = select(watermark).where(watermark.c.stream.in_(bindparam("streams", expanding=True))).order_by(watermark.c.epoch)


def marks_of(sql: Connection, streams: Iterable[str]) -> dict[str, Row]:
    """The watermark of the newest epoch of each stream that was ever heard."""
    newest: dict[str, Row] = {}
    for row in sql.execute(_MARKS, {"streams": list(streams)}):
        newest[row.stream] = row
    return newest


def holes(sql: Connection, mark: Row, most: int = 200) -> list[tuple[int, int]]:
    """The stretches missing below the highest seen position, lowest first."""
    found, expected = [], mark.position + 1
    ahead = select(inbox.c.position).where(
        inbox.c.stream == mark.stream, inbox.c.epoch == mark.epoch, inbox.c.position > mark.position).order_by(inbox.c.position)
    for position in sql.execute(ahead.limit(100_000)).scalars():
        if position > expected:
            found.append((expected, position - 1))
            if len(found) == most:
                return found
        expected = position + 1
    return found


def set_back(sql: Connection, streams: Iterable[str]) -> None:
    """Forget that anything of these streams was taken: all of it is asked for and applied again.

    What is known of the producer's epoch stays, so that healing knows what to ask.
    """
    names = list(streams)
    sql.execute(delete(inbox).where(inbox.c.stream.in_(names)))
    newest = {row.stream: row.epoch for row in marks_of(sql, names).values()}
    for stream, epoch in sorted(newest.items()):
        sql.execute(delete(watermark).where(watermark.c.stream == stream, watermark.c.epoch < epoch))
        sql.execute(update(watermark).where(watermark.c.stream == stream).values(
            position=0, highest=0, highest_id="", hole_since=None, settled=False, doubt=None))


def _locked(sql: Connection, keys: set[tuple[str, int]]) -> dict[tuple[str, int], Row]:
    """The watermarks, locked in a fixed order; new ones begin at 0."""
    wanted = select(watermark).where(tuple_(watermark.c.stream, watermark.c.epoch).in_(sorted(keys))).order_by(
        watermark.c.stream, watermark.c.epoch).with_for_update()
    rows = sql.execute(wanted).all()
    if len(rows) < len(keys):
        sql.execute(INSERTS[sql.dialect.name](watermark).on_conflict_do_nothing(), [
            {"stream": s, "epoch": e, "position": 0, "highest": 0, "highest_id": "", "head": 0, "settled": False}
            for s, e in sorted(keys)])
        rows = sql.execute(wanted).all()
    return {(row.stream, row.epoch): row for row in rows}


def _unseen(sql: Connection, mark: Row, here: Sequence[Arrival]) -> dict[int, Arrival]:
    new: dict[int, Arrival] = {}
    for arrival in here:
        if arrival.position > mark.position:
            new.setdefault(arrival.position, arrival)
    if new and mark.highest > mark.position:
        for position in sql.execute(select(inbox.c.position).where(
                inbox.c.stream == mark.stream, inbox.c.epoch == mark.epoch, inbox.c.position.in_(list(new)))).scalars():
            del new[position]
    return new


def _doubt(sql: Connection, mark: Row, here: Sequence[Arrival], new: dict[int, Arrival]) -> None:
    """Published twice, or by a producer that was restored and gives positions again?  Healing asks, with what is known now.

    Without this a restored producer that is quicker than the next question would lose events here unseen.
    """
    twice = any(a.tag is not None and not a.redelivered and a.position <= mark.highest and a.position not in new for a in here)
    if twice and mark.doubt is None and mark.highest:
        sql.execute(update(watermark).where(watermark.c.stream == mark.stream, watermark.c.epoch == mark.epoch).values(
            doubt=f"{mark.highest} {mark.highest_id}"))


def _advance(sql: Connection, mark: Row, new: dict[int, Arrival], now: datetime) -> None:
    position, here = mark.position, (inbox.c.stream == mark.stream, inbox.c.epoch == mark.epoch)
    rows_ahead = mark.highest > mark.position
    while position + 1 in new or rows_ahead:
        before = position
        while position + 1 in new:
            position += 1
        if rows_ahead and position > mark.position:
            for found in sql.execute(select(inbox.c.position).where(*here, inbox.c.position > position).order_by(
                    inbox.c.position).limit(STEP)).scalars():
                if found != position + 1:
                    break
                position = found
        if position == before:
            break
    if rows_ahead and position > mark.position:
        sql.execute(delete(inbox).where(*here, inbox.c.position <= position))
    ahead = sorted(p for p in new if p > position)
    if ahead:
        add(sql, inbox, [{"stream": mark.stream, "epoch": mark.epoch, "position": p, "id": new[p].id} for p in ahead])
    top = max(new)
    values: dict[str, Any] = {"position": position}
    if top > mark.highest:
        values |= {"highest": top, "highest_id": new[top].id}
    if position == max(top, mark.highest):
        values["hole_since"] = None
    elif position > mark.position or mark.hole_since is None:
        values["hole_since"] = now
    sql.execute(update(watermark).where(
        watermark.c.stream == mark.stream, watermark.c.epoch == mark.epoch).values(**values))
