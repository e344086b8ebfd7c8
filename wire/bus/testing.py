"""A house for component tests: real containers, doors, bus and migrated SQLite files in this process, nothing shared.

    with house(tmp_path, PledgeService) as h:
        view = h.call(secretary, PublishPledge(...))
        h.hear(OrganisationRegistered(...))
        h.settle()
        with h.reading("pledge") as unit: ...
"""
import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import eventlet
from kombu import Connection, Exchange
from nameko.containers import ServiceContainer
from uuid_utils import uuid7

from wire.bus import embedded, migrate, outbox, signing
from wire.bus.calls import hang_up, shared
from wire.bus.embedded.broker import broker
from wire.bus.service import Bus
from wire.bus.settings import Settings
from wire.bus.unit import Unit
from wire.contracts.actor import Actor
from wire.contracts.envelope import CONTENT_TYPE, Sealed, seal, text_of
from wire.contracts.event import Facts, facts_of


class House:
    """The running house of one test."""

    def __init__(self, settings: Settings, *services: type):
        self.settings = settings
        self._classes = {service.name: service for service in services}  # type: ignore[attr-defined]
        self._containers: dict[str, ServiceContainer] = {}
        self._positions: dict[str, itertools.count] = defaultdict(lambda: itertools.count(1))
        self.caller = shared(settings)

    def start(self, *names: str) -> None:
        """Migrate and start these services, all without names."""
        for name in names or tuple(self._classes):
            migrate.upgrade(name, self.settings)
            container = self._containers[name] = ServiceContainer(self._classes[name], self.settings.nameko())
            container.start()

    def stop(self, *names: str) -> None:
        """Stop these services in good order, all without names."""
        for name in names or tuple(self._containers):
            self._containers.pop(name).stop()

    def kill(self, name: str) -> None:
        """Kill a service: what it had in hand is not finished."""
        self._containers.pop(name).kill()

    def bus(self, service: str) -> Bus:
        """The Bus of a running service."""
        return next(d for d in self._containers[service].dependencies if isinstance(d, Bus))

    def reading(self, service: str) -> AbstractContextManager[Unit]:
        """A unit on the database of a running service, to look what is in it."""
        return self.bus(service).reading()

    def call(self, actor: Actor, request: Any, key: str | None = None, deadline: float = 10.0) -> Any:
        """Ask as the gateway would: the reply shape, or what ``Caller.call`` raises."""
        return self.caller.call(actor, request, key=key, deadline=deadline)

    def hear(self, *events: Facts, epoch: int = 1, position: int | None = None, at: datetime | None = None) -> None:
        """Deliver events as their producer's relay would, and wait until they are applied.

        Positions count up per stream; give one to repeat, to leave a hole or to come out of order.
        """
        with Connection(self.settings.broker_uri) as connection:
            channel = connection.channel()
            for event in events:
                place = next(self._positions[event.stream]) if position is None else position
                exchange = f"{event.topic.partition('.')[0]}.events"
                Exchange(exchange, type="topic", durable=True)(channel).declare()
                id_ = f"evt_{uuid7().hex}"
                body = seal(Sealed(
                    id=id_, topic=event.topic, subject=event.subject, at=at or event.acted_at, epoch=epoch, position=place,
                    correlation="cor_test", traceparent="", data=text_of(facts_of(event))))
                headers = {"stream": event.stream, "epoch": epoch, "position": place}
                message = channel.prepare_message(body, content_type=CONTENT_TYPE, headers=headers, properties={
                    "message_id": id_, "type": event.topic})
                channel.basic_publish(message, exchange=exchange, routing_key=event.topic)
        self.settle()

    def settle(self, timeout: float = 10.0) -> None:
        """Wait until nothing is on its way: outboxes sent, queues empty, everything acknowledged.

        Events that failed and wait for their next try are not waited for.  Raises AssertionError naming what moves.
        """
        ends, quiet = monotonic() + timeout, 0
        while quiet < 2:
            eventlet.sleep(0.005)
            moving = self._moving()
            quiet = 0 if moving else quiet + 1
            assert monotonic() < ends, f"still on its way after {timeout} s: {moving}"

    def _moving(self) -> dict[str, int]:
        found = broker(self.settings.house).moving()
        for name in self._containers:
            bus = self.bus(name)
            with bus.database.begin(writing=False) as sql:
                waiting, _ = outbox.unsent(sql, bus.room.clock.now())
            if waiting:
                found[f"outbox of {name}"] = waiting
        return found


@contextmanager
def house(tmp_path: Path, *services: type, **settings: Any) -> Iterator[House]:
    """Run these services embedded, in a house of their own; ``settings`` override what a test needs otherwise."""
    made = Settings(data=tmp_path, house=f"house_{uuid.uuid4().hex}", **settings)
    signing.make_keys(made)
    running = House(made, *services)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        hang_up(made)
        embedded.forget(made.house)
