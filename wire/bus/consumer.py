"""The loop that reads one producer's events for one service: its own connection, channel and queue.

Raw messages, no greenlet per message; a batch goes through the doors, then it is acknowledged, never before.
"""
import logging
import time
from collections import deque
from typing import Any, TypeGuard

import eventlet

from wire.bus import metrics
from wire.bus.inbox import Arrival
from wire.bus.line import Line, LineDown
from wire.bus.settings import Settings
from wire.bus.subscribe import DatabaseAway, Doors
from wire.contracts.envelope import BUNDLE_TYPE, Unreadable, unbundle

log = logging.getLogger(__name__)
#: the longest wait for a first message before the loop turns
TURN_SECONDS = 0.5


class Consumer:
    """Consumer service and producer: queue ``<consumer>.<producer>`` on exchange ``<producer>.events``."""

    def __init__(self, doors: Doors, settings: Settings, producer: str, streams: list[str]):
        self.doors = doors
        self.settings = settings
        self.producer = producer
        self.streams = streams
        self.service = doors.room.service
        self.queue = f"{self.service}.{producer}"
        # missed twice, the broker's heartbeat tells of a black hole within the watchdog's time
        self.line = Line(settings, max(2, min(settings.heartbeat, int(settings.watchdog_seconds / 2.5))))
        self.turned_at = time.monotonic()
        self.connected = False
        #: handling events is no reason to shut the socket, however long it takes
        self.working = False
        #: the arrivals of each message, a bundle's together, and how many in all
        self._waiting: deque[list[Arrival]] = deque()
        self._held = 0
        self._stopping = False
        self._delay = 0.0
        self._broken: tuple[type[BaseException], ...] = (LineDown, *self.line.errors)

    def stop(self) -> None:
        """End after the batch under way; what was not acknowledged is delivered again."""
        self._stopping = True

    def run(self) -> None:
        """Read until stopped; broker away: wait, longer each time up to 10 s, and begin again."""
        while not self._stopping:
            try:
                self._session()
            except self._broken as error:
                self.connected = False
                self.line.cut()
                self._delay = min(10.0, max(0.2, self._delay * 2))
                log.warning("%s: reads %s again in %.1f s: %s: %s", self.service, self.producer, self._delay, type(error).__name__, error)
                self._pause(self._delay)
        self.connected = False
        self.line.close()

    def watch(self) -> None:
        """Shut the socket of a loop that hangs in it.  Called from another greenlet."""
        if not self.working and time.monotonic() - self.turned_at > self.settings.watchdog_seconds:
            log.error("%s: the loop reading %s hangs; shutting its socket", self.service, self.producer)
            self.line.shut()

    def _turned(self) -> None:
        self.turned_at = time.monotonic()

    def _pause(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while not self._stopping and time.monotonic() < ends:
            self._turned()
            eventlet.sleep(min(0.2, seconds))

    def _session(self) -> None:
        self._turned()
        self._waiting.clear()
        self._held = 0
        channel = self.line.open()
        with self.line.bounded():
            self._declare(channel)
            channel.basic_qos(0, self.settings.prefetch, False)
            channel.basic_consume(queue=self.queue, no_ack=False, callback=self._arrived, consumer_tag=self.queue)
        self.connected, self._delay = True, 0.0
        while not self._stopping:
            self._turned()
            metrics.iterations.labels(self.service, self.queue).inc()
            if self._collect():
                self._handle(channel)
                # memory and SQLite never wait: without this nobody else had a turn until the last of a backlog was applied
                eventlet.sleep(0)
            with self.line.bounded():
                self.line.pulse()

    def _declare(self, channel: Any) -> None:
        exchange = f"{self.producer}.events"
        channel.exchange_declare(exchange, type="topic", durable=True, auto_delete=False)
        channel.queue_declare(queue=self.queue, durable=True, exclusive=False, auto_delete=False, arguments=self._kind(channel))
        for stream in self.streams:
            channel.queue_bind(queue=self.queue, exchange=exchange, routing_key=f"{stream}.#")

    def _kind(self, channel: Any) -> dict[str, Any] | None:
        if not (self.settings.quorum and self.line.native):
            return None
        version = str(channel.connection.server_properties.get("version", "3"))
        # from 4 on a quorum queue has a delivery limit by itself: it would drop healthy events after a few kills
        return {"x-queue-type": "quorum"} | ({"x-delivery-limit": -1} if int(version.split(".")[0]) >= 4 else {})

    def _arrived(self, message: Any) -> None:
        arrivals = arrivals_of(message)
        self._waiting.append(arrivals)
        self._held += len(arrivals)

    def _collect(self) -> bool:
        """Fill up to a batch; False if nothing came."""
        if not self._held and not self.line.drain(TURN_SECONDS):
            return False
        while self._held < self.settings.batch and self.line.drain(self.settings.batch_wait_seconds):
            pass
        return bool(self._held)

    def _handle(self, channel: Any) -> None:
        """A batch through the doors, whole messages, then their acknowledgement."""
        arrivals: list[Arrival] = []
        tags: list[Any] = []
        while self._waiting and len(arrivals) < self.settings.batch:
            arrivals += self._waiting.popleft()
            tags.append(arrivals[-1].tag)
        self._held -= len(arrivals)
        self.working = True
        delay = 0.25
        try:
            while not self._stopping:
                try:
                    self.doors.hear(self.producer, arrivals)
                    break
                except DatabaseAway as error:
                    # nothing is acknowledged; the broker keeps it, the line is kept alive
                    log.warning("%s: database away (%s); reading %s pauses %.1f s", self.service, error, self.producer, delay)
                    self._pause(delay)
                    delay = min(5.0, delay * 2)
                    with self.line.bounded():
                        self.line.pulse()
            else:
                return
        finally:
            self.working = False
        with self.line.bounded():
            if self.line.native:
                channel.basic_ack(tags[-1], multiple=True)
            else:
                for tag in tags:
                    channel.basic_ack(tag)


def arrivals_of(message: Any) -> list[Arrival]:
    """What the headers tell of an event, or each event of a bundle of itself; place and epoch 0 when nothing does."""
    headers, properties = message.headers or {}, message.properties
    stream, epoch, position = headers.get("stream"), headers.get("epoch"), headers.get("position")
    id_, topic = str(properties.get("message_id", ""))[:200], str(properties.get("type", ""))
    body = message.body
    body = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)
    tag, again = message.delivery_tag, bool(message.delivery_info.get("redelivered"))
    if isinstance(stream, str) and _whole(epoch) and _whole(position):
        if properties.get("content_type") != BUNDLE_TYPE:
            return [Arrival(stream, epoch, position, id_, topic, body, tag, again)]
        try:
            return [Arrival(stream, place.epoch, place.position, place.id, place.type, piece, tag, again)
                    for place, piece in unbundle(body)]
        except Unreadable as error:
            log.warning("a bundle of %s cannot be read: %s; healing fetches what was in it", stream, error)
    return [Arrival("", 0, 0, id_, topic, body, tag, again)]


def _whole(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
