"""A line to the broker that never hangs: what does not come back in time has its socket shut before anything else.

A timeout alone does not free a publish in a black hole or under an alarm: the pool, or a close that says goodbye, would
wait on the same socket again.
"""
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import eventlet
from amqp.transport import TCPTransport
from kombu import Connection

from wire.bus.settings import Settings

log = logging.getLogger(__name__)


class LineDown(ConnectionError):
    """The broker did not answer in time, or the connection is gone."""


class Line:
    """One connection of its own, with one channel.  Not shared between greenlets."""

    def __init__(self, settings: Settings, heartbeat: int):
        self.patience = settings.confirm_seconds
        self._kombu = Connection(settings.broker_uri, heartbeat=heartbeat, connect_timeout=self.patience)
        self.errors: tuple[type[BaseException], ...] = (
            *self._kombu.connection_errors, *self._kombu.channel_errors, OSError, AttributeError)
        self.channel: Any = None

    @property
    def is_up(self) -> bool:
        return self.channel is not None

    @property
    def native(self) -> bool:
        """A real broker, not memory."""
        return bool(self._kombu.supports_heartbeats)

    def open(self) -> Any:
        """Connect and open the channel.  Raises LineDown within ``patience``."""
        with self.bounded():
            self._kombu.connect()
            self.channel = self._kombu.channel()
            _read_much(self._kombu.connection)
        return self.channel

    @contextmanager
    def corked(self) -> Iterator[Callable[[bytes], None]]:
        """What the block writes, whole frames, goes out together at its end: one write instead of one per message."""
        cork = _Cork(self._kombu.connection.transport.write)
        yield cork.write
        cork.pull()

    @contextmanager
    def bounded(self, seconds: float | None = None) -> Iterator[None]:
        """Whatever the block says to the broker, it is over in time: else the socket is shut and LineDown raised."""
        limit = eventlet.Timeout(self.patience if seconds is None else seconds)
        try:
            yield
        except eventlet.Timeout as gone:
            if gone is not limit:
                raise
            self.cut()
            raise LineDown(f"the broker did not answer within {limit.seconds} s") from None
        except self.errors as error:
            self.cut()
            raise LineDown(f"{type(error).__name__}: {error}") from error
        except BaseException:
            self.cut()
            raise
        finally:
            limit.cancel()

    def drain(self, seconds: float) -> bool:
        """Let one thing arrive; False if nothing did.  Raises what the connection raises."""
        try:
            self._kombu.drain_events(timeout=seconds)
            return True
        except TimeoutError:
            return False

    def pulse(self) -> None:
        """Send a heartbeat if one is due.  Raises when the broker's have stopped."""
        if self.native and self._kombu.heartbeat:
            self._kombu.heartbeat_check(rate=2)

    def shut(self) -> None:
        """Shut the socket: whoever waits on it wakes with an error.  From any greenlet; a second call does nothing."""
        sock = getattr(getattr(self._kombu._connection, "transport", None), "sock", None)
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                log.debug("the socket was already shut")

    def cut(self) -> None:
        """Drop the connection without a goodbye."""
        self.shut()
        self.channel = None
        self._kombu.collect(socket_timeout=0.1)

    def close(self) -> None:
        """Say goodbye if the broker listens, drop the connection in any case."""
        if self.channel is None:
            return
        try:
            with self.bounded(1.0):
                self._kombu.release()
        except LineDown:
            log.debug("closed without a goodbye")
        self.channel = None


class _Cork:
    """Collects frames and hands them on in pieces of a megabyte."""

    PIECE = 1_000_000

    def __init__(self, write: Callable[[bytes], Any]):
        self._write, self._held = write, bytearray()

    def write(self, frame: Any) -> None:
        self._held += frame
        if len(self._held) >= self.PIECE:
            self.pull()

    def pull(self) -> None:
        held, self._held = self._held, bytearray()
        if held:
            self._write(bytes(held))


def _read_much(connection: Any) -> None:
    """py-amqp asks the socket three times per frame, nine times per message; ask it once per 64 KB."""
    transport = getattr(connection, "transport", None)
    if not isinstance(transport, TCPTransport) or not hasattr(transport, "_quick_recv"):
        return
    receive, held, at = transport.sock.recv, b"", 0

    def recv(size: int) -> bytes:
        nonlocal held, at
        if at >= len(held):
            held, at = receive(65536), 0
        piece = held[at:at + size]
        at += size
        return piece

    transport._quick_recv = recv
