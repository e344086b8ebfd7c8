"""How the roster's lists are asked: for which part of the tree, for which words, page by page."""
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from services.roster.storage.organisations import organisations
from wire.contracts.calls import NotFound

NO_ORGANISATION = "没有找到这个党组织，请返回列表重新选择。"


def path_of(unit: Any, organisation_id: str) -> str:
    """Its path, for whoever may look there."""
    unit.permit(organisation_id)
    path = unit.sql.scalar(select(organisations.c.path).where(organisations.c.id == organisation_id))
    if path is None:
        raise NotFound(NO_ORGANISATION)
    return path


def has(search: str, *columns: ColumnElement) -> ColumnElement[bool]:
    """SQL: one of the columns holds these words, capitals or not."""
    wanted = search.strip().lower()
    return or_(*(func.lower(column).contains(wanted, autoescape=True) for column in columns))


def page_of(unit: Any, query: Select, limit: int) -> tuple[list[dict[str, Any]], bool]:
    """The rows of one page, and whether there are more."""
    rows = [dict(r) for r in unit.sql.execute(query.limit(limit + 1)).mappings()]
    return rows[:limit], len(rows) > limit


def rest(row: dict[str, Any], *without: str) -> dict[str, Any]:
    """The row without these columns."""
    return {name: value for name, value in row.items() if name not in without}
