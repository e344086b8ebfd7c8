"""Large changes, prepared in pieces and made at one stroke.

A use case that changes fifty thousand rows would hold its transaction for as long as it takes to think about each of them.
So it thinks beforehand, a thousand at a time, in units of their own: ``keep`` puts the rows of a table and the events that
tell of them aside, where nobody sees them.  The unit that decides only lets the database ``pour`` them into their
tables, piece by piece, statement by statement, and commits: all of it or nothing, and no row passes through this process.

Rule kept: a piece kept again replaces itself; what is poured says the instant and the person of the unit that pours.
"""
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import eventlet
import msgspec
from sqlalchemy import Connection, Executable, Table, delete, insert, select, text
from sqlalchemy.engine import Dialect

from wire.bus import pieces
from wire.bus.sets import processors_of
from wire.bus.tables import Instant, prepared
from wire.contracts.envelope import parse, text_of

EVENTS = "event"
#: what a kept event says beside its data
HEAD = ("id", "stream", "topic", "subject", "version")
_HISTORY = ("aggregate", "aggregate_id", "version", "what", "state", "at", "person_id", "person_name", "on_behalf_of", "correlation")
_OUTBOX = ("id", "stream", "topic", "subject", "version", "at", "correlation", "traceparent", "unrouted")


def keep(sql: Connection, batch: str, chunk: int, what: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows (JSON values) aside as a piece of the batch, under a name of the caller's."""
    _keep(sql, batch, chunk, what, text_of(list(rows)), len(rows))


def keep_rows(sql: Connection, batch: str, chunk: int, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Put rows of a table aside, each with a value per column, in the table's order."""
    processors = processors_of(sql.dialect, table, tuple(c.name for c in table.columns))
    columns = [column if process is None else [process(value) for value in column]
               for column, process in zip(zip(*rows, strict=True), processors, strict=True)] if rows else []
    _keep(sql, batch, chunk, table.name, pieces.text(sql.dialect, columns), len(rows))


def keep_events(sql: Connection, batch: str, chunk: int, events: Sequence[tuple[Mapping[str, Any], str]], at: datetime) -> None:
    """Put events aside: their ``HEAD``, and their data as JSON text, which says ``at`` as the instant of the act."""
    columns = [*([head[name] for head, _ in events] for name in HEAD), [data for _, data in events]]
    _keep(sql, batch, chunk, EVENTS, pieces.text(sql.dialect, columns), len(events), _acted(at))


def kept(sql: Connection, batch: str, what: str) -> Iterator[list[dict[str, Any]]]:
    """The pieces put aside under this name, in order."""
    for chunk, _ in _pieces(sql, batch, what):
        yield parse(sql.execute(select(prepared.c.rows).where(
            prepared.c.batch == batch, prepared.c.what == what, prepared.c.chunk == chunk)).scalar_one())


def drop(sql: Connection, batch: str, chunk: int | None = None) -> None:
    """Forget the batch, or one piece of it.  A second call does nothing."""
    wanted = [prepared.c.batch == batch] + ([] if chunk is None else [prepared.c.chunk == chunk])
    sql.execute(delete(prepared).where(*wanted))


@dataclass(frozen=True)
class Target:
    """A table that is poured into, by id: an edition (the columns ``guard``) never overwrites an equal or newer one.
    ``same``: columns that are the same in all rows."""

    table: Table
    guard: tuple[str, ...]
    same: tuple[tuple[str, Any], ...] = ()


def pour(sql: Connection, batch: str, kept: Table, *targets: Target) -> int:
    """Write what was kept as rows of one table into others, or itself.  Returns how many rows stayed out of how many targets.
    Raises ValueError for a target with a column that nothing fills."""
    told = {"batch": batch, "what": kept.name} | {
        f"{name}{n}": value for n, target in enumerate(targets) for name, value in target.same}
    out = 0
    for chunk, count in _pieces(sql, batch, kept.name):
        out += count * len(targets)
        for statement in _rows_statements(sql.dialect, kept, targets):
            done = sql.execute(statement, {**told, "chunk": chunk})
            out -= done.scalar_one() if done.returns_rows else done.rowcount
            # SQLite works in this very thread: between two pieces the others have their turn
            eventlet.sleep(0)
    return out


def pour_events(sql: Connection, batch: str, at: datetime, same: Mapping[str, Any]) -> int:
    """Write the kept events into history and outbox; their data says ``at`` from now on.  Returns how many.

    ``same``: person_id, person_name, on_behalf_of, correlation and traceparent of all of them.
    """
    told = {"batch": batch, "what": EVENTS, "now": _acted(at), "at": Instant().process_bind_param(at, sql.dialect), **same}
    poured = 0
    for chunk, count in _pieces(sql, batch, EVENTS):
        if sql.dialect.name == "sqlite":
            told["last"] = sql.scalar(text("SELECT coalesce(max(seq), 0) FROM history"))
        for statement in _events_statements(sql.dialect):
            sql.execute(statement, {**told, "chunk": chunk})
            eventlet.sleep(0)
        poured += count
    return poured


def _acted(at: datetime) -> str:
    return f'"acted_at":{msgspec.json.encode(at).decode()}'


def _keep(sql: Connection, batch: str, chunk: int, what: str, rows: str, count: int, said: str = "") -> None:
    sql.execute(delete(prepared).where(prepared.c.batch == batch, prepared.c.what == what, prepared.c.chunk == chunk))
    if count:
        sql.execute(insert(prepared), {
            "batch": batch, "chunk": chunk, "what": what, "count": count, "said": said, "rows": rows})


def _pieces(sql: Connection, batch: str, what: str) -> Sequence[tuple[int, int]]:
    """Number and size of the pieces, in order."""
    return [(row[0], row[1]) for row in sql.execute(select(prepared.c.chunk, prepared.c.count).where(
        prepared.c.batch == batch, prepared.c.what == what).order_by(prepared.c.chunk))]


@lru_cache(maxsize=100)
def _rows_statements(dialect: Dialect, kept: Table, targets: tuple[Target, ...]) -> tuple[Executable, ...]:
    for target in targets:
        # SQLite takes a name between quotes that it does not know for a text, and would write the column's own name
        if odd := [c.name for c in target.table.columns if c.name not in kept.columns and c.name not in dict(target.same)]:
            raise ValueError(f"{target.table.name}: {', '.join(odd)} is neither kept in {kept.name} nor the same in all rows")
    told = pieces.told(dialect, tuple(c.name for c in kept.columns), tuple(c.type.compile(dialect) for c in kept.columns))
    if dialect.name == "sqlite":
        return tuple(text(_write(target, n, told)).execution_options(preserve_rowcount=True) for n, target in enumerate(targets))
    # all targets in one statement, so that the piece is read once
    writes = [_write(target, n) for n, target in enumerate(targets)]
    written = ", ".join(f"w{n} AS ({one} RETURNING 1)" for n, one in enumerate(writes))
    total = " + ".join(f"(SELECT count(*) FROM w{n})" for n, _ in enumerate(writes))  # noqa: S608
    return (text(f"{told}, {written} SELECT {total}"),)


def _write(target: Target, n: int, told: str = "") -> str:
    into, same = target.table, {name: f":{name}{n}" for name, _ in target.same}
    columns = {f'"{c.name}"': same.get(c.name, f'"{c.name}"') for c in into.columns}
    old, new = (", ".join(f'{side}."{g}"' for g in target.guard) for side in (into.name, "excluded"))
    # WHERE true: SQLite would read ON as the condition of a join
    return (f"INSERT INTO {into.name} ({', '.join(columns)}) {told} SELECT {', '.join(columns.values())} FROM told WHERE true "  # noqa: S608
            f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in columns)} WHERE ({old}) < ({new})")


@lru_cache(maxsize=10)
def _events_statements(dialect: Dialect) -> tuple[Executable, ...]:
    """History and outbox, with the same number for the same event; SQLite has one writer, so it counts on from the last one."""
    sqlite = dialect.name == "sqlite"
    seq, number = (":last + place", "") if sqlite else ("seq", ", nextval(pg_get_serial_sequence('history', 'seq')) AS seq")
    told = pieces.told(dialect, (*HEAD, "data"), tuple("int" if name == "version" else "text" for name in (*HEAD, "data")), number)
    lines, rows = (f"INSERT INTO {table} (seq, {', '.join(columns)}) SELECT {seq}, {values} FROM told" for table, columns, values in (  # noqa: S608
        ("history", _HISTORY, "stream, subject, version, topic, replace(data, said, :now), "
                              ":at, :person_id, :person_name, :on_behalf_of, :correlation"),
        ("outbox", _OUTBOX, f"{', '.join(HEAD)}, :at, :correlation, :traceparent, false")))
    return (text(f"{told} {lines}"), text(f"{told} {rows}")) if sqlite else (text(f"{told}, lines AS ({lines}) {rows}"),)
