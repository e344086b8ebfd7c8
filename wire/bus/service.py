"""The Bus of a service: its database, units, relay, inbox and healing, as one nameko dependency.

    class PledgeService:
        name = "pledge"
        bus = Bus(storage.Books, policies=(PledgePolicy,), projections=(Projection(board, "roster.member"),))

The only module of the bus that knows ``wire.directory`` and ``wire.policy``: it puts them into the units' hands.
"""
import logging
import os
import socket
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import eventlet
from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider
from sqlalchemy import Connection, Table

from wire import policy
from wire.bus import settings as settings_, unit as units
from wire.bus.bell import Bell
from wire.bus.clock import SystemClock
from wire.bus.consumer import Consumer
from wire.bus.database import Database, open_database
from wire.bus.relay import DATABASE_TROUBLE, Relay
from wire.bus.subscribe import DatabaseAway, Door, Doors, Subscribe
from wire.contracts.actor import Actor, service_actor
from wire.contracts.calls import Operation
from wire.directory import Directory

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Projection:
    """A table fed by one stream, with columns ``epoch``, ``version`` and ``lost``: healing marks what a new epoch lacks."""

    table: Table
    stream: str


class Bus(DependencyProvider):
    """What a service class declares; bound to a container it opens units and turns the loops.

    ``books(sql)`` makes the repositories of a unit.  ``directory(sql)`` answers who may what; a service that has its
    own (roster) says so.
    """

    def __init__(self, books: Callable[[Connection], Any], *, policies: Sequence[type] = (),
                 projections: Sequence[Projection] = (), directory: Callable[[Connection], Any] = Directory):
        self.books = books
        self.policies = tuple(policies)
        self.projections = tuple(projections)
        self.directory = directory

    def setup(self) -> None:
        self.settings = settings_.of(self.container)
        self.service = self.container.service_name
        for document in self.policies:
            policy.register(self.service, document)
        self.database: Database = open_database(self.settings, self.service)
        self.room = units.Room(
            service=self.service, database=self.database, books=self.books, directory=self.directory, policy=policy.in_force,
            clock=SystemClock(self.settings.zone), wake=self.wake)
        self.relay = Relay(self.room, self.settings, f"{socket.gethostname()}:{os.getpid()}:{id(self):x}")
        self.doors = Doors(self.room, self.settings, self._doors())
        self.consumers = [Consumer(self.doors, self.settings, p, s) for p, s in self.doors.streams().items()]
        self._stopping = False
        self._bell = Bell()
        self._loops: list[Any] = []

    def _doors(self) -> list[Door]:
        """The ``@subscribe`` methods of the service class, in order of name."""
        found = []
        for entrypoint in sorted(self.container.entrypoints, key=lambda e: e.method_name):
            if isinstance(entrypoint, Subscribe):
                found.append(Door(entrypoint.method_name, entrypoint.events, self._opener(entrypoint)))
        return found

    def _opener(self, entrypoint: Subscribe) -> Callable[[units.Unit, list], None]:
        made: list[Any] = []

        def open_door(unit: units.Unit, news: list) -> None:
            if not made:
                # the same object every time, with what nameko would have injected
                service = self.container.service_cls()
                context = WorkerContext(self.container, service, entrypoint)
                for provider in self.container.dependencies:
                    setattr(service, provider.attr_name, provider.get_dependency(context))
                made.append(getattr(service, entrypoint.method_name))
            made[0](unit, news)

        return open_door

    def start(self) -> None:
        for loop in (self.relay, *self.consumers):
            self._loops.append(self.container.spawn_managed_thread(loop.run, identifier=type(loop).__name__))
        self._loops.append(self.container.spawn_managed_thread(self._look_after, identifier="caretaker"))

    def stop(self) -> None:
        """Readers first, then the relay, the database last."""
        self._stopping = True
        self._bell.ring()
        for loop in (*self.consumers, self.relay):
            loop.stop()
        for thread in self._loops:
            with eventlet.Timeout(self.settings.drain_seconds, False):
                thread.wait()
        self.database.close()

    def kill(self) -> None:
        self.stop()

    def _look_after(self) -> None:
        """Once a second: what is due again, and loops that hang."""
        while not self._stopping:
            self._bell.wait(1.0)
            for consumer in self.consumers:
                consumer.watch()
            try:
                self.doors.turn_retries()
            except (DatabaseAway, *DATABASE_TROUBLE) as error:
                log.warning("%s: looking after waits for the database: %s", self.service, type(error).__name__)

    def get_dependency(self, worker_ctx: Any) -> "Bus":
        return self

    def wake(self) -> None:
        """Something was announced: the relay need not wait for its next sweep."""
        self.relay.wake()

    def writing(self, actor: Actor | None = None, operation: Operation | None = None, *, correlation: str = "",
                traceparent: str = "", deadline: datetime | None = None) -> AbstractContextManager[units.Unit]:
        """A unit that commits when its block ends.  Without an actor the service itself acts."""
        return units.writing(self.room, actor or service_actor(self.service), operation, correlation=correlation,
                             traceparent=traceparent, deadline=deadline)

    def reading(self, actor: Actor | None = None, operation: Operation | None = None, *, correlation: str = "",
                traceparent: str = "") -> AbstractContextManager[units.Unit]:
        """A unit that changes nothing."""
        return units.reading(self.room, actor or service_actor(self.service), operation, correlation=correlation,
                             traceparent=traceparent)
