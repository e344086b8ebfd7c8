"""The hall in front of a service's doors: takes its calls from the broker and hands each to a worker.

Nobody works for a caller who has given up; what cannot be read is refused without a worker.  A call is acknowledged
after its reply was left for sending, so a process that dies hands its calls on to the next one, and the idempotency
key sees to it that the work is done once.
"""
from collections.abc import Callable
from functools import partial, wraps
from time import monotonic
from typing import Any

import eventlet
import structlog
from eventlet.semaphore import Semaphore
from kombu import Consumer
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension, register_entrypoint

from wire.bus import metrics, settings as settings_
from wire.bus.calls import form
from wire.bus.calls.door import LATE, Turn
from wire.bus.clock import SystemClock
from wire.bus.calls.post import Post
from wire.bus.signing import verifier_of
from wire.contracts.calls import Away, Operation, Refusal, operation_of

log = structlog.get_logger("wire.calls")
#: a reply nobody fetches need not be kept longer
REPLY_SECONDS = 30.0
#: workers that commands never take, and how many calls wait in the hall for each worker: a database that lets nobody
#: write must not keep people from reading
FOR_READING, WAITING = 2, 5


class Hall(SharedExtension):
    """One per container: the post to the broker and the doors by the names of their calls."""

    def __init__(self) -> None:
        self.doors: dict[str, Answers] = {}
        self._in_hand = 0
        self._open = True
        super().__init__()

    def setup(self) -> None:
        self.settings = settings_.of(self.container)
        self.clock = SystemClock(self.settings.zone)
        self.verifier = verifier_of(self.settings, self.clock.now)
        self._writers = Semaphore(max(1, self.settings.max_workers - FOR_READING))
        self.post = Post(self.settings, f"calls of {self.container.service_name}", self._prepare)

    def start(self) -> None:
        self.post.start()

    def close(self) -> None:
        """Take no more calls, and wait for those in hand as long as a drain may take.  A second call waits as well."""
        if self._open:
            self._open = False
            self.post.send(self._cancel, 1.0)
        ends = monotonic() + self.settings.drain_seconds
        while self._in_hand and monotonic() < ends:
            eventlet.sleep(0.01)

    def stop(self) -> None:
        self.post.stop()

    def kill(self) -> None:
        self._open = False
        self.post.stop(0)

    def _prepare(self, channel: Any) -> None:
        queue = form.queue_of(self.container.service_name, quorum=self.settings.quorum)
        self._consumer = Consumer(channel, queues=[queue], on_message=self._arrived)
        self._consumer.qos(prefetch_count=self.container.max_workers * WAITING)
        if self._open:
            self._consumer.consume()

    def _cancel(self, channel: Any) -> None:
        for tag in list(self._consumer._active_tags.values()):
            # not waiting for the answer: another greenlet reads it
            channel.basic_cancel(tag, nowait=True)

    def _arrived(self, message: Any) -> None:
        if not self._open:
            return
        self._in_hand += 1
        asked = form.asked(message, self.verifier)
        door = self.doors.get(asked.operation)
        if door is None:
            self._refuse(message, asked, form.Unknown("没有这项操作，请刷新页面后再试。"))
        elif self._expired(asked.ends_at):
            self._refuse(message, asked, Away(LATE))
        else:
            self.container.spawn_managed_thread(partial(self._hand_over, door, message, asked), identifier=asked.operation)

    def _expired(self, ends_at: Any) -> bool:
        """A first look, before a worker is spent; the signed deadline is checked at the door."""
        now = self.clock.now().timestamp() * 1000
        return isinstance(ends_at, int) and not isinstance(ends_at, bool) and ends_at < now

    def _hand_over(self, door: "Answers", message: Any, asked: form.Asked) -> None:
        slot = self._writers if door.operation.writes else None

        def done(worker, result, exc_info):
            if slot is not None:
                slot.release()
            body = form.refusal_body(form.refusal_of(exc_info[1])) if exc_info else result
            self._reply(message, asked, body)
            return result, exc_info

        if slot is not None:
            slot.acquire()
        try:
            self.container.spawn_worker(door, (asked,), {}, handle_result=done)
        except ContainerBeingKilled:
            self._in_hand -= 1

    def _refuse(self, message: Any, asked: form.Asked, refusal: Refusal) -> None:
        service = self.container.service_name
        name = asked.operation if asked.operation in self.doors else "unknown"
        metrics.call_seconds.labels(service, name, refusal.code).observe(0)
        self._reply(message, asked, form.refusal_body(form.refusal_of(refusal)))

    def _reply(self, message: Any, asked: form.Asked, body: bytes) -> None:
        def act(channel: Any) -> None:
            if asked.reply_to:
                channel.basic_publish(
                    channel.prepare_message(
                        body, content_type=form.CONTENT_TYPE, content_encoding="utf-8",
                        properties={"correlation_id": asked.call_id, "delivery_mode": 1,
                                    "expiration": str(int(REPLY_SECONDS * 1000))}),
                    exchange=form.EXCHANGE.name, routing_key=asked.reply_to)
            if message.channel is channel:
                message.ack()

        self._in_hand -= 1
        self.post.send(act, REPLY_SECONDS)


class Answers(Entrypoint):
    """The nameko entrypoint of one call."""

    hall = Hall()

    def __init__(self, operation: Operation, **kwargs: Any):
        self.operation = operation
        super().__init__(operation, **kwargs)

    def setup(self) -> None:
        name = self.operation.name
        if self.operation.service != self.container.service_name:
            raise ValueError(f"{self.container.service_name} cannot answer {name}")
        if name in self.hall.doors:
            raise ValueError(f"{name} is answered twice")
        self.hall.doors[name] = self

    def stop(self) -> None:
        self.hall.close()


def answers(request: type | Operation) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a method ``(self, unit, request) -> reply`` the door of a call, named by its request class.

    The service has its Bus in ``bus``.  What the method raises with code, status and sentence crosses as a refusal;
    anything else as ``internal`` with an incident number.  The undecorated method is ``door.__wrapped__``.
    """
    operation = request if isinstance(request, Operation) else operation_of(request)

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def door(self: Any, asked: form.Asked) -> bytes:
            return Turn(self.bus, operation, partial(method, self), asked).answer()

        register_entrypoint(door, Answers(operation))
        return door

    return decorate
