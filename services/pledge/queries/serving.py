"""What serves an organisation's pledge (A13): members' published items, each a line as in the ledger, and counted item by item."""
from typing import Any

from sqlalchemy import and_, case, func, select, tuple_

from services.pledge.queries.ledger import COLUMNS, PUBLIC, done, line, overdue, says
from services.pledge.storage.tables import items, pledges
from wire.contracts.pledge import ListServing, Served, ServingPage

#: by the item that is served, then as the pledges were begun
ORDER = (items.c.serves_item_id, items.c.pledge_id, items.c.position)


def list_serving(unit: Any, request: ListServing, *, soon_days: int) -> ServingPage:
    """A page of what serves the pledge, or one item of it; searched by pledgor, number or matter.  Whoever asks was permitted to
    read the pledge.  What is no ``next`` of this list begins it anew."""
    from_ = items.join(pledges, pledges.c.id == items.c.pledge_id)
    serves = and_(items.c.serves_pledge_id == request.pledge_id, pledges.c.state.in_(PUBLIC))
    where = [serves, *([items.c.serves_item_id == request.item_id] if request.item_id else [])]
    if word := request.search.strip():
        where.append(says(word))
    total = unit.sql.scalar(select(func.count()).select_from(from_).where(*where))
    page = select(*COLUMNS, items.c.position, case((overdue(unit.today), 1), else_=0).label("late")).select_from(from_).where(*where).order_by(
        *ORDER).limit(request.limit + 1)
    if after := _place(request.after):
        page = page.where(tuple_(*ORDER) > tuple_(*after))
    rows = [dict(row) for row in unit.sql.execute(page).mappings()]
    places = ["|".join((row["serves_item_id"], row["pledge_id"], str(row.pop("position")))) for row in rows]
    counts = unit.sql.execute(select(
        items.c.serves_item_id, func.count(), func.sum(case((done, 1), else_=0))).select_from(from_).where(serves).group_by(
            items.c.serves_item_id).order_by(items.c.serves_item_id)).all()
    return ServingPage(
        items=tuple(line(row, unit.today) for row in rows[:request.limit]), total=total, due_soon_days=soon_days,
        next=places[request.limit - 1] if len(rows) > request.limit else "",
        counts=tuple(Served(item_id=item_id, items=count, fulfilled=fulfilled) for item_id, count, fulfilled in counts))


def _place(said: str) -> list[Any]:
    parts = said.split("|")
    return [parts[0], parts[1], int(parts[2])] if len(parts) == 3 and parts[2].isdecimal() and len(parts[2]) < 6 else []
