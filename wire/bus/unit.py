"""The Unit: one transaction of one service.  Only here does anything commit.

What a unit changes, what it announces, its line in the operation log and its history commit together or not at all.
No call, publish, sleep or file work belongs inside.
"""
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Connection
from uuid_utils import uuid7

from wire.bus import audit, authority, prepared
from wire.bus.clock import SystemClock
from wire.bus.database import Database
from wire.bus.sets import add
from wire.bus.tables import history, outbox
from wire.contracts.actor import Actor
from wire.contracts.calls import Away, Forbidden, Operation, operation_of
from wire.contracts.envelope import parse, text_of
from wire.contracts.event import Facts
from wire.contracts.ports import Directory
from wire.contracts.shape import written

P = TypeVar("P")
LATE = "处理超时，这次没有生效，请重新提交。"


class NotAsked(Exception):
    """A call changed something without asking ``permit``: a mistake in the code, never the user's."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """What the units of one service have in common."""

    service: str
    database: Database
    books: Callable[[Connection], Any]
    directory: Callable[[Connection], Directory]
    policies: Callable[[Connection, Directory], Any]
    clock: SystemClock
    #: called after a commit that announced something
    wake: Callable[[], None] = field(default=lambda: None)


class Unit:
    """See ``wire.contracts.ports.Unit``.  ``sql`` is the connection, for projections and queries."""

    def __init__(self, room: Room, sql: Connection, actor: Actor, operation: Operation | None = None, *, correlation: str = "",
                 traceparent: str = ""):
        self.room = room
        self.sql = sql
        self.actor = actor
        self.operation = operation
        self.now = room.clock.now()
        self.today = room.clock.day_of(self.now)
        self.correlation = correlation or f"cor_{uuid7().hex}"
        self.traceparent = traceparent or f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
        self.permitted: list[str] = []
        self.acted_for = ""
        #: where ``permit`` was asked for last, and whom the operation under way concerns: told of a refusal, too
        self.asked_at = ""
        self.concerned = ""
        self._beside: list[tuple[str, str]] = []
        #: what was announced, and which of the lines below tells it
        self._announced: list[tuple[dict[str, Any], int]] = []
        self._remembered: list[dict[str, Any]] = []
        #: how many events were released, and of which batches
        self._released = 0
        self._batches: list[str] = []

    @cached_property
    def books(self) -> Any:
        return self.room.books(self.sql)

    @cached_property
    def directory(self) -> Directory:
        return self.room.directory(self.sql)

    @cached_property
    def policies(self) -> Any:
        return self.room.policies(self.sql, self.directory)

    def permit(self, organisation_id: str, *, member_id: str = "") -> None:
        """Pass if the actor's grants reach this organisation in the operation under way; else raise Forbidden.

        What a service does by itself (hearing an event, a timer) needs no grant.
        """
        self.asked_at = organisation_id
        self.concern(member_id)
        if self.operation is not None:
            authority.check(self.operation, self.actor, self.directory, (organisation_id,), member_id)
        self.permitted.append(organisation_id)

    def permit_all(self, organisation_ids: Collection[str]) -> None:
        """Pass if they reach every one of these: as ``permit`` for each, and asked of the database once."""
        self.asked_at = next(iter(organisation_ids), "")
        if self.operation is not None:
            authority.check(self.operation, self.actor, self.directory, organisation_ids, "")
        self.permitted.extend(organisation_ids)

    def concern(self, person_id: str) -> None:
        """Name in the operation log whom this is about; the first who was named stays.  ``permit`` says it of a member."""
        self.concerned = self.concerned or person_id

    def concern_too(self, person_id: str, organisation_id: str) -> None:
        """What is decided is as much about this person, there: a line of their own in the operation log."""
        self._beside.append((person_id, organisation_id))

    def act_for(self, name: str) -> None:
        """Name in the operation log, and in every line of history from here on, the one this is done for (代录)."""
        self.acted_for = name

    def may(self, request: type, organisation_id: str, *, member_id: str = "") -> bool:
        """Whether the actor could make another call here: so that what nobody may see answers like what is not there."""
        try:
            authority.check(operation_of(request), self.actor, self.directory, (organisation_id,), member_id)
        except Forbidden:
            return False
        return True

    def announce(self, event: Facts) -> None:
        """Put the event into the outbox and the aggregate's history: it travels if and only if this unit commits."""
        self._announced.append(({
            "id": self.new_id("evt"), "stream": event.stream, "topic": event.topic, "subject": event.subject,
            "version": event.version, "at": self.now, "correlation": self.correlation, "traceparent": self.traceparent},
            len(self._remembered)))
        self._remembered.append(self._line(event.stream, event.subject, event.version, event.topic, written(event)))

    @contextmanager
    def prepare(self, batch: str, chunk: int) -> Iterator[None]:
        """What is announced within waits, as a piece of the batch, for the unit that releases it, and travels from there.

        A piece prepared again replaces itself.  Only events can wait: what is remembered within is refused.
        """
        before = self._announced, self._remembered
        self._announced, self._remembered = [], []
        try:
            yield
            if len(self._remembered) != len(self._announced):
                raise NotAsked("only events can be prepared")
            prepared.keep_events(self.sql, batch, chunk, [
                ({name: row[name] for name in prepared.HEAD}, self._remembered[line]["state"]) for row, line in self._announced], self.now)
        finally:
            self._announced, self._remembered = before

    def release(self, batch: str) -> int:
        """Announce what was prepared, as said now by this unit's actor; returns how many events.  The batch is kept: whoever
        prepared it drops it."""
        count = prepared.pour_events(self.sql, batch, self.now, {
            "person_id": self.actor.person_id, "person_name": self.actor.name, "on_behalf_of": self.acted_for,
            "correlation": self.correlation, "traceparent": self.traceparent})
        self._released += count
        self._batches.append(batch)
        return count

    def remember(self, aggregate: str, aggregate_id: str, version: int, what: str, state: Mapping[str, Any]) -> None:
        """A line of history for a change that is no event (a draft)."""
        self._remembered.append(self._line(aggregate, aggregate_id, version, what, text_of(state)))

    def _line(self, aggregate: str, aggregate_id: str, version: int, what: str, state: str) -> dict[str, Any]:
        return {"aggregate": aggregate, "aggregate_id": aggregate_id, "version": version, "what": what, "state": state,
                "at": self.now, "person_id": self.actor.person_id, "person_name": self.actor.name,
                "on_behalf_of": self.acted_for, "correlation": self.correlation}

    def day_of(self, instant: datetime) -> date:
        """The county's date at that instant."""
        return self.room.clock.day_of(instant)

    def policy(self, document: type[P], organisation_id: str) -> P:
        """The policy in force for this organisation today, its ``version`` with it."""
        return self.policies.in_force(document, organisation_id, self.today)

    def new_id(self, prefix: str) -> str:
        """A sortable identifier: ``plg_`` and a UUIDv7."""
        return f"{prefix}_{uuid7().hex}"

    @property
    def announced(self) -> int:
        """How many events this unit has announced so far."""
        return len(self._announced) + self._released

    def flush(self) -> None:
        """Write what was collected, in bulk, at the end of the unit.  Refuses a call that never asked ``permit``."""
        if self.operation is not None and self.operation.grants.kind == "person" and not self.permitted:
            raise NotAsked(f"{self.operation.name} wants to commit without having asked permit")
        # an event's data is kept once, in its line of history
        numbers = add(self.sql, history, self._remembered, numbered="seq")
        add(self.sql, outbox, [{"seq": numbers[line], **row} for row, line in self._announced])
        if self.operation is not None and self.operation.writes:
            about = (self._subject(self.operation), self.permitted[0] if self.permitted else "")
            audit.write(self.sql, [audit.line(
                self.now, self.actor, self.operation.name, on_behalf_of=self.acted_for, organisation_id=place, subject=subject,
                correlation=self.correlation) for subject, place in (about, *self._beside)])

    def _subject(self, operation: Operation) -> str:
        """What the operation log is to be searched by: whom this concerned, as was said or else as the first change tells; else
        what was changed.  Nobody and nothing where that is secret."""
        if operation.secret or self.concerned:
            return "" if operation.secret else self.concerned
        if not self._remembered:
            return "".join(self._batches[:1])
        first = self._remembered[self._announced[0][1] if self._announced else 0]
        state = parse(first["state"])
        return state.get("member_id") or state.get("person_id") or first["aggregate_id"]


