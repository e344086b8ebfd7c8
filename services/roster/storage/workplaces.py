"""New units 新单位, listed by how urgent they are (A17)."""
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Integer, and_, case, cast, extract, func, literal, select

from services.roster.domain.workplace import CLOSED, COVERED, OVERDUE, WAITING, Workplace, latest_overdue
from services.roster.storage.kept import KeptBook
from services.roster.storage.organisations import organisations
from services.roster.storage.paging import behind, place_of
from services.roster.storage.places import workplaces
from wire.directory import under

#: what is most urgent first
STATES = (OVERDUE, WAITING, COVERED, CLOSED)


class WorkplaceBook(KeptBook):
    def __init__(self, sql: Connection):
        super().__init__(sql, Workplace, workplaces)

    def covered_by(self, organisation_id: str) -> list[Workplace]:
        """Those that this organisation covers."""
        return self._all(select(workplaces).where(workplaces.c.covered_by == organisation_id).order_by(workplaces.c.id))

    def page(self, path: str, *, months: Sequence[tuple[str, int]], today: date, state: str, search: str, after: str, limit: int) -> tuple[
            list[Workplace], dict[str, int], str]:
        """A page of those at or below a path, the longest overdue first; how many of each state there are in all; where the next
        one begins.  ``months``: within how many each part of the tree is to be covered, the deepest part first."""
        rank, due = _rank(months, today), _due(months)
        order = {"rank": rank, "due": due, "day": cast(extract("day", workplaces.c.since), Integer), "id": workplaces.c.id}
        joined = workplaces.join(organisations, organisations.c.id == workplaces.c.organisation_id)
        where = and_(under(organisations.c.path, path), func.lower(workplaces.c.name).contains(search.lower(), autoescape=True))
        counted = dict(self._sql.execute(select(rank, func.count()).select_from(joined).where(where).group_by(rank)).all())
        query = select(workplaces, *(column.label(name) for name, column in order.items() if name != "id")).select_from(joined).where(where)
        if state:
            query = query.where(rank == STATES.index(state))
        if after:
            query = query.where(behind(after, *order.values(), numbers=3))
        rows = [dict(row) for row in self._sql.execute(query.order_by(*order.values()).limit(limit + 1)).mappings()]
        shown = [self._thing({name: value for name, value in row.items() if name not in order or name == "id"}) for row in rows[:limit]]
        return shown, {word: counted.get(n, 0) for n, word in enumerate(STATES)}, place_of(rows[limit - 1], *order) if len(rows) > limit else ""


def _rank(months: Sequence[tuple[str, int]], today: date) -> ColumnElement[int]:
    """SQL: the place of its state among ``STATES``."""
    since = _by_part([(part, literal(latest_overdue(today, number), Date())) for part, number in months])
    return case((workplaces.c.state == CLOSED, STATES.index(CLOSED)), (workplaces.c.covered_by != "", STATES.index(COVERED)),
                (workplaces.c.since <= since, STATES.index(OVERDUE)), else_=STATES.index(WAITING))


def _due(months: Sequence[tuple[str, int]]) -> ColumnElement[int]:
    """SQL: the month it is due in, counted from the year 0."""
    return cast(12 * extract("year", workplaces.c.since) + extract("month", workplaces.c.since) + _by_part(
        [(part, literal(number, Integer())) for part, number in months]), Integer)


def _by_part(values: Sequence[tuple[str, Any]]) -> ColumnElement[Any]:
    *own, (_, otherwise) = values
    return case(*((under(organisations.c.path, part), value) for part, value in own), else_=otherwise) if own else otherwise
