"""Set-based writing on both dialects: one statement for many rows, in an order that cannot deadlock.

PostgreSQL takes each column as one text (one round trip, one plan and one literal to read, whatever the number of rows)
and what is the same in all rows once; SQLite, in the same process, is quickest row by row.
"""
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Table, Text, any_, delete, literal, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.schema import ScalarElementColumnDefault

#: rows per statement
PAGE = 1000
#: between two values of a column, and instead of one that is not there; nobody outside can know them
_BETWEEN, _NOTHING = (f"\x1f{secrets.token_hex(6)}" for _ in range(2))


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


def add(sql: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, numbered: str = "") -> list[int]:
    """Insert the rows in their order; all name the same columns.  A key that is there already fails.

    ``numbered``: the column the database counts; its numbers are returned, in the order of the rows.
    """
    return sorted(_write(sql, table, rows, None, (), numbered)) if rows else []


def add_new(sql: Connection, table: Table, key: str, rows: Iterable[Mapping[str, Any]]) -> set[Any]:
    """Insert the rows whose key is not there yet; the keys that were inserted.  A row that is there stays as it is.

    Sorted by key, as ``upsert`` does.
    """
    ordered = sorted(rows, key=lambda row: row[key])
    return set(_write(sql, table, ordered, (key,), (), key, stays=True)) if ordered else set()


def _write(sql: Connection, table: Table, rows: Sequence[Mapping[str, Any]], keys: tuple[str, ...] | None,
           guard: tuple[str, ...], told: str = "", *, stays: bool = False) -> list[Any]:
    columns = tuple(rows[0])
    if sql.dialect.name == "sqlite":
        statement = _sqlite(table, columns, keys, guard, told, stays)
        done = sql.execute(statement, [dict(row) for row in rows])
        return list(done.scalars()) if told else []
    found: list[Any] = []
    for at in range(0, len(rows), PAGE):
        page = rows[at:at + PAGE]
        by_column = [[row[column] for row in page] for column in columns]
        processors = processors_of(sql.dialect, table, columns)
        same = tuple(map(_same, by_column, processors))
        statement, fixed = _postgresql(sql.dialect, table, columns, same, keys, guard, told, stays)
        values: dict[str, Any] = {"rows": len(page)}
        for number, (column, process, one) in enumerate(zip(by_column, processors, same, strict=True)):
            values[f"c{number}"] = (column[0] if process is None else process(column[0])) if one else joined(column, process)
        done = sql.exec_driver_sql(statement, values | fixed)
        if told:
            found += done.scalars()
    return found


def _same(column: list[Any], process: Callable[[Any], Any] | None) -> bool:
    """What is equal may still be written otherwise (93.3 and 93.30) where a type has its own way of writing."""
    first = column[0]
    return column.count(first) == len(column) if process is None else all(value is first for value in column)


def joined(column: Sequence[Any], process: Callable[[Any], Any] | None, between: str = _BETWEEN, nothing: str = _NOTHING) -> str:
    """The column as one text, each value as PostgreSQL reads it."""
    words = column if process is None else [process(value) for value in column]
    try:
        return between.join(words)
    except TypeError:
        return between.join([word if type(word) is str else _word(word, nothing) for word in words])


def _word(value: Any, nothing: str) -> str:
    if value is None:
        return nothing
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


@lru_cache(maxsize=500)
def _sqlite(table: Table, columns: tuple[str, ...], keys: tuple[str, ...] | None, guard: tuple[str, ...], told: str, stays: bool) -> Any:
    statement: Any = sqlite.insert(table)
    if keys is not None:
        changed = {} if stays else {c: statement.excluded[c] for c in columns if c not in keys}
        newer = None
        if guard:
            newer = tuple_(*(table.c[g] for g in guard)) < tuple_(*(statement.excluded[g] for g in guard))
        statement = (statement.on_conflict_do_update(index_elements=list(keys), set_=changed, where=newer) if changed
                     else statement.on_conflict_do_nothing(index_elements=list(keys)))
    return statement.returning(table.c[told]) if told else statement


@lru_cache(maxsize=1000)
def _postgresql(dialect: Dialect, table: Table, columns: tuple[str, ...], same: tuple[bool, ...], keys: tuple[str, ...] | None,
                guard: tuple[str, ...], told: str, stays: bool) -> tuple[str, dict[str, Any]]:
    """The statement, and the parameters that are the same each time."""
    quote = dialect.identifier_preparer.quote
    name, types = quote(table.name), [table.c[c].type for c in columns]
    # a default in Python is applied here, as an ordinary insert would
    defaults = {c.name: c.default.arg for c in table.columns
                if isinstance(c.default, ScalarElementColumnDefault) and c.name not in columns}
    fixed = {f"d{n}": value for n, value in enumerate(defaults.values())}
    into = ", ".join(quote(c) for c in (*columns, *defaults))
    kinds = [kind.compile(dialect=dialect) for kind in types]
    values = ", ".join([f"{f'%(c{n})s' if one else f'given.c{n}'}::{kinds[n]}" for n, one in enumerate(same)] + [f"%({d})s" for d in fixed])
    several = [n for n, one in enumerate(same) if not one]
    source = "generate_series(1, %(rows)s)"
    if several:
        texts = ", ".join(f"string_to_array(%(c{n})s, %(between)s, %(nothing)s)" for n in several)
        source = f"unnest({texts}) AS given({', '.join(f'c{n}' for n in several)})"
        fixed |= {"between": _BETWEEN, "nothing": _NOTHING}
    statement = f"INSERT INTO {name} ({into}) SELECT {values} FROM {source}"  # noqa: S608
    if keys is not None:
        changed = "" if stays else ", ".join(f"{quote(c)} = excluded.{quote(c)}" for c in columns if c not in keys)
        statement += f" ON CONFLICT ({', '.join(quote(k) for k in keys)}) DO " + (f"UPDATE SET {changed}" if changed else "NOTHING")
        if guard and changed:
            old, new = (", ".join(f"{side}.{quote(g)}" for g in guard) for side in (name, "excluded"))
            statement += f" WHERE ({old}) < ({new})"
    if told:
        statement += f" RETURNING {quote(told)}"
    return statement, fixed


@lru_cache(maxsize=500)
def processors_of(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> list[Callable[[Any], Any] | None]:
    """What turns a column's values into the driver's; bytes are written here."""
    kinds = [table.c[c].type for c in columns]
    return [None if isinstance(k, LargeBinary) else k.dialect_impl(dialect).bind_processor(dialect) for k in kinds]


def drop_some(sql: Connection, table: Table, *over: ColumnElement[bool], most: int = PAGE) -> int:
    """Delete up to ``most`` of the rows for which all of this holds; how many.  Fewer than that: none is left."""
    key = tuple_(*table.primary_key)
    return sql.execute(delete(table).where(key.in_(select(*table.primary_key).where(*over).limit(most)))).rowcount


def among(sql: Connection, column: Any, values: Collection[str]) -> Any:
    """That the column is one of these texts: one parameter on PostgreSQL, however many there are."""
    if sql.dialect.name == "sqlite":
        return column.in_(values)
    return column == any_(literal(list(values), postgresql.ARRAY(Text)))
