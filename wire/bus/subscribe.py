"""``@subscribe``: the doors through which a service hears events, and what happens behind them.

One batch is one transaction: what is new passes the inbox, each door gets its own news in order of arrival, all of it
commits.  A batch that fails is played again one by one; what still fails becomes a row in ``retry``.  Nothing here
acknowledges anything: whoever brought the batch does, after this returned.
"""
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nameko.extensions import Entrypoint
from sqlalchemy import Row

from wire.bus import inbox, metrics, retry
from wire.bus.inbox import Arrival
from wire.bus.settings import Settings
from wire.bus.unit import Room, Unit, transaction, writing
from wire.contracts.actor import service_actor
from wire.contracts.envelope import Unreadable, unseal
from wire.contracts.event import Facts, registry

log = logging.getLogger(__name__)
#: repeats kept to be looked at; more at once are a relay that begins again, not somebody who forges
SUSPECTS = 1000


class Subscribe(Entrypoint):
    """``@subscribe(PledgePublished, …)`` on ``def on_…(self, unit, news)``; the Bus of the service reads the declaration."""

    def __init__(self, *events: type[Facts], **kwargs: Any):
        self.events = events
        super().__init__(**kwargs)


subscribe = Subscribe.decorator


class DatabaseAway(Exception):
    """Nothing could be decided: nothing may be acknowledged."""


@dataclass(frozen=True, slots=True)
class Door:
    name: str
    events: tuple[type[Facts], ...]
    open: Callable[[Unit, list], None]


