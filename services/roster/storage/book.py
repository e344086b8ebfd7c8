"""A book: one table, told on to the directory of this database in the same transaction.

So the roster asks the same directory as every other service who may do what, sees an ended grant at once, and has no
second way of deciding.
"""
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, Text, insert, select
from sqlalchemy.exc import IntegrityError

from wire.bus import prepared
from wire.bus.tables import upsert
from wire.contracts.calls import Stale

#: how many values one "in" takes; SQLite allows 32,766
CHUNK = 5000
EPOCH = 1
CHANGED_MEANWHILE = "刚才有人改过同一批数据，请刷新后重新提交。"

#: ``path``, ``sort_key`` and ``initials`` compare by bytes: the migration says so
metadata = MetaData()


def texts(*names: str) -> list[Column]:
    """Columns of text that are never empty of a value."""
    return [Column(name, Text, nullable=False) for name in names]


class Shelf:
    """One table, and what its rows are."""

    def __init__(self, sql: Connection, cls: type, table: Table):
        self._sql, self._cls, self._table = sql, cls, table

    def get(self, id: str) -> Any:
        """The one with this id, or None."""
        found = self._all(select(self._table).where(self._table.c.id == id))
        return found[0] if found else None

    def _all(self, query: Any) -> list[Any]:
        found = self._sql.execute(query)
        names = tuple(found.keys())
        return [self._thing(dict(zip(names, row, strict=True))) for row in found]

    def _in(self, column: Column, values: Iterable[str], *conditions: Any) -> list[Any]:
        found = []
        for chunk in chunks(sorted(set(values))):
            found += self._all(select(self._table).where(column.in_(chunk), *conditions).order_by(self._table.c.id))
        return found

    def _row(self, thing: Any) -> dict[str, Any]:
        return row_of(self._table, thing)

    def _values(self, thing: Any) -> tuple[Any, ...]:
        """The row in the order of the table's columns."""
        return _values_of(self._table)(thing)

    def _thing(self, row: dict[str, Any]) -> Any:
        return self._cls(**row)


class Book(Shelf):
    """What the books of the directory have in common: one table, and its copy in the directory."""

    def __init__(self, sql: Connection, cls: type, table: Table, copy: Table):
        super().__init__(sql, cls, table)
        self._copy = copy

    @property
    def table(self) -> Table:
        return self._table

    def prepare(self, batch: str, piece: int, things: Sequence[Any]) -> None:
        """Put these aside, new ones and next versions, for the unit that releases the batch; nobody sees them meanwhile."""
        prepared.keep_rows(self._sql, batch, piece, self._table, list(map(self._values, things)))

    def release(self, batch: str) -> None:
        """Enter what was prepared.  Raises Stale where a code is taken, or something was changed since it was prepared: what was
        put aside to be told of it would not be true."""
        try:
            out = prepared.pour(self._sql, batch, self._table, prepared.Target(self._table, ("version",)),
                                prepared.Target(self._copy, ("epoch", "version"), (("epoch", EPOCH), ("lost", False))))
        except IntegrityError:
            raise Stale(CHANGED_MEANWHILE) from None
        if out:
            raise Stale(CHANGED_MEANWHILE)

    def get_many(self, ids: Iterable[str]) -> list[Any]:
        """Those of these ids that exist, by id."""
        return self._in(self._table.c.id, ids)

    def add_many(self, things: Sequence[Any]) -> None:
        """Enter new ones."""
        if things:
            self._sql.execute(insert(self._table), [self._row(thing) for thing in things])
            self._tell(things)

    def save_many(self, things: Sequence[Any]) -> None:
        """Replace these by their next version.  Raises Stale when one of them was changed meanwhile."""
        standing = {thing.id: thing.version - 1 for thing in things}
        for chunk in chunks(sorted(standing)):
            query = select(self._table.c.id, self._table.c.version).where(self._table.c.id.in_(chunk))
            found = {row.id: row.version for row in self._sql.execute(query.order_by(self._table.c.id).with_for_update())}
            if any(found.get(id) != standing[id] for id in chunk):
                raise Stale(CHANGED_MEANWHILE)
        upsert(self._sql, self._table, ("id",), [self._row(thing) for thing in things], guard=("version",))
        self._tell(things)

    def _tell(self, things: Sequence[Any]) -> None:
        # the roster never hears itself: its copy is always of this epoch, and restored together with it
        upsert(self._sql, self._copy, ("id",), [
            row_of(self._copy, thing) | {"epoch": EPOCH, "lost": False} for thing in things], guard=("epoch", "version"))


def chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    """As many at a time as one statement takes."""
    for start in range(0, len(values), CHUNK):
        yield values[start:start + CHUNK]


def row_of(table: Table, thing: Any) -> dict[str, Any]:
    """The thing's fields as the columns of the table."""
    return {name: getattr(thing, name) for name in _shared(table, type(thing))}


@cache
def _values_of(table: Table) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*(column.name for column in table.columns))


@cache
def _shared(table: Table, cls: type) -> tuple[str, ...]:
    """The columns that are fields of such a thing."""
    said = {field.name for field in fields(cls)}
    return tuple(column.name for column in table.columns if column.name in said)
