"""The reader's side of healing: what is missing is noticed by itself, asked for by call, and applied by the same code.

A hole below the highest seen position, or a head further than what was applied, that stays for the grace time is asked
for.  A producer in a new epoch is read again; what the new epoch lacks is marked lost and listed.
"""
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, select, update

from wire.bus import inbox, metrics
from wire.bus.inbox import Arrival
from wire.bus.settings import Settings
from wire.bus.subscribe import Doors
from wire.bus.tables import INSERTS, watermark
from wire.bus.unit import Room, transaction
from wire.contracts.calls import Refusal
from wire.contracts.journal import JournalPage

log = logging.getLogger(__name__)
PAGE = 200


@dataclass(frozen=True)
class Projection:
    """A table fed by one stream, with columns ``epoch``, ``version`` and ``lost``.

    Healing marks rows lost that a new epoch lacks; the door that fills it writes ``lost`` as false.
    """

    table: Table
    stream: str


@dataclass(slots=True)
class _Known:
    """What this process knows of a producer's stream."""

    asked_at: float = 0.0
    head: int = 0
    position: int = -1
    since: float = 0.0
    #: a page of it was applied, and the process is still here
    applied: bool = False


class Healing:
    """The loop of one service.  ``ask(producer, **fields)`` makes the journal call and raises Refusal."""

    def __init__(self, room: Room, settings: Settings, doors: Doors, projections: Sequence[Projection],
                 ask: Callable[..., JournalPage]):
        self.room = room
        self.settings = settings
        self.doors = doors
        self.projections = tuple(projections)
        self.ask = ask
        self.heard = [(producer, stream) for producer, streams in doors.streams().items() for stream in streams]
        self._known = {stream: _Known() for _, stream in self.heard}
        self._began = time.monotonic()

    def turn(self) -> int:
        """Look at every stream once; how many events were fetched.  Raises nothing for a producer that is away."""
        if not self.heard:
            return 0
        with self.room.database.begin(writing=False) as sql:
            marks = inbox.marks_of(sql, [stream for _, stream in self.heard])
        fetched = 0
        for producer, stream in self.heard:
            try:
                fetched += self._look(producer, stream, marks.get(stream))
            except Refusal as refusal:
                log.info("%s: the journal of %s does not answer: %s", self.room.service, producer, refusal.code)
        self._compare()
        return fetched

    def _compare(self) -> None:
        """Hold what came again against the journal (T31); what was compacted there cannot be told and is left alone."""
        producers = {stream: producer for producer, stream in self.heard}
        while self.doors.suspects:
            first = self.doors.suspects[0]
            near = [a for a in self.doors.suspects if (a.stream, a.epoch) == (first.stream, first.epoch)
                    and first.position <= a.position < first.position + PAGE]
            try:
                page = self.ask(producers[first.stream], stream=first.stream, epoch=first.epoch, first=first.position,
                                last=max(a.position for a in near), seen=0, seen_id="")
            except Refusal:
                return
            told = {e.position: e.body.encode() for e in page.entries} if page.epoch == first.epoch else {}
            seen = [a for a in near if page.epoch != first.epoch or a.position <= page.last]
            for arrival in seen or near:
                self.doors.suspects.remove(arrival)
                if told.get(arrival.position, arrival.body) != arrival.body:
                    self.doors.alarm(producers[arrival.stream], arrival)

    def _look(self, producer: str, stream: str, mark: Row | None) -> int:
        known, now = self._known[stream], time.monotonic()
        position, grace = (mark.position if mark else 0), self.settings.hole_grace_seconds
        metrics.lag.labels(self.room.service, stream).set(max(0, known.head - position))
        if position != known.position:
            known.position, known.since = position, now
        self._settle(stream, mark)
        if mark is not None and mark.opened is None and mark.epoch > 1 and now - known.asked_at >= 1.0:
            self._ask(producer, stream, mark, position + 1, 0)
            return 0
        if mark is not None and mark.doubt is not None:
            self._ask(producer, stream, mark, position + 1, 0)
            return 0
        stalled = now - known.since >= grace
        if mark is not None and mark.hole_since is not None and self.room.clock.now() - mark.hole_since >= timedelta(seconds=grace):
            return self._fill(producer, stream, mark)
        if stalled and known.head > position:
            return self._follow(producer, stream, known.head)
        if now - known.asked_at >= self.settings.healing_seconds and now - self._began >= min(grace, 1.0):
            self._ask(producer, stream, mark, position + 1, 0)
        return 0

    def _fill(self, producer: str, stream: str, mark: Row) -> int:
        with self.room.database.begin(writing=False) as sql:
            holes = inbox.holes(sql, mark)
        return sum(self._stretch(producer, stream, first, last) for first, last in holes)

    def _follow(self, producer: str, stream: str, head: int) -> int:
        mark = self._mark(stream)
        return self._stretch(producer, stream, (mark.position if mark else 0) + 1, head)

    def _stretch(self, producer: str, stream: str, first: int, last: int) -> int:
        """Fetch and apply page by page; ends early when the producer answers in another epoch or tells nothing new."""
        fetched = 0
        while first <= last:
            mark = self._mark(stream)
            page = self._ask(producer, stream, mark, first, min(last, first + PAGE - 1))
            if mark is None or page.epoch != mark.epoch:
                mark = self._mark(stream)
            if mark is None or page.epoch != mark.epoch or page.last < first:
                break
            fetched += self._apply(producer, stream, page)
            first = page.last + 1
        return fetched

    def _ask(self, producer: str, stream: str, mark: Row | None, first: int, last: int) -> JournalPage:
        known = self._known[stream]
        known.asked_at = time.monotonic()
        seen, seen_id = (mark.highest, mark.highest_id) if mark else (0, "")
        if mark is not None and mark.doubt is not None:
            place, _, seen_id = mark.doubt.partition(" ")
            seen = int(place)
        page = self.ask(producer, stream=stream, epoch=mark.epoch if mark else 0, first=first, last=last, seen=seen, seen_id=seen_id)
        if page.head > known.head == 0:
            # just heard of: give the broker its time first
            known.since = time.monotonic()
        known.head = page.head
        if mark is None or page.epoch > mark.epoch:
            self._begin(stream, page)
        elif page.epoch == mark.epoch and (mark.opened != page.opened or mark.head != page.head or mark.doubt is not None):
            with transaction(self.room.database) as sql:
                here = update(watermark).where(watermark.c.stream == stream, watermark.c.epoch == page.epoch)
                sql.execute(here.values(opened=page.opened, head=page.head))
                if mark.doubt is not None:
                    sql.execute(here.where(watermark.c.doubt == mark.doubt).values(doubt=None))
        return page

    def _begin(self, stream: str, page: JournalPage) -> None:
        """A stream heard of for the first time, or in a new epoch: read from its beginning."""
        with transaction(self.room.database) as sql:
            sql.execute(INSERTS[sql.dialect.name](watermark).on_conflict_do_nothing(), {
                "stream": stream, "epoch": page.epoch, "position": 0, "highest": 0, "highest_id": "", "head": page.head,
                "opened": page.opened, "settled": False})

    def _apply(self, producer: str, stream: str, page: JournalPage) -> int:
        # the first page since this process began may be what ended the one before: each event noted before it is opened
        careful = not self._known[stream].applied
        arrivals = [Arrival(stream, page.epoch, e.position, e.event_id, e.topic, e.body.encode(), redelivered=careful)
                    for e in page.entries]
        fresh = self.doors.hear(producer, arrivals) if arrivals else 0
        self._known[stream].applied = True
        gone = sorted(set(range(page.first, page.last + 1)) - {e.position for e in page.entries})
        if gone:
            with transaction(self.room.database) as sql:
                inbox.close(sql, stream, page.epoch, gone, self.room.clock.now())
        metrics.healed.labels(self.room.service, stream).inc(fresh)
        if fresh:
            log.warning("%s: fetched %d missing events of %s", self.room.service, fresh, stream)
        return fresh

    def _settle(self, stream: str, mark: Row | None) -> None:
        """Read as far as the epoch opened: what the projections still hold of older epochs is lost."""
        if mark is None or mark.epoch == 1:
            return
        if mark.settled:
            self.doors.settled[stream] = mark.epoch
            return
        if mark.opened is None or mark.position < mark.opened:
            return
        with transaction(self.room.database) as sql:
            for projection in self.projections:
                if projection.stream == stream:
                    lost = sql.execute(update(projection.table).where(
                        projection.table.c.epoch < mark.epoch, projection.table.c.lost.is_(False)).values(lost=True)).rowcount
                    if lost:
                        log.error("%s: %d rows of %s are lost: %s was restored from a backup", self.room.service, lost,
                                  projection.table.name, stream)
            sql.execute(update(watermark).where(watermark.c.stream == stream, watermark.c.epoch == mark.epoch).values(settled=True))
        self.doors.settled[stream] = mark.epoch

    def _mark(self, stream: str) -> Row | None:
        with self.room.database.begin(writing=False) as sql:
            return inbox.marks_of(sql, [stream]).get(stream)


def replay(sql: Connection, streams: Iterable[str], projections: Sequence[Projection]) -> None:
    """Forget what was taken of these streams and empty what they feed: all of it is read again (console ``replay``)."""
    names = list(streams)
    for projection in projections:
        if projection.stream in names:
            sql.execute(delete(projection.table))
    inbox.set_back(sql, names)


def lost(sql: Connection, projections: Sequence[Projection]) -> list[tuple[str, dict[str, Any]]]:
    """What was marked lost: table and keys, for the operator who brings it back by point-in-time recovery."""
    found = []
    for projection in projections:
        table = projection.table
        keys = list(table.primary_key.columns)
        found += [(table.name, dict(row)) for row in sql.execute(
            select(*keys, table.c.version).where(table.c.lost.is_(True)).order_by(*keys)).mappings()]
    return found
