"""The relay: takes what is committed to the broker, and takes no confirm for granted: place and lease, commit, publish
(``publisher``), mark sent."""
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import eventlet
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

from wire.bus import metrics, outbox
from wire.bus.bell import Bell
from wire.bus.database import Busy
from wire.bus.line import LineDown
from wire.bus.outbox import Stretch
from wire.bus.publisher import Publisher
from wire.bus.settings import Settings
from wire.bus.unit import Room, transaction

log = logging.getLogger(__name__)
#: how often an idle relay counts what waits, for the metrics
MEASURE_SECONDS = 5.0
DATABASE_TROUBLE = (DBAPIError, PoolTimeout, Busy)


class Relay:
    """The loop of one service.  Any number of relays may run on one database."""

    def __init__(self, room: Room, settings: Settings, owner: str):
        self.room = room
        self.settings = settings
        self.owner = owner
        self.bell = Bell()
        self.publisher = Publisher(settings, room.service)
        self.line = self.publisher.line
        self.turned_at = time.monotonic()
        self.connected = False
        self._stopping = False
        self._sent: list[int] = []
        self._delay = 0.0
        self._measured_at = 0.0
        # the sweep only finds what was left by a process that died
        self._pause = settings.relay_sweep_seconds * settings.seldom

    def wake(self) -> None:
        self.bell.ring()

    def stop(self) -> None:
        """End after the batch under way; what is left stays in the outbox."""
        self._stopping = True
        self.bell.ring()

    def run(self) -> None:
        """Turn until stopped.  Broker or database away: wait, longer each time up to 10 s, and begin again."""
        while not self._stopping:
            self.turned_at = time.monotonic()
            metrics.iterations.labels(self.room.service, "relay").inc()
            try:
                busy = self.turn()
                self._delay = 0.0
                if busy:
                    # in one process nothing on the way waits for a socket: without this nobody else had a turn until the last was sent
                    eventlet.sleep(0)
                else:
                    self.bell.wait(self._pause)
            except (LineDown, *DATABASE_TROUBLE) as error:
                self.connected = self.publisher.line.is_up
                self._delay = min(10.0, max(0.2, self._delay * 2))
                log.warning("%s: relay waits %.1f s: %s", self.room.service, self._delay, error)
                self.bell.wait(self._delay)
        self.publisher.line.close()
        self.connected = False

    def turn(self) -> bool:
        """One batch from the outbox to the broker; False when there was nothing to do.  Raises LineDown."""
        if not self.publisher.line.is_up:
            self.publisher.connect()
        self.connected = True
        stretches = self._lease()
        if not stretches:
            self._sweep()
            return False
        for stretch in stretches:
            metrics.published.labels(self.room.service, stretch.stream).inc(len(stretch.rows))
        try:
            returned, refused = self.publisher.publish(stretches)
        except LineDown:
            self._release(stretches)
            raise
        self._conclude(stretches, returned, refused)
        return True

    def _lease(self) -> list[Stretch]:
        settings, done = self.settings, self._sent
        with transaction(self.room.database) as sql:
            now = self.room.clock.now()
            outbox.settle(sql, self.owner, done)
            stretches = outbox.take_over(sql, self.owner, now, settings.lease_seconds)
            stretches += outbox.place(sql, self.owner, now, settings.lease_seconds, settings.relay_batch)
        self._sent = []
        return stretches

    def _conclude(self, stretches: Sequence[Stretch], returned: set[str], refused: set[str]) -> None:
        """What was confirmed is over; what came back or was refused is due again later, all of it in one transaction."""
        service, now, due_again = self.room.service, self.room.clock.now(), []
        for stretch in stretches:
            back = [r.position for r in stretch.rows if r.id in returned]
            again = [r.position for r in stretch.rows if r.id in refused]
            metrics.confirmed.labels(service, stretch.stream).inc(len(stretch.rows) - len(back) - len(again))
            metrics.returned.labels(service, stretch.stream).inc(len(back))
            if back or again:
                due_again.append((stretch, back, again))
            else:
                self._sent.append(stretch.lease)
        if due_again:
            with transaction(self.room.database) as sql:
                for stretch, back, again in due_again:
                    self._put_back(sql, stretch, back, again, now)

    def _put_back(self, sql: Connection, stretch: Stretch, back: list[int], again: list[int], now: datetime) -> None:
        since = stretch.returned_at or now
        grace = timedelta(seconds=self.settings.return_grace_seconds)
        if back and now - since >= grace:
            outbox.give_up(sql, stretch, back)
            metrics.unrouted.labels(self.room.service, stretch.stream).inc(len(back))
            back = []
        due = now + (timedelta(seconds=1) if again else grace / 10)
        outbox.put_back(sql, self.owner, stretch, back + again, due, since if back else None)

    def _release(self, stretches: Sequence[Stretch]) -> None:
        """Nothing is known of these: due again at once, by whichever relay is there."""
        now = self.room.clock.now()
        try:
            with transaction(self.room.database) as sql:
                for stretch in stretches:
                    outbox.put_back(sql, self.owner, stretch, [r.position for r in stretch.rows], now, stretch.returned_at)
        except DATABASE_TROUBLE:
            log.warning("%s: leases stay until they expire", self.room.service)

    def _sweep(self) -> None:
        with self.publisher.line.bounded():
            while self.publisher.line.drain(0.001):
                pass
            self.publisher.line.pulse()
        if time.monotonic() - self._measured_at >= MEASURE_SECONDS:
            self._measured_at = time.monotonic()
            with self.room.database.begin(writing=False) as sql:
                waiting, age = outbox.unsent(sql, self.room.clock.now())
            metrics.outbox_waiting.labels(self.room.service).set(waiting)
            metrics.outbox_age.labels(self.room.service).set(age)
