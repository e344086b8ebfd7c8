"""Where a page of a list goes on: behind the place of the last row, whatever entered or left the list meanwhile."""
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, select, true, tuple_


def place_of(row: Mapping[str, Any], *order: str) -> str:
    """Where a row stands in a list of this order, for ``behind``."""
    return "|".join(str(row[name]) for name in order)


def behind(place: str, *order: ColumnElement, numbers: int = 0) -> ColumnElement[bool]:
    """SQL: what stands behind this place in the order, whose first ``numbers`` columns hold numbers; all where it is no place.

    Of the columns only the last but one may hold a bar.
    """
    parts = place.split("|", len(order) - 2)
    parts += parts.pop().rpartition("|")[::2]
    if len(parts) != len(order) or not all(part.isascii() and part.isdigit() for part in parts[:numbers]):
        return true()
    return tuple_(*order) > tuple_(*map(int, parts[:numbers]), *parts[numbers:])


def behind_one(sql: Connection, listed: FromClause, named: ColumnElement[bool], *order: ColumnElement) -> ColumnElement[bool]:
    """SQL: what stands behind the row of this list so named, wherever that stands now; all where there is none.

    For lists whose order tells what not everybody is told: only an id goes from page to page.
    """
    row = sql.execute(select(*order).select_from(listed).where(named)).first()
    return true() if row is None else tuple_(*order) > tuple_(*row)
