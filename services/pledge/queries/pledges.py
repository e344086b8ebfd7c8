"""The list of pledges, page by page.

What an actor may not see is never selected: a member without an office sees their own, and ``below`` reaches only as far
down as the actor's grants do.
"""
from typing import Any

from sqlalchemy import case, func, select

from services.pledge.queries.places import decidable, place, whose
from services.pledge.storage.tables import items, pledges
from wire.contracts.pledge import ListPledges, PledgeLine, PledgePage

_LINE = ("organisation_id", "member_id", "pledgor_name", "year", "kind", "commitment", "state", "number", "submitted_at",
         "version")


def list_pledges(unit: Any, request: ListPledges) -> PledgePage:
    """One page in the order the pledges were begun; ``next`` is the ``after`` of the following page, empty at the end.

    An unknown ``after`` (any text) only says where to go on.  Whoever asks for their own sees them wherever they were made: they
    stay where they were when the member moves on.
    """
    member_id = whose(unit, request)
    own = bool(member_id) and member_id == unit.actor.member_id
    where = [pledges.c.year == request.year, *(() if own else (place(unit, request),))]
    if member_id:
        where.append(pledges.c.member_id == member_id)
    if request.state:
        where.append(pledges.c.state == request.state)
    order: tuple[Any, ...] = (pledges.c.id,)
    if request.to_decide:
        where.append(decidable(unit))
        order = pledges.c.member_id != "", pledges.c.submitted_at, pledges.c.id
    page = select(pledges.c.id, *(pledges.c[name] for name in _LINE)).where(*where, pledges.c.id > request.after).order_by(
        *order).limit(request.limit + 1)
    rows = unit.sql.execute(page).all()
    shown = rows[:request.limit]
    counts = _counts(unit, [row.id for row in shown])
    lines = tuple(
        PledgeLine(pledge_id=row.id, items=counts.get(row.id, (0, 0))[0], fulfilled=counts.get(row.id, (0, 0))[1],
                   **{name: getattr(row, name) for name in _LINE})
        for row in shown)
    total = unit.sql.scalar(select(func.count()).select_from(pledges).where(*where))
    return PledgePage(pledges=lines, next=shown[-1].id if len(rows) > request.limit and not request.to_decide else "",
                      total=total)


def _counts(unit: Any, ids: list[str]) -> dict[str, tuple[int, int]]:
    """Items of each pledge, and how many count as fulfilled: by the verdict once there is one, else while 已销号."""
    if not ids:
        return {}
    fulfilled = case(
        (items.c.verdict == "fulfilled", 1), ((items.c.verdict == "") & (items.c.state == "fulfilled"), 1), else_=0)
    found = unit.sql.execute(select(items.c.pledge_id, func.count(), func.sum(fulfilled)).where(
        items.c.pledge_id.in_(ids)).group_by(items.c.pledge_id))
    return {pledge_id: (count, done) for pledge_id, count, done in found}