@contextmanager
def writing(room: Room, actor: Actor, operation: Operation | None = None, *, correlation: str = "", traceparent: str = "",
            deadline: datetime | None = None) -> Iterator[Unit]:
    """A unit that commits when the block ends, and leaves nothing behind when it raises.

    ``deadline``: after it nothing commits, so that a process that was stopped and goes on decides nothing stale (X49).
    """
    with room.database.begin(writing=True) as sql:
        unit = Unit(room, sql, actor, operation, correlation=correlation, traceparent=traceparent)
        yield unit
        unit.flush()
        if deadline is not None and room.clock.now() > deadline:
            raise Away(LATE)
        sql.commit()
    if unit.announced:
        room.wake()


@contextmanager
def reading(room: Room, actor: Actor, operation: Operation | None = None, *, correlation: str = "",
            traceparent: str = "") -> Iterator[Unit]:
    """A unit that changes nothing: whatever the block did is rolled back."""
    with room.database.begin(writing=False) as sql:
        yield Unit(room, sql, actor, operation, correlation=correlation, traceparent=traceparent)


@contextmanager
def transaction(database: Database) -> Iterator[Connection]:
    """The bus's own book-keeping (relay, retries, migrations): commits when the block ends."""
    with database.begin(writing=True) as sql:
        yield sql
        sql.commit()
