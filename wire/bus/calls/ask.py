"""The side that asks: one caller per process, usable from any of its greenlets.

One absolute deadline covers everything.  Nobody waits in a socket: a request is left with the post, and its sender
waits for an event until the deadline and no longer, whatever state the broker is in.  A connection lost meanwhile is
no error yet: the request goes again under the same key while there is time.
"""
import secrets
import uuid
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

import eventlet
import structlog
from eventlet.event import Event
from kombu import Consumer, Queue
from uuid_utils import uuid7

from wire.bus import logs, metrics
from wire.bus.calls import form
from wire.bus.clock import SystemClock
from wire.bus.calls.post import Post
from wire.bus.settings import Settings
from wire.bus.signing import Claims, digest, signer_of
from wire.contracts.actor import Actor
from wire.contracts.calls import Away, Operation, Refusal, operation_of
from wire.contracts.shape import written

log = structlog.get_logger("wire.calls")
NO_ANSWER = "这项功能暂时没有回应，不能确定是否已经办理，请稍后重新提交，系统不会重复办理。"
NOBODY = "这项功能暂时停止服务，这次没有办理，请稍后再试。"


class _Waiting:
    """One request on its way."""

    __slots__ = ("operation", "body", "headers", "ends", "event", "id", "sent")

    def __init__(self, operation: Operation, body: bytes, headers: dict[str, Any], ends: float):
        self.operation, self.body, self.headers, self.ends = operation, body, headers, ends
        self.event, self.id, self.sent = Event(), uuid.uuid4().hex, False


class Caller:
    """Asks services.  The gateway's signs for people; a service's may ask for journals only."""

    def __init__(self, settings: Settings, *, name: str = "caller"):
        self._settings = settings
        self._clock = SystemClock(settings.zone)
        self._signer = signer_of(settings)
        self._waiting: dict[str, _Waiting] = {}
        self._reply_key = ""
        self.post = Post(settings, name, self._prepare, self._again)

    def call(self, actor: Actor, request: Any, *, key: str | None = None, deadline: float | None = None,
             correlation: str = "", traceparent: str = "") -> Any:
        """Ask and return the reply shape, within ``deadline`` seconds (the setting ``call_seconds`` without one).

        Raises Remote with what the service refused, or Away when no answer came in time or nobody answers such calls;
        after Away the same ``key`` may be sent again: the work is done once.  A command without a key gets a new one.
        """
        operation = operation_of(type(request))
        seconds = self._settings.call_seconds if deadline is None else deadline
        started, outcome = monotonic(), "done"
        waiting = self._letter(operation, actor, request, key, seconds, correlation, traceparent)
        try:
            return form.answer_of(operation, self._ask(waiting))
        except Refusal as refusal:
            outcome = refusal.code
            raise
        finally:
            metrics.asked_seconds.labels(operation.name, outcome).observe(monotonic() - started)

    def stop(self) -> None:
        """Hang up.  Whoever still waits gets Away now."""
        for waiting in list(self._waiting.values()):
            if self._waiting.pop(waiting.id, None) is not None:
                waiting.event.send_exception(Away(NO_ANSWER))
        self.post.stop(0.5)

    def _letter(self, operation: Operation, actor: Actor, request: Any, key: str | None, seconds: float, correlation: str,
                traceparent: str) -> _Waiting:
        body = written(request).encode()
        if len(body) > self._settings.call_bytes:
            raise form.TooLarge("提交的内容太大，请减少内容或分次提交。")
        now = self._clock.now()
        ends_at = now + timedelta(seconds=seconds)
        token = self._signer.token(Claims(
            actor=actor, operation=operation.name, digest=digest(body), issued_at=now, ends_at=ends_at,
            key=key or (uuid7().hex if operation.writes else "")))
        headers = {
            "token": token, "ends_at": int(ends_at.timestamp() * 1000),
            "correlation": correlation or logs.bound("correlation") or f"cor_{uuid7().hex}",
            "traceparent": traceparent or logs.bound("traceparent") or f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"}
        return _Waiting(operation, body, headers, monotonic() + seconds)

    def _ask(self, waiting: _Waiting) -> bytes:
        self.post.start()
        if self.post.blocked:
            raise Away(NOBODY)
        self._waiting[waiting.id] = waiting
        metrics.waiting_calls.set(len(self._waiting))
        try:
            self.post.send(partial(self._publish, waiting), waiting.ends - monotonic())
            with eventlet.Timeout(max(waiting.ends - monotonic(), 0.001), False):
                answer = waiting.event.wait()
                if answer is None:
                    raise Away(NOBODY)
                return answer
            raise Away(NO_ANSWER)
        finally:
            self._waiting.pop(waiting.id, None)
            metrics.waiting_calls.set(len(self._waiting))

    def _prepare(self, channel: Any) -> None:
        """A reply queue of this connection's own: the broker may still hold the one of a connection it believes alive."""
        self._reply_key = f"reply.{uuid.uuid4().hex}"
        queue = Queue(f"rpc.{self._reply_key}", exchange=form.EXCHANGE, routing_key=self._reply_key, exclusive=True,
                      auto_delete=True, durable=False)
        Consumer(channel, queues=[queue], on_message=self._arrived, no_ack=True).consume()
        channel.events["basic_return"].add(self._returned)

    def _publish(self, waiting: _Waiting, channel: Any) -> None:
        left = waiting.ends - monotonic()
        if left <= 0 or waiting.id not in self._waiting:
            return
        waiting.sent = True
        message = channel.prepare_message(
            waiting.body, content_type=form.CONTENT_TYPE, content_encoding="utf-8", headers=waiting.headers,
            properties={"reply_to": self._reply_key, "correlation_id": waiting.id, "delivery_mode": 1,
                        "expiration": str(max(int(left * 1000), 1))})
        channel.basic_publish(message, exchange=form.EXCHANGE.name, routing_key=waiting.operation.name, mandatory=True)

    def _arrived(self, message: Any) -> None:
        waiting = self._waiting.pop(message.properties.get("correlation_id"), None)
        if waiting is not None:
            body = message.body
            waiting.event.send(body.encode() if isinstance(body, str) else bytes(body or b""))

    def _returned(self, error: Any, exchange: str, key: str, message: Any) -> None:
        """Nobody has ever answered such calls: there is no queue."""
        waiting = self._waiting.pop(message.properties.get("correlation_id"), None)
        if waiting is not None:
            waiting.event.send(None)

    def _again(self) -> None:
        """The connection is gone, and every reply on its way with it: what was sent goes again, under the same key."""
        for waiting in [w for w in self._waiting.values() if w.sent]:
            waiting.sent = False
            self.post.send(partial(self._publish, waiting), waiting.ends - monotonic())


_shared: dict[tuple, Caller] = {}


def shared(settings: Settings) -> Caller:
    """The caller of this process for these settings: one connection and one reply queue for all its greenlets."""
    key = _key(settings)
    if key not in _shared:
        _shared[key] = Caller(settings)
    return _shared[key]


def hang_up(settings: Settings) -> None:
    """Stop the shared caller, if there is one.  A later ``shared`` makes a new one."""
    caller = _shared.pop(_key(settings), None)
    if caller is not None:
        caller.stop()


def _key(settings: Settings) -> tuple:
    return settings.broker_uri, settings.signing_key, str(settings.data)
