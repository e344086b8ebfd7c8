"""The post: one connection to the broker, kept open, that nobody ever waits in.

One greenlet writes, another reads; everybody else leaves what they have to send and goes on.  So a call is bounded
whatever the broker does: what was not written before its end is dropped, and a write that hangs (a black hole, an
alarm at the broker) has its socket shut.  A broker that is absent is waited for with growing pauses; one that stays
silent longer than the watchdog allows is left and called again.
"""
import random
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

import eventlet
import structlog
from greenlet import GreenletExit
from kombu import Connection

from wire.bus import metrics
from wire.bus.bell import Bell
from wire.bus.calls.frames import capped
from wire.bus.settings import Settings

log = structlog.get_logger("wire.calls")
CONNECT_SECONDS, FAREWELL_SECONDS = 5.0, 1.0
PAUSES = (0.1, 0.3, 1.0, 2.0, 5.0)


class Silent(ConnectionError):
    """The broker has said nothing for longer than it may."""


class Post:
    """``prepare(channel)`` declares and consumes, after every connect; ``lost()`` hears when a connection is gone."""

    def __init__(self, settings: Settings, name: str, prepare: Callable[[Any], None], lost: Callable[[], None] = lambda: None):
        self._settings, self.name, self._prepare, self._lost = settings, name, prepare, lost
        self._waiting: deque[tuple[float, Callable[[Any], None]]] = deque()
        self._bell = Bell()
        self._stopping = False
        self._connection: Connection | None = None
        self._greenlet: Any = None
        self._failures = 0
        self.connected = False
        #: the broker has an alarm and takes nothing from us
        self.blocked = False
        self.turned_at = monotonic()

    def start(self) -> None:
        """Begin to connect; does not wait for the broker.  A second call does nothing."""
        if self._greenlet is None and not self._stopping:
            self._greenlet = eventlet.spawn(self._run)

    def send(self, act: Callable[[Any], None], seconds: float) -> None:
        """Have ``act(channel)`` done by the writer within so many seconds, or not at all.  Never waits."""
        now = monotonic()
        # while the broker is away nothing else takes out what nobody waits for any more
        while self._waiting and self._waiting[0][0] < now:
            self._waiting.popleft()
        self._waiting.append((now + seconds, act))
        self._bell.ring()

    def stop(self, seconds: float = 2.0) -> None:
        """Write what is waiting, for at most so long, and hang up.  A second call does nothing."""
        ends = monotonic() + seconds
        while self._waiting and self.connected and not self.blocked and monotonic() < ends:
            eventlet.sleep(0.01)
        self._stopping = True
        greenlet, self._greenlet = self._greenlet, None
        if greenlet is not None:
            greenlet.kill()
            with eventlet.Timeout(FAREWELL_SECONDS, False), suppress(GreenletExit):
                greenlet.wait()

    def _run(self) -> None:
        while not self._stopping:
            self.turned_at = monotonic()
            try:
                self._serve()
            except Exception as error:
                tell = log.warning if self._failures < 3 else log.debug
                tell("connection lost", post=self.name, reason=type(error).__name__)
            finally:
                self._hang_up()
            if not self._stopping:
                self._lost()
                pause = PAUSES[min(self._failures, len(PAUSES) - 1)]
                self._failures += 1
                eventlet.sleep(pause * random.uniform(0.8, 1.2))

    def _serve(self) -> None:
        settings, options = self._settings, {}
        if not settings.embedded:
            options = {"frame_handler": capped(settings.call_bytes), "on_blocked": self._on_blocked,
                       "on_unblocked": self._on_unblocked}
        self._connection = connection = Connection(
            settings.broker_uri, heartbeat=settings.heartbeat, connect_timeout=CONNECT_SECONDS, transport_options=options)
        with eventlet.Timeout(CONNECT_SECONDS, Silent("no answer to connect")):
            connection.connect()
            channel = connection.channel()
            self._prepare(channel)
        self.connected, self._failures = True, 0
        log.debug("connection open", post=self.name)
        writer = eventlet.spawn(self._write, connection, channel)
        try:
            self._read(connection)
        finally:
            writer.kill()

    def _read(self, connection: Connection) -> None:
        """Deliver what arrives.  Raises Silent when not even heartbeats do."""
        native = connection.connection
        heard, count = monotonic(), getattr(native, "bytes_recv", None)
        while not self._stopping:
            self.turned_at = monotonic()
            metrics.iterations.labels("", self.name).inc()
            with suppress(TimeoutError):
                connection.drain_events(timeout=1)
            if count is not None:
                if native.bytes_recv != count:
                    heard, count = monotonic(), native.bytes_recv
                elif monotonic() - heard > self._settings.watchdog_seconds:
                    raise Silent("nothing heard")

    def _write(self, connection: Connection, channel: Any) -> None:
        """The only one who writes: what waits, and heartbeats.  A write that hangs costs the connection."""
        patience = self._settings.confirm_seconds
        try:
            while True:
                while self._waiting:
                    ends, act = self._waiting.popleft()
                    left = ends - monotonic()
                    if left > 0:
                        with eventlet.Timeout(max(min(left, patience), 0.05), Silent("write hangs")):
                            act(channel)
                if connection.supports_heartbeats and not self.blocked:
                    with eventlet.Timeout(patience, Silent("heartbeat hangs")):
                        connection.connection.heartbeat_tick()
                self._bell.wait(1.0)
        except Exception as error:
            log.warning("cannot write", post=self.name, reason=type(error).__name__)
            self._shut()

    def _shut(self) -> None:
        """Shut the socket, so that whoever reads from it wakes up; no protocol farewell, which could hang as well."""
        sock = getattr(getattr(self._connection, "_connection", None), "sock", None)
        with suppress(OSError):
            if sock is not None:
                sock.shutdown(socket.SHUT_RDWR)

    def _hang_up(self) -> None:
        self.connected = self.blocked = False
        connection = self._connection
        if connection is None:
            return
        with suppress(Exception):
            if self._stopping or self._settings.embedded:
                with eventlet.Timeout(FAREWELL_SECONDS, Silent("farewell hangs")):
                    connection.release()
        self._shut()
        with suppress(Exception):
            connection.collect(0.1)
        self._connection = None

    def _on_blocked(self, reason: str) -> None:
        self.blocked = True
        log.warning("broker takes nothing", post=self.name)

    def _on_unblocked(self) -> None:
        self.blocked = False
        self._bell.ring()
        log.info("broker takes again", post=self.name)
