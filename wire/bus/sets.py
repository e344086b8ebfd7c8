"""Set-based writing on both dialects: one statement for many rows, in an order that cannot deadlock.

PostgreSQL takes the columns as arrays (one round trip, one plan, whatever the number of rows); SQLite, in the same
process, is quickest row by row.
"""
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, insert, tuple_
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.schema import ScalarElementColumnDefault

#: rows per statement
PAGE = 1000


def upsert(sql: Connection, table: Table, keys: Sequence[str], rows: Iterable[Mapping[str, Any]],
           guard: Sequence[str] = ()) -> int:
    """Insert the rows, or overwrite the columns they name where a row with these keys is there; returns how many were sent.

    With ``guard`` (columns of an edition, such as ``("epoch", "version")``) an older or equal edition never overwrites
    a newer one.  Rows with the same keys are folded first, the newest kept (the last one without a guard), and sorted
    by key: the same key twice in one statement fails on PostgreSQL, and two replicas in another order deadlock.  All
    rows name the same columns.  A second call changes nothing.
    """
    newest: dict[tuple, Mapping[str, Any]] = {}
    for row in rows:
        key = tuple(row[k] for k in keys)
        known = newest.get(key)
        if known is None or not guard or tuple(known[g] for g in guard) < tuple(row[g] for g in guard):
            newest[key] = row
    if newest:
        _write(sql, table, [newest[key] for key in sorted(newest)], tuple(keys), tuple(guard))
    return len(newest)


def add(sql: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows in their order; all name the same columns.  A key that is there already fails."""
    if rows:
        _write(sql, table, rows, None, ())


def _write(sql: Connection, table: Table, rows: Sequence[Mapping[str, Any]], keys: tuple[str, ...] | None,
           guard: tuple[str, ...]) -> None:
    columns = tuple(rows[0])
    if sql.dialect.name == "sqlite":
        sql.execute(insert(table) if keys is None else _sqlite(table, columns, keys, guard), [dict(row) for row in rows])
        return
    statement, fixed, processors = _postgresql(sql.dialect, table, columns, keys, guard)
    for at in range(0, len(rows), PAGE):
        page = rows[at:at + PAGE]
        values: dict[str, Any] = {}
        for number, (column, process) in enumerate(zip(columns, processors, strict=True)):
            values[f"c{number}"] = [row[column] for row in page] if process is None else [process(row[column]) for row in page]
        sql.exec_driver_sql(statement, values | fixed)


@lru_cache(maxsize=500)
def _sqlite(table: Table, columns: tuple[str, ...], keys: tuple[str, ...], guard: tuple[str, ...]) -> Any:
    statement = sqlite.insert(table)
    changed = {c: statement.excluded[c] for c in columns if c not in keys}
    if not changed:
        return statement.on_conflict_do_nothing(index_elements=list(keys))
    newer = None
    if guard:
        newer = tuple_(*(table.c[g] for g in guard)) < tuple_(*(statement.excluded[g] for g in guard))
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changed, where=newer)


_made: dict[tuple, tuple[str, dict[str, Any], list]] = {}


def _postgresql(dialect: Dialect, table: Table, columns: tuple[str, ...], keys: tuple[str, ...] | None,
                guard: tuple[str, ...]) -> tuple[str, dict[str, Any], list]:
    """The statement, the parameters that are the same each time, and what turns a column's values into the driver's."""
    this = (table, columns, keys, guard)
    if this not in _made:
        quote = dialect.identifier_preparer.quote
        name, types = quote(table.name), [table.c[c].type for c in columns]
        # a default in Python is applied here, as an ordinary insert would
        defaults = {c.name: c.default.arg for c in table.columns
                    if isinstance(c.default, ScalarElementColumnDefault) and c.name not in columns}
        fixed = {f"d{n}": value for n, value in enumerate(defaults.values())}
        into = ", ".join(quote(c) for c in (*columns, *defaults))
        arrays = ", ".join(f"%(c{n})s::{kind.compile(dialect=dialect)}[]" for n, kind in enumerate(types))
        told = ", ".join([f"given.c{n}" for n in range(len(columns))] + [f"%({d})s" for d in fixed])
        given = ", ".join(f"c{n}" for n in range(len(columns)))
        statement = f"INSERT INTO {name} ({into}) SELECT {told} FROM unnest({arrays}) AS given({given})"  # noqa: S608
        if keys is not None:
            changed = ", ".join(f"{quote(c)} = excluded.{quote(c)}" for c in columns if c not in keys)
            statement += f" ON CONFLICT ({', '.join(quote(k) for k in keys)}) DO " + (f"UPDATE SET {changed}" if changed else "NOTHING")
            if guard and changed:
                old, new = (", ".join(f"{side}.{quote(g)}" for g in guard) for side in (name, "excluded"))
                statement += f" WHERE ({old}) < ({new})"
        _made[this] = statement, fixed, [kind.dialect_impl(dialect).bind_processor(dialect) for kind in types]
    return _made[this]
