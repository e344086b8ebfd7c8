"""Large changes, prepared in pieces and made at one stroke.

A use case that changes fifty thousand rows would hold its transaction for as long as it takes to think about each of them.
So it thinks beforehand, a thousand at a time, in units of their own: ``keep`` puts the rows of a table and the events that
tell of them aside, as JSON, where nobody sees them.  The unit that decides only lets the database ``pour`` them into their
tables, piece by piece, statement by statement, and commits: all of it or nothing, and no row passes through this process.

Rule kept: a piece kept again replaces itself; what is poured says the instant and the person of the unit that pours.
"""
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import eventlet
import msgspec
from sqlalchemy import Connection, Table, TextClause, delete, insert, select, text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

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


def keep_rows(sql: Connection, batch: str, chunk: int, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put rows of a table aside, every column named."""
    writers = [(column.name, _writer(sql.dialect, column.type)) for column in table.columns]
    told = [{n: row[n] if w is None else w(row[n]) for n, w in writers} for row in rows]
    _keep(sql, batch, chunk, table.name, msgspec.json.encode(told).decode(), len(told))


def keep_events(sql: Connection, batch: str, chunk: int, events: Sequence[tuple[Mapping[str, Any], str]], at: datetime) -> None:
    """Put events aside: their ``HEAD``, and their data as JSON text, which says ``at`` as the instant of the act."""
    told = [f'{msgspec.json.encode(head).decode()[:-1]},"data":{data}}}' for head, data in events]
    _keep(sql, batch, chunk, EVENTS, f"[{','.join(told)}]", len(told), _acted(at))


def kept(sql: Connection, batch: str, what: str) -> Iterator[list[dict[str, Any]]]:
    """The pieces put aside under this name, in order."""
    for chunk, _ in _pieces(sql, batch, what):
        yield parse(sql.execute(select(prepared.c.rows).where(
            prepared.c.batch == batch, prepared.c.what == what, prepared.c.chunk == chunk)).scalar_one())


def drop(sql: Connection, batch: str, chunk: int | None = None) -> None:
    """Forget the batch, or one piece of it.  A second call does nothing."""
    wanted = [prepared.c.batch == batch] + ([] if chunk is None else [prepared.c.chunk == chunk])
    sql.execute(delete(prepared).where(*wanted))


def pour(sql: Connection, batch: str, what: str, table: Table, guard: Sequence[str], **same: Any) -> None:
    """Write the rows kept under ``what`` into the table, by id; ``same``: columns that are the same in all.

    An edition (the columns ``guard``) never overwrites an equal or newer one.
    """
    statement = _rows_statement(sql.dialect, table, tuple(guard), tuple(same))
    for chunk, _ in _pieces(sql, batch, what):
        sql.execute(statement, {"batch": batch, "chunk": chunk, "what": what, **same})
        # SQLite works in this very thread: between two pieces the others have their turn
        eventlet.sleep(0)


def pour_events(sql: Connection, batch: str, at: datetime, same: Mapping[str, Any]) -> int:
    """Write the kept events into history and outbox; their data says ``at`` from now on.  Returns how many.

    ``same``: person_id, person_name, on_behalf_of, correlation and traceparent of all of them.
    """
    told = {"batch": batch, "what": EVENTS, "now": _acted(at), "at": Instant().process_bind_param(at, sql.dialect), **same}
    poured = 0
    for chunk, count in _pieces(sql, batch, EVENTS):
        numbers = _numbers(sql, count)
        for statement in _events_statements(sql.dialect):
            sql.execute(statement, {**told, "chunk": chunk, "numbers": numbers})
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


def _numbers(sql: Connection, count: int) -> Any:
    """Numbers for so many lines of history: a list of them on PostgreSQL, the one before the first on SQLite."""
    if sql.dialect.name == "sqlite":
        return sql.scalar(text("SELECT coalesce(max(seq), 0) FROM history"))
    return list(sql.scalars(text(
        "SELECT nextval(pg_get_serial_sequence('history', 'seq')) FROM generate_series(1, :count) ORDER BY 1"), {"count": count}))


def _writer(dialect: Dialect, kind: Any) -> Callable[[Any], Any] | None:
    """What makes JSON of a column's value, as the database reads it back."""
    if isinstance(kind, TypeDecorator):
        return lambda value: kind.process_bind_param(value, dialect)
    return (lambda value: None if value is None else value.isoformat()) if kind.python_type is date else None


_PIECE = "p.batch = :batch AND p.what = :what AND p.chunk = :chunk"


def _source(dialect: Dialect, columns: Mapping[str, str]) -> tuple[Callable[[str], str], str]:
    """How a column of a kept row is called, and where they come from; ``columns``: name and type on PostgreSQL."""
    if dialect.name == "sqlite":
        return (lambda name: f"x.value->>'$.{name}'"), f"FROM prepared p, json_each(p.rows) x WHERE {_PIECE}"
    typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    return (lambda name: f'x."{name}"'), (
        f"FROM prepared p, ROWS FROM (json_to_recordset(CAST(p.rows AS json)) AS ({typed})) WITH ORDINALITY AS "
        f"x({', '.join(quoted(columns))}, place) WHERE {_PIECE}")


def quoted(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in names]


@lru_cache(maxsize=100)
def _rows_statement(dialect: Dialect, table: Table, guard: tuple[str, ...], same: tuple[str, ...]) -> TextClause:
    own = {c.name: c.type.compile(dialect) for c in table.columns if c.name not in same}
    named, source = _source(dialect, own)
    columns = quoted([*own, *same])
    old, new = (", ".join(f'{side}."{g}"' for g in guard) for side in (table.name, "excluded"))
    return text(
        f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join([*map(named, own), *(f':{c}' for c in same)])} {source} "
        f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in columns)} WHERE ({old}) < ({new})")


@lru_cache(maxsize=10)
def _events_statements(dialect: Dialect) -> tuple[TextClause, TextClause]:
    """History first, then outbox: both count the pieces' rows in their order from the same numbers."""
    named, source = _source(dialect, {name: "int" if name == "version" else "text" for name in HEAD} | {"data": "json"})
    number, data = ":numbers + x.key + 1", "x.value->'$.data'"
    if dialect.name != "sqlite":
        number, data = "(CAST(:numbers AS bigint[]))[x.place]", 'CAST(x."data" AS text)'
    lines = [number, *(named(n) for n in ("stream", "subject", "version", "topic")), f"replace({data}, p.said, :now)",
             ":at", ":person_id", ":person_name", ":on_behalf_of", ":correlation"]
    rows = [number, *map(named, HEAD), ":at", ":correlation", ":traceparent", "false"]
    return tuple(text(f"INSERT INTO {table} (seq, {', '.join(columns)}) SELECT {', '.join(values)} {source}")  # type: ignore[return-value]
                 for table, columns, values in (("history", _HISTORY, lines), ("outbox", _OUTBOX, rows)))
