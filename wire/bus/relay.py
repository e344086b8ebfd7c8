"""The relay: takes what is committed to the broker, and takes no confirm for granted.

Place and lease, commit, publish persistent and mandatory with pipelined confirms, mark sent.  What was placed together
travels in bundles.  A returned message is acknowledged by the broker as well, and its return carries no delivery tag: it is
matched by message id.
"""
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import eventlet
from sqlalchemy import Connection, Row
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

from wire.bus import metrics, outbox
from wire.bus.bell import Bell
from wire.bus.database import Busy
from wire.bus.frames import PERSISTENT, Publications
from wire.bus.line import Line, LineDown
from wire.bus.outbox import Stretch
from wire.bus.settings import Settings
from wire.bus.unit import Room, transaction
from wire.contracts.envelope import BUNDLE_TYPE, CONTENT_TYPE, bundle

log = logging.getLogger(__name__)
#: how often an idle relay counts what waits, for the metrics
MEASURE_SECONDS = 5.0
DATABASE_TROUBLE = (DBAPIError, PoolTimeout, Busy)
#: events and bytes of a bundle: the broker's work is per message, a consumer's memory per prefetched message
BUNDLE_MOST, BUNDLE_BYTES = 100, 64_000


@dataclass(frozen=True, slots=True)
class Message:
    """Events of one stream and topic, in order of position, as one message; named after the first."""

    stream: str
    epoch: int
    rows: Sequence[Row]
    body: bytes

    @property
    def content_type(self) -> str:
        return CONTENT_TYPE if len(self.rows) == 1 else BUNDLE_TYPE


def messages_of(stretch: Stretch) -> Iterator[Message]:
    """The stretch cut into as few messages as its topics and the bounds of a bundle allow."""
    def made() -> Message:
        return Message(stretch.stream, stretch.epoch, rows, bodies[0] if len(bodies) == 1 else bundle(bodies))

    rows: list[Row] = []
    bodies: list[bytes] = []
    size = 0
    for row in stretch.rows:
        body = outbox.sealed(stretch.epoch, row)
        if rows and (row.topic != rows[0].topic or len(rows) == BUNDLE_MOST or size + len(body) > BUNDLE_BYTES):
            yield made()
            rows, bodies, size = [], [], 0
        rows.append(row)
        bodies.append(body)
        size += len(body)
    if rows:
        yield made()


class Publisher:
    """A line that publishes a batch and says what became of each message."""

    def __init__(self, settings: Settings, service: str):
        self._settings = settings
        self.exchange = f"{service}.events"
        self.line = Line(settings, settings.heartbeat)
        self._tag = 0
        #: what waits for its confirm, by tag; and all of the batch, by the name a return carries
        self._open: dict[int, Message] = {}
        self._named: dict[str, Message] = {}
        self._refused: list[Message] = []
        self._returned: list[Message] = []

    def connect(self) -> None:
        """Raises LineDown."""
        channel = self.line.open()
        with self.line.bounded():
            channel.exchange_declare(self.exchange, type="topic", durable=True, auto_delete=False)
            channel.confirm_select()
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)
        channel.events["basic_return"].add(self._on_return)
        self._tag, self._open = 0, {}
        if self.line.native:
            self._frames = Publications(channel.channel_id, self.exchange, channel.connection.frame_max)

    def publish(self, stretches: Sequence[Stretch]) -> tuple[set[str], set[str]]:
        """Publish all, wait for every confirm; the ids of the events that were returned and of those that were refused.

        Raises LineDown when it is not over in time: then nothing is known of this batch.
        """
        self._named, self._refused, self._returned = {}, [], []
        with self.line.bounded():
            if self.line.native:
                with self.line.corked() as write:
                    for message in self._messages(stretches):
                        first = message.rows[0]
                        write(self._frames.write(message.content_type, first.topic, first.id, message.stream, message.epoch,
                                                 first.position, message.body))
            else:
                for message in self._messages(stretches):
                    self._send(message)
            while self._open:
                self.line.drain(self._settings.confirm_seconds)
        return _ids(self._returned), _ids(self._refused)

    def _messages(self, stretches: Sequence[Stretch]) -> Iterator[Message]:
        for stretch in stretches:
            for message in messages_of(stretch):
                self._tag += 1
                self._open[self._tag] = self._named[message.rows[0].id] = message
                yield message

    def _send(self, message: Message) -> None:
        """In memory there are no frames."""
        channel, first = self.line.channel, message.rows[0]
        prepared = channel.prepare_message(
            message.body, content_type=message.content_type,
            headers={"stream": message.stream, "epoch": message.epoch, "position": first.position},
            properties={"message_id": first.id, "delivery_mode": PERSISTENT, "type": first.topic})
        channel.basic_publish(prepared, exchange=self.exchange, routing_key=first.topic, mandatory=True)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        for known in self._covered(tag, multiple):
            del self._open[known]

    def _on_nack(self, tag: int, multiple: bool) -> None:
        for known in self._covered(tag, multiple):
            self._refused.append(self._open.pop(known))

    def _covered(self, tag: int, multiple: bool) -> list[int]:
        if not multiple:
            return [tag] if tag in self._open else []
        return [known for known in self._open if known <= tag]

    def _on_return(self, error: Any, exchange: str, key: str, message: Any) -> None:
        # its own message ids are known; what somebody else's return would carry is none of them
        if (returned := self._named.get(message.properties.get("message_id", ""))) is not None:
            self._returned.append(returned)


def _ids(messages: Sequence[Message]) -> set[str]:
    return {row.id for message in messages for row in message.rows}


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
