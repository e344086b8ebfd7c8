"""The county's front page: totals counted in SQL, its upper boards, the latest notices."""
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from services.notice.queries.boards import boards, figures
from services.notice.queries.rows import LIVE, STANDING, Found, counts, listed, notices
from wire.contracts.notice import ReadBoards, ReadCounty
from wire.directory import organisations

#: the front page lists so many boards; of a county with more, its upper levels
LISTED = 80


def county(unit: Any, request: ReadCounty, *, year: int, most: int, kinds: Sequence[str]) -> Found:
    """Everything the front page shows; boards only where the name holds ``search``."""
    sql = unit.sql
    name = sql.scalar(select(organisations.c.name).where(organisations.c.parent_id.is_(None), LIVE).order_by(
        organisations.c.path).limit(1))
    standing = sql.scalar(select(func.count()).select_from(organisations).where(STANDING))
    lines = sql.scalar(select(func.count()).select_from(organisations).where(listed(year)))
    asked = ReadBoards(search=request.search, limit=LISTED)
    found = boards(unit, asked if request.search or lines <= LISTED else replace(asked, levels=2), year=year)
    return counts(sql, None, year, kinds, unit.today) | {
        "name": name or "", "organisations": standing, "listed": lines, "boards": found["items"], "notices": notices(sql, None, most),
        "figures": found["figures"] or figures(sql, "/", year, unit.today)}
