"""What serves an item of an organisation's pledge, and what an item serves (A13): only where both pledges are shown."""
from typing import Any

from sqlalchemy import and_, case, func, or_, select, tuple_

from services.notice.queries.rows import Found, all_of
from services.notice.storage import board_link, board_pledge
from wire.contracts.notice import ReadBoardServing
from wire.directory import organisations

#: the pledge that is served, where it is shown
_served = board_pledge.alias("served")
#: by organisation, in tree order, then by pledge
_ORDER = (func.coalesce(organisations.c.path, ""), board_link.c.pledge_id, board_link.c.item_id)


def served(unit: Any, pledge_id: str) -> list[Found]:
    """For each item of the pledge that serves one: ``item_id``, and the pledge that holds it with its items."""
    return all_of(unit.sql, select(
        board_link.c.item_id, board_link.c.serves_item_id, board_pledge.c.pledge_id, board_pledge.c.organisation_id, organisations.c.name,
        board_pledge.c["items"], board_pledge.c.commitment,
    ).select_from(board_link.join(board_pledge, and_(board_pledge.c.pledge_id == board_link.c.serves_pledge_id, board_pledge.c.shown))
                  .outerjoin(organisations, organisations.c.id == board_pledge.c.organisation_id))
        .where(board_link.c.pledge_id == pledge_id).order_by(board_link.c.item_id))


def counts(unit: Any, pledge_id: str) -> dict[str, tuple[int, int]]:
    """By item of the pledge how many shown items serve it, and how many of them are fulfilled."""
    found = unit.sql.execute(select(
        board_link.c.serves_item_id, func.count(), func.sum(case((board_link.c.fulfilled, 1), else_=0))).select_from(_serving()).where(
            board_link.c.serves_pledge_id == pledge_id).group_by(board_link.c.serves_item_id))
    return {item_id: (count, done) for item_id, count, done in found}


def serving(unit: Any, request: ReadBoardServing) -> Found:
    """A page of the shown items that serve one, each with its pledge's row and ``served_of``, the organisation whose item they serve; ``next`` is
    the ``after`` of the following page."""
    query = select(
        board_link.c.item_id, board_pledge.c.pledge_id, board_pledge.c.pledgor_name, board_pledge.c.organisation_id,
        func.coalesce(organisations.c.name, "").label("organisation_name"), board_pledge.c["items"], board_pledge.c.commitment,
        _served.c.organisation_id.label("served_of"), _ORDER[0].label("path"),
    ).select_from(_serving().outerjoin(organisations, organisations.c.id == board_pledge.c.organisation_id)).where(
        board_link.c.serves_pledge_id == request.pledge_id, board_link.c.serves_item_id == request.item_id)
    if word := request.search.strip():
        query = query.where(or_(*(c.icontains(word, autoescape=True) for c in (board_pledge.c.pledgor_name, organisations.c.name))))
    parts = request.after.split("|")
    if len(parts) == len(_ORDER):
        query = query.where(tuple_(*_ORDER) > tuple_(*parts))
    rows = all_of(unit.sql, query.order_by(*_ORDER).limit(request.limit + 1))
    page = rows[:request.limit]
    return {"items": page, "next": "|".join(page[-1][n] for n in ("path", "pledge_id", "item_id")) if len(rows) > len(page) else ""}


def _serving():
    """The links with the pledge that serves and the one that is served: both shown."""
    return board_link.join(board_pledge, and_(board_pledge.c.pledge_id == board_link.c.pledge_id, board_pledge.c.shown)).join(
        _served, and_(_served.c.pledge_id == board_link.c.serves_pledge_id, _served.c.shown))
