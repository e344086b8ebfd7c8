"""The broker of the embedded mode: exchanges, bindings and queues in memory, one broker per name of a house."""
import time
from collections import defaultdict, deque
from queue import Empty
from typing import Any
from weakref import WeakSet

from amqp.exceptions import NotFound
from kombu.transport import virtual

from wire.bus.bell import Bell


class Broker(virtual.BrokerState):
    """The exchanges, bindings and queues of one house."""

    def __init__(self) -> None:
        super().__init__()
        self.queues: dict[str, deque] = {}
        #: who to wake when a queue grows
        self.listeners: dict[str, list[Bell]] = defaultdict(list)
        self.connections: WeakSet[Any] = WeakSet()
        self._routes: dict[tuple[str, str], tuple[str, ...]] = {}

    def put(self, queue: str, message: dict, *, first: bool = False) -> None:
        waiting = self.queues.setdefault(queue, deque())
        waiting.appendleft(message) if first else waiting.append(message)
        for bell in self.listeners[queue]:
            bell.ring()

    def take(self, queue: str) -> dict:
        """The oldest message that has not expired.  Raises queue.Empty."""
        waiting = self.queues.get(queue)
        while waiting:
            message = waiting.popleft()
            ends = message["properties"].get("ends_at")
            if ends is None or ends > time.monotonic():
                return message
        raise Empty

    def route(self, exchange: str, key: str) -> tuple[str, ...]:
        """The queues a message goes to; AMQP's own meaning of ``*`` (one word) and ``#`` (any number of words)."""
        if not exchange:
            return (key,) if key in self.queues else ()
        if (exchange, key) not in self._routes:
            if len(self._routes) > 10_000:
                self._routes.clear()
            declared = (self.exchanges or {}).get(exchange)
            if declared is None:
                raise NotFound(f"no exchange {exchange!r}")
            match = matches if declared["type"] == "topic" else (lambda pattern, found: pattern == found)
            self._routes[exchange, key] = tuple(dict.fromkeys(
                b.queue for b in self.bindings
                if b.exchange == exchange and (declared["type"] == "fanout" or match(b.routing_key, key))))
        return self._routes[exchange, key]

    def moving(self) -> dict[str, int]:
        """How many messages wait in each queue, and how many were delivered and not yet acknowledged."""
        found = {queue: len(waiting) for queue, waiting in self.queues.items() if waiting}
        held = sum(c.unacknowledged for t in self.connections for c in t.channels)
        return found | ({"unacknowledged": held} if held else {})

    def rebound(self) -> None:
        self._routes.clear()

    def forget(self, queue: str) -> None:
        self.queues.pop(queue, None)
        self.queue_bindings_delete(queue)
        self.rebound()


def matches(pattern: str, key: str) -> bool:
    """Whether a topic pattern covers a routing key."""
    return _match(pattern.split("."), key.split("."))


def _match(pattern: list[str], words: list[str]) -> bool:
    if not pattern:
        return not words
    if pattern[0] == "#":
        return any(_match(pattern[1:], words[i:]) for i in range(len(words) + 1))
    return bool(words) and pattern[0] in ("*", words[0]) and _match(pattern[1:], words[1:])


_brokers: dict[str, Broker] = {}


def broker(house: str) -> Broker:
    return _brokers.setdefault(house, Broker())


def forget(house: str) -> None:
    """Drop a house with everything still queued in it; as a process that ends does."""
    _brokers.pop(house, None)
