"""Zones, each with its people and months; which of them owe a month (K1, K3)."""
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, case, cast, exists, extract, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSON

from services.roster.domain.zone import Zone, ZoneMember, ZoneMonth, full_months
from services.roster.storage.kept import KeptBook
from services.roster.storage.organisations import organisations
from services.roster.storage.paging import behind, place_of
from services.roster.storage.places import zones
from wire.directory import under


class ZoneBook(KeptBook):
    """Zones, each with its people and months."""

    def __init__(self, sql: Connection):
        super().__init__(sql, Zone, zones)

    def page(self, path: str, *, state: str, search: str, owing: bool, today: date, after: str, limit: int) -> tuple[
            list[Zone], int, int, str]:
        """A page of those at or below a path in tree order, found by name, place, organisation or keeper; how many there are, how many
        of those found owe a month, where the next one begins.  ``owing``: only these."""
        joined = zones.join(organisations, organisations.c.id == zones.c.organisation_id)
        where = and_(under(organisations.c.path, path), *([zones.c.state == state] if state else []), *([self._called(search)] if search else []))
        owes = self._owes(today)
        total, in_arrears = self._sql.execute(select(func.count(), func.count(case((owes, 1)))).select_from(joined).where(where)).one()
        query = select(zones, organisations.c.path).select_from(joined).where(where, *([owes] if owing else []))
        if after:
            query = query.where(behind(after, organisations.c.path, zones.c.id))
        rows = [dict(row) for row in self._sql.execute(query.order_by(organisations.c.path, zones.c.id).limit(limit + 1)).mappings()]
        following = place_of(rows[limit - 1], "path", "id") if len(rows) > limit else ""
        shown = [self._thing({name: value for name, value in row.items() if name != "path"}) for row in rows[:limit]]
        return shown, in_arrears if owing else total, in_arrears, following

    def _called(self, search: str) -> Any:
        keeper, name = self._each(zones.c.members, "name")
        words = (zones.c.name, zones.c.place, organisations.c.name)
        return or_(*(func.lower(word).contains(search.lower(), autoescape=True) for word in words),
                   exists(select(1).select_from(keeper).where(func.lower(name).contains(search.lower(), autoescape=True))))

    def _owes(self, today: date) -> Any:
        """SQL: fewer months are on record than are full, as ``Zone.missing`` lists them."""
        first, last = full_months(today)
        month, named = self._each(zones.c.months, "month")
        recorded = select(func.count()).select_from(month).where(named.between(first, last)).scalar_subquery()
        since, until = _number(zones.c.since), case((zones.c.until.is_(None), literal(_count(last))), else_=_number(zones.c.until))
        begins = case((since > _count(first), since), else_=_count(first))
        ends = case((until < _count(last), until), else_=_count(last))
        return recorded < 1 + ends - begins

    def _each(self, column: Any, key: str) -> tuple[Any, Any]:
        """SQL: the things in a column of JSON, and what each has under a key."""
        if self._sql.dialect.name == "sqlite":
            things = func.json_each(column).table_valued("value", name=f"each_{key}")
            return things, func.json_extract(things.c.value, f"$.{key}")
        things = func.json_array_elements(cast(column, JSON)).table_valued("value", name=f"each_{key}")
        return things, things.c.value.op("->>")(key)

    def _row(self, thing: Zone) -> dict[str, Any]:
        return super()._row(thing) | {"members": [asdict(m) for m in thing.members], "months": [asdict(m) for m in thing.months]}

    def _thing(self, row: dict[str, Any]) -> Zone:
        return Zone(**row | {"members": tuple(ZoneMember(**m) for m in row["members"]),
                             "months": tuple(ZoneMonth(**m) for m in row["months"])})


def _count(month: str) -> int:
    """The months from the year 0 to this one, ``2026-03``."""
    return 12 * int(month[:4]) + int(month[5:])


def _number(day: Any) -> Any:
    """SQL: the month of a day, counted from the year 0."""
    return 12 * extract("year", day) + extract("month", day)