class Doors:
    """All doors of one service, and the one way an event goes through them, whoever brought it."""

    def __init__(self, room: Room, settings: Settings, doors: Iterable[Door]):
        self.room = room
        self.settings = settings
        self.doors = tuple(doors)
        self.actor = service_actor(room.service)
        #: what came to a place that was taken, for healing to hold against the journal: the same event, or another?
        self.suspects: deque[Arrival] = deque(maxlen=SUSPECTS)
        #: streams whose newest epoch was read as far as it opened
        self.settled: dict[str, int] = {}
        #: nothing waits to be tried again: in one process nobody looks before then (what the console sends back is seen a little later)
        self.calm_until = 0.0
        self._wanted = {event.topic for door in self.doors for event in door.events}

    def streams(self) -> dict[str, list[str]]:
        """Which streams of which producer are heard here, in a fixed order."""
        found: dict[str, set[str]] = {}
        for door in self.doors:
            for event in door.events:
                found.setdefault(event.stream.partition(".")[0], set()).add(event.stream)
        return {producer: sorted(streams) for producer, streams in sorted(found.items())}

    def hear(self, producer: str, arrivals: Sequence[Arrival]) -> int:
        """Take care of these for good: applied, recorded, to be tried again, or parked; how many were new.

        Raises DatabaseAway.
        """
        fresh = 0
        readable: list[Arrival] = []
        for arrival in arrivals:
            try:
                self._read(arrival)
                readable.append(arrival)
            except Unreadable as error:
                fresh += self._park(producer, arrival, str(error))
        doubtful = [a for a in readable if a.redelivered]
        plain = [a for a in readable if not a.redelivered] if doubtful else readable
        if doubtful:
            fresh += self._carefully(producer, doubtful)
        if plain:
            try:
                fresh += self._together(plain)
            except Exception as error:
                self._unless_away(error)
                log.warning("%s: a batch of %d failed, each by itself now: %s", self.room.service, len(plain), type(error).__name__)
                fresh += self._one_by_one(producer, plain)
        return fresh

    def attempt(self, row: Row) -> bool:
        """Try an event of the table ``retry`` again: applied and its row gone, or its reason noted."""
        arrival = retry.arrival_of(row)
        try:
            self._read(arrival)
            with writing(self.room, self.actor) as unit:
                if retry.done(unit.sql, row.id):
                    self._open(unit, [arrival])
        except Exception as error:
            self._unless_away(error)
            with transaction(self.room.database) as sql:
                retry.failed(sql, row.id, _reason(error))
            return False
        metrics.consumed.labels(self.room.service, row.stream).inc()
        return True

    def turn_retries(self, most: int = 50) -> int:
        """Try what is due, at most so many; how many were.

        Each is claimed just before it is tried: one that ends the process must not use up the tries of its neighbours.
        """
        now, tried = self.room.clock.now(), 0
        for _ in range(most):
            with self.room.database.begin(writing=False) as sql:
                due = retry.next_due(sql)
            if due is None:
                self.calm_until = time.monotonic() + self.settings.seldom - 1
            if due is None or due > now:
                break
            with transaction(self.room.database) as sql:
                rows = retry.claim(sql, now, self.settings, most=1)
            for row in rows:
                self.attempt(row)
                tried += 1
        return tried

    def _read(self, arrival: Arrival) -> None:
        """Open the body if a door wants it.  Raises Unreadable; also when the headers tell another place than the body."""
        if not arrival.position:
            raise Unreadable("its headers do not say where it stands")
        known = registry.get(arrival.topic)
        if known is not None and known.stream == arrival.stream and arrival.topic not in self._wanted:
            return
        news = unseal(arrival.body)
        if (news.stream, news.epoch, news.position) != arrival.place:
            raise Unreadable("its headers and its body tell different places")
        arrival.news = news

    def _together(self, arrivals: Sequence[Arrival]) -> int:
        with writing(self.room, self.actor) as unit:
            fresh = inbox.take(unit.sql, arrivals, unit.now)
            self._open(unit, fresh)
        if len(fresh) < len(arrivals):
            known = set(map(id, fresh))
            self.suspects += [a for a in arrivals if id(a) not in known and a.tag is not None]
        self._count(arrivals, fresh)
        return len(fresh)

    def _open(self, unit: Unit, fresh: Sequence[Arrival]) -> None:
        # a straggler of an epoch that is over and settled would bring back what was marked lost
        news = [a.news for a in fresh if a.news is not None and a.epoch >= self.settled.get(a.stream, 1)]
        if not news:
            return
        if len(news) == 1:
            unit.correlation, unit.traceparent = news[0].correlation or unit.correlation, news[0].traceparent or unit.traceparent
        for door in self.doors:
            mine = [n for n in news if type(n.event) in door.events]
            if mine:
                began = time.perf_counter()
                door.open(unit, mine)
                metrics.handler_seconds.labels(self.room.service, door.name).observe(time.perf_counter() - began)

    def _one_by_one(self, producer: str, arrivals: Sequence[Arrival]) -> int:
        fresh = 0
        for arrival in arrivals:
            try:
                fresh += self._together([arrival])
            except Exception as error:
                self._unless_away(error)
                fresh += len(self._keep(producer, [arrival], _reason(error)))
        return fresh

    def _carefully(self, producer: str, arrivals: Sequence[Arrival]) -> int:
        """Delivered before and never acknowledged: one of these may have ended the process, so each is noted first."""
        fresh = self._keep(producer, arrivals, "delivered again; the process ended while it was open")
        metrics.duplicates.labels(self.room.service, arrivals[0].stream).inc(len(arrivals) - len(fresh))
        for arrival in fresh:
            try:
                with writing(self.room, self.actor) as unit:
                    if retry.done(unit.sql, retry.id_of(arrival)):
                        self._open(unit, [arrival])
            except Exception as error:
                self._unless_away(error)
                with transaction(self.room.database) as sql:
                    retry.failed(sql, retry.id_of(arrival), _reason(error))
            else:
                metrics.consumed.labels(self.room.service, arrival.stream).inc()
        return len(fresh)

    def alarm(self, producer: str, arrival: Arrival) -> None:
        """An event that was taken came again and reads otherwise (T31): it never was, is shown to a person and never applied."""
        metrics.altered.labels(self.room.service, arrival.stream).inc()
        log.error("%s: %s at %s/%d/%d came again with another content", self.room.service, arrival.id, *arrival.place)
        with transaction(self.room.database) as sql:
            retry.note(sql, producer, replace(arrival, stream="", epoch=0, position=0),
                       f"Altered: {arrival.id} at {arrival.stream}/{arrival.epoch}/{arrival.position} is not what its producer's journal says",
                       self.room.clock.now(), self.settings, parked=True)

    def _keep(self, producer: str, arrivals: Sequence[Arrival], reason: str) -> list[Arrival]:
        try:
            with transaction(self.room.database) as sql:
                now = self.room.clock.now()
                fresh = inbox.take(sql, arrivals, now)
                for arrival in fresh:
                    retry.note(sql, producer, arrival, reason, now, self.settings)
            self.calm_until = 0.0
        except Exception as error:
            raise DatabaseAway(f"{type(error).__name__}") from error
        for arrival in fresh:
            metrics.retried.labels(self.room.service, arrival.stream).inc()
        return fresh

    def _park(self, producer: str, arrival: Arrival, reason: str) -> int:
        try:
            with transaction(self.room.database) as sql:
                now = self.room.clock.now()
                fresh = bool(not arrival.position or inbox.take(sql, [arrival], now))
                if fresh:
                    retry.note(sql, producer, arrival, f"Unreadable: {reason}", now, self.settings, parked=True)
        except Exception as error:
            raise DatabaseAway(f"{type(error).__name__}") from error
        metrics.unreadable.labels(self.room.service).inc()
        metrics.parked.labels(self.room.service, arrival.stream).inc()
        log.warning("%s: parked an unreadable message of %s: %s", self.room.service, producer, reason)
        return int(fresh)

    def _count(self, arrivals: Sequence[Arrival], fresh: Sequence[Arrival]) -> None:
        counted: dict[str, list[int]] = {}
        for arrival in arrivals:
            counted.setdefault(arrival.stream, [0, 0])[0] += 1
        for arrival in fresh:
            counted[arrival.stream][1] += 1
        for stream, (all_, new) in counted.items():
            metrics.consumed.labels(self.room.service, stream).inc(new)
            metrics.duplicates.labels(self.room.service, stream).inc(all_ - new)

    def _unless_away(self, error: Exception) -> None:
        """An event is to blame only while the database answers."""
        if isinstance(error, DatabaseAway):
            raise error
        if not self.room.database.answers():
            raise DatabaseAway(f"{type(error).__name__}") from error


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
