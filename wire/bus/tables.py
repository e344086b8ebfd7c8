"""The bus's own tables, the same in every service's database, and the types both dialects share."""
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger, Boolean, Column, DateTime, Index, Integer, LargeBinary, MetaData, Numeric, String, Table, Text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

from wire.bus.sets import add, add_new, among, drop_some, upsert
from wire.contracts.envelope import parse, text_of

__all__ = [
    "INSERTS", "Exact", "Instant", "Json", "Serial", "add",
    "add_new", "among", "audit", "drop_some", "history", "idempotency", "inbox", "lease", "metadata", "outbox",
    "prepared", "retry", "stream_head", "upsert", "watermark"]


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime: timestamptz on PostgreSQL, text of one width on SQLite, so that it compares as it should.

    A naive datetime is refused: nobody knows what it means.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(String(27) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no zone")
        value = value.astimezone(UTC)
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if dialect.name == "sqlite" else value

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """A Decimal, never a float: numeric on PostgreSQL, text on SQLite (so order by it in Python, or cast, there)."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(String(40) if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value, dialect):
        if isinstance(value, float):
            raise ValueError("a float is never exact")
        return value if value is None or dialect.name != "sqlite" else format(Decimal(value), "f")

    def process_result_value(self, value, dialect):
        return None if value is None else Decimal(value)


class Json(TypeDecorator[Any]):
    """JSON as text, written and read as strictly as what crosses the wire."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else text_of(value)

    def process_result_value(self, value, dialect):
        return None if value is None else parse(value)


#: SQLite counts only INTEGER PRIMARY KEY by itself
Serial = BigInteger().with_variant(Integer, "sqlite")
metadata = MetaData()

#: what this service announced: the outbox while position is empty or a lease covers it, afterwards the journal.  ``seq`` is
#: that of the line of history that keeps the event's data: placing an event rewrites a narrow row, not its data
outbox = Table(
    "outbox", metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("correlation", Text, nullable=False),
    Column("traceparent", Text, nullable=False),
    Column("epoch", Integer),
    Column("position", BigInteger),
    Column("unrouted", Boolean, nullable=False, default=False))
Index("outbox_place", outbox.c.stream, outbox.c.epoch, outbox.c.position, unique=True)
Index("outbox_waiting", outbox.c.seq, postgresql_where=outbox.c.position.is_(None), sqlite_where=outbox.c.position.is_(None))

#: a stretch of positions on its way to the broker; a placed event under no lease is sent
lease = Table(
    "lease", metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("stream", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("leased_by", Text, nullable=False),
    Column("leased_until", Instant, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("returned_at", Instant))

#: the last position given in each stream of this service; ``opened``: where its epoch began to be new
stream_head = Table(
    "stream_head", metadata,
    Column("stream", Text, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("opened", BigInteger, nullable=False))

#: what was applied ahead of a hole; everything at or below the watermark was applied too
inbox = Table(
    "inbox", metadata,
    Column("stream", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False))

#: how far each heard stream was applied without a hole, constant in size for ever
watermark = Table(
    "watermark", metadata,
    Column("stream", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False, default=0),
    Column("highest", BigInteger, nullable=False, default=0),
    Column("highest_id", Text, nullable=False, default=""),
    Column("head", BigInteger, nullable=False, default=0),
    Column("opened", BigInteger),
    Column("settled", Boolean, nullable=False, default=False),
    Column("hole_since", Instant),
    #: position and id that were the highest when an event came to a position that was taken: was the producer restored?
    Column("doubt", Text))

#: events that failed here: tried again while ``due``, set aside for a person when ``parked``
retry = Table(
    "retry", metadata,
    Column("id", Text, primary_key=True),
    Column("producer", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("topic", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("reason", Text, nullable=False))
Index("retry_due", retry.c.state, retry.c.due_at)

idempotency = Table(
    "idempotency", metadata,
    Column("caller", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("operation", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("at", Instant, nullable=False))
Index("idempotency_at", idempotency.c.at)

#: who did what, when, to what, with which result, from where; ``place`` and ``link`` are the hash chain, set afterwards
audit = Table(
    "audit", metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("person_name", Text, nullable=False),
    Column("on_behalf_of", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("organisation_id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("correlation", Text, nullable=False),
    Column("place", BigInteger),
    Column("link", Text))
Index("audit_place", audit.c.place, unique=True)
Index("audit_unlinked", audit.c.seq, postgresql_where=audit.c.place.is_(None), sqlite_where=audit.c.place.is_(None))
Index("audit_at", audit.c.at)

#: every version of every aggregate of this service, for people: "as of", who changed what
history = Table(
    "history", metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("aggregate", Text, nullable=False),
    Column("aggregate_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("person_name", Text, nullable=False),
    Column("on_behalf_of", Text, nullable=False),
    Column("correlation", Text, nullable=False))
Index("history_of", history.c.aggregate_id, history.c.version)

#: pieces of a large change, put aside until a unit makes it: rows of a table or events, as a JSON array; ``said`` is how the
#: data of the events words the instant of the act
prepared = Table(
    "prepared", metadata,
    Column("batch", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("said", Text, nullable=False),
    Column("rows", Text, nullable=False))

INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
