"""The Bus of a service: its database, units, relay, inbox and healing, as one nameko dependency.

    class PledgeService:
        name = "pledge"
        bus = Bus(storage.Books, policies=(PledgePolicy,), projections=(Projection(board, "roster.member"),))

The only module of the bus that knows ``wire.policy``, and but for the auditor's questions (``auditing``) ``wire.directory``: it
puts them into the units' hands.
"""
import logging
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import eventlet
from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider
from sqlalchemy import Connection

from wire import directory, policy
from wire.bus import audit, auditing, healing, history, idempotency, journal, metrics, retry, settings as settings_, unit as units
from wire.bus.calls import answers, shared
from wire.bus.bell import Bell
from wire.bus.clock import SystemClock
from wire.bus.consumer import Consumer
from wire.bus.database import Database, open_database
from wire.bus.healing import Healing, Projection
from wire.bus.relay import DATABASE_TROUBLE, Relay
from wire.bus.sets import PAGE
from wire.bus.subscribe import DatabaseAway, Door, Doors, Subscribe
from wire.bus.timer import only_one
from wire.contracts.actor import Actor, service_actor
from wire.contracts.audit import audit_of, check_audit_of
from wire.contracts.calls import Away, Operation
from wire.contracts.history import SERVICES, read_history_of
from wire.contracts.journal import PRODUCERS, JournalPage, journal_of
from wire.contracts.policies import propose_policy_of, read_policies_of
from wire.policy import answering

__all__ = ["ROSTER", "Bus", "Projection"]
log = logging.getLogger(__name__)
#: what every service keeps of the roster: its directory, and which policy is in force where
ROSTER = tuple(Projection(table, stream) for stream, table in (*directory.STREAMS.items(), *policy.STREAMS.items()))


