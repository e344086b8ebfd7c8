"""The Bus of a service: its database, units, relay, inbox and healing, as one nameko dependency.

    class PledgeService:
        name = "pledge"
        bus = Bus(storage.Books, policies=(PledgePolicy,), projections=(Projection(board, "roster.member"),))

The only module of the bus that knows ``wire.directory`` and ``wire.policy``: it puts them into the units' hands.
"""
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nameko.extensions import DependencyProvider
from sqlalchemy import Connection, Table

from wire import policy
from wire.bus import settings as settings_, unit as units
from wire.bus.clock import SystemClock
from wire.bus.database import Database, open_database
from wire.contracts.actor import Actor, service_actor
from wire.contracts.calls import Operation
from wire.directory import Directory


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

    def stop(self) -> None:
        self.database.close()

    def get_dependency(self, worker_ctx: Any) -> "Bus":
        return self

    def wake(self) -> None:
        """Something was announced: the relay need not wait for its next sweep."""

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