class Bus(DependencyProvider):
    """What a service class declares; bound to a container it opens units and turns the loops.

    ``belongs(unit, aggregate, id)`` says whose an aggregate is, for those who read its history (of policies every Bus knows
    it).  ``books(sql)`` makes the repositories of a unit.  ``directory(sql)`` answers who may what; a service that has its
    own (roster) says so.
    """

    def __init__(self, books: Callable[[Connection], Any], *, policies: Sequence[type] = (),
                 projections: Sequence[Projection] = (), directory: Callable[[Connection], Any] = directory.Directory,
                 belongs: Callable[[Any, str, str], history.Place | None] | None = None):
        self.books = books
        self.policies = tuple(policies)
        self.projections = tuple(projections)
        self.directory = directory
        self.belongs = belongs

    def __set_name__(self, owner: type, name: str) -> None:
        """Every service with a Bus answers the calls of ``_alike``, without a line of its own."""
        service = vars(owner).get("name")
        if not isinstance(service, str):
            return
        for operation, door in self._alike(service, name):
            if not hasattr(owner, operation.verb):
                setattr(owner, operation.verb, answers(operation)(door))

    def _alike(self, service: str, name: str) -> Iterator[tuple[Operation, Callable[[Any, units.Unit, Any], Any]]]:
        def journal_(self: Any, unit: units.Unit, request: Any) -> JournalPage:
            return getattr(self, name).answer_journal(request)

        yield journal_of(service), journal_
        if service not in PRODUCERS:
            # a service of a test: no office reads its policies
            return
        yield audit_of(service), lambda self, unit, request: auditing.read_audit(unit, request)
        yield check_audit_of(service), lambda self, unit, request: auditing.check_audit(unit, request)
        yield read_policies_of(service), lambda self, unit, request: answering.read_policies(unit, request)
        yield propose_policy_of(service), lambda self, unit, request: answering.propose_policy(unit, request)
        own = self.belongs

        def belongs(unit: units.Unit, aggregate: str, aggregate_id: str) -> history.Place | None:
            return answering.belongs(unit, aggregate, aggregate_id) or (own(unit, aggregate, aggregate_id) if own else None)

        if service in SERVICES:
            yield read_history_of(service), lambda self, unit, request: history.read(unit, request, belongs)

    def setup(self) -> None:
        self.settings = settings_.of(self.container)
        self.service = self.container.service_name
        for document in self.policies:
            policy.register(self.service, document)
        self.database: Database = open_database(self.settings, self.service)
        self.room = units.Room(
            service=self.service, database=self.database, books=self.books, directory=self.directory, policies=policy.Policies,
            clock=SystemClock(self.settings.zone), wake=self.wake)
        self.relay = Relay(self.room, self.settings, f"{socket.gethostname()}:{os.getpid()}:{id(self):x}")
        self.doors = Doors(self.room, self.settings, self._doors())
        self.consumers = [Consumer(self.doors, self.settings, p, s) for p, s in self.doors.streams().items()]
        self.healing = Healing(self.room, self.settings, self.doors, self.projections, self._ask)
        self._stopping = False
        self._bell = Bell()
        self._loops: list[Any] = []
        self._compacted_on: Any = None

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
        for name, loop in (("relay", self.relay.run), *((c.queue, c.run) for c in self.consumers),
                           ("look after", self._look_after), ("heal", self._heal)):
            self._loops.append(eventlet.spawn(self._for_ever, name, loop))

    def _for_ever(self, name: str, loop: Callable[[], None]) -> None:
        """A loop that breaks begins again, loudly: the service must not die, nor go on without it."""
        while not self._stopping:
            try:
                loop()
            except Exception:
                log.exception("%s: the loop %s broke and begins again", self.service, name)
                self._bell.wait(1.0)

    def stop(self) -> None:
        """Readers first, then the relay, the database last.  A second call does nothing."""
        if self._stopping:
            return
        self._stopping = True
        self._bell.ring()
        for loop in self._lines():
            loop.stop()
        for thread in self._loops:
            with eventlet.Timeout(self.settings.drain_seconds, False):
                thread.wait()
        self.database.close()

    def _lines(self) -> list[Any]:
        return [*self.consumers, self.relay]

    def kill(self) -> None:
        """At once: what is in hand is not finished, and is there again after the next start."""
        self._stopping = True
        for thread in self._loops:
            thread.kill()
        for loop in self._lines():
            loop.line.cut()
        self.database.close()

    def _look_after(self) -> None:
        """Once a second: what is due again, loops that hang, the chain of the operation log."""
        turns = 0
        while not self._stopping:
            self._bell.wait(1.0)
            for consumer in self.consumers:
                consumer.watch()
            turns += 1
            try:
                if monotonic() >= self.doors.calm_until:
                    self.doors.turn_retries()
                if turns % 5 == 0:
                    self._tidy()
            except (DatabaseAway, *DATABASE_TROUBLE) as error:
                log.warning("%s: looking after waits for the database: %s", self.service, type(error).__name__)

    def _tidy(self) -> None:
        with self.database.begin(writing=False) as sql:
            metrics.parked_rows.labels(self.service).set(retry.count(sql)[retry.PARKED])
            waiting = audit.unlinked(sql)
        if waiting:
            with units.transaction(self.database) as sql:
                audit.link(sql)
        if self._compacted_on != self.room.clock.today():
            only_one(self.database, f"{self.service}.compact", self._compact)

    def _compact(self) -> None:
        """What is over: once a day, a piece a turn until nothing is left of it, then the journal."""
        now, today = self.room.clock.now(), self.room.clock.today()
        with units.transaction(self.database) as sql:
            # a day more than it must be kept: the database judges by its own clock
            if max(audit.trim(sql, self.service, now - timedelta(days=self.settings.operation_log_days + 1), now, PAGE),
                   idempotency.forget(sql, now, self.settings.idempotency_days)) == PAGE:
                return
            journal.compact(sql, now - timedelta(days=self.settings.journal_days))
        self._compacted_on = today

    def _heal(self) -> None:
        pause: float = 1.0
        while not self._stopping:
            self._bell.wait(min(pause, self.settings.hole_grace_seconds))
            pause = self.settings.seldom
            try:
                if self.healing.turn():
                    pause = 1.0
            except (DatabaseAway, *DATABASE_TROUBLE) as error:
                log.warning("%s: healing waits for the database: %s", self.service, type(error).__name__)

    def _ask(self, producer: str, **fields: Any) -> JournalPage:
        if self._stopping:
            # the others stop as well: each stream would wait out the deadline of a call nobody answers
            raise Away("正在停止，下次启动后再取。")
        request = journal_of(producer).request(**fields)
        return shared(self.settings).call(service_actor(self.service), request)

    def answer_journal(self, request: Any) -> JournalPage:
        """A page of this service's journal.  A question that proves this service was restored opens a new epoch first."""
        with self.database.begin(writing=False) as sql:
            loss = journal.proves_loss(sql, request)
        if loss:
            log.error("%s: was restored from a backup: position %d of %s was given before; a new epoch opens",
                      self.service, request.seen, request.stream)
            self.open_epoch(after=request.epoch, because=request)
        with self.database.begin(writing=False) as sql:
            return journal.page(sql, request)

    def open_epoch(self, *, after: int = 0, because: Any = None) -> int:
        """This service was restored from a backup (console ``restored``): its journal begins a new epoch; returns it.

        ``because``: the question that proves it; not opened again when another one's proof was first.
        """
        with units.transaction(self.database) as sql:
            if because is not None and not journal.proves_loss(sql, because):
                return max(head.epoch for head in journal.heads(sql))
            epoch = journal.open_epoch(sql, self.service, self.room.clock.now(), after=after)
        self.wake()
        return epoch

    def replay(self, *producers: str) -> list[str]:
        """Read everything of these producers (all without names) again, projections rebuilt; which streams."""
        streams = [s for p, found in self.doors.streams().items() for s in found if not producers or p in producers]
        with units.transaction(self.database) as sql:
            healing.replay(sql, streams, self.projections)
        return streams

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
