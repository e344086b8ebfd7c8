"""The ledger 践诺台账: item by item, narrowed, searched and paged in SQL.

What is done, late or due soon is said here in SQL once more: ``domain.figures`` says it for one item in Python, and a test
holds the two against each other.
"""
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, not_, null, or_, select, tuple_

from services.pledge.queries.places import place
from services.pledge.storage.tables import items, pledges
from wire.contracts.pledge import LedgerLine, LedgerPage, ReadLedger
from wire.directory import organisations

STANDING = ("signed", "published", "evaluated", "settled")
PUBLIC = ("published", "evaluated", "settled")
#: where there is no day, the line comes last
NEVER = date(9999, 12, 31)
#: 力所能及 counts no deadline
counts = pledges.c.commitment != "as_able"
deadline = case((counts, items.c.deadline_on), else_=null())
#: of a line, but for whether it is late, which goes by the day
COLUMNS = (
    items.c.pledge_id, items.c.id.label("item_id"), pledges.c.number, pledges.c.pledgor_name, pledges.c.member_id, items.c.matter,
    items.c.deadline_on, items.c.progress, pledges.c.state.label("pledge_state"), items.c.state, items.c.verdict,
    pledges.c.organisation_id, counts.label("counted"), items.c.serves_item_id)
done = case((items.c.verdict != "", items.c.verdict == "fulfilled"), else_=items.c.state == "fulfilled")


def read_ledger(unit: Any, request: ReadLedger, *, soon_days: int) -> LedgerPage:
    """The items of the signed pledges of the organisation and its party groups 党小组, or of all below it (C7, F2).

    ``state``: as it is said on the page; a late item whose claim waits is both late and claimed.  ``order`` number: by
    organisation, number and position; pressing: what is not done first, the latest and the soonest due before the rest.
    Days overdue follow from the county's date.  What is no ``next`` of this list begins it anew.
    """
    unit.permit(request.organisation_id)
    today = unit.today
    late = overdue(today)
    from_ = items.join(pledges, pledges.c.id == items.c.pledge_id).outerjoin(
        organisations, organisations.c.id == pledges.c.organisation_id)
    where = and_(place(unit, request), pledges.c.year == request.year, pledges.c.state.in_(PUBLIC if request.public else STANDING),
                 *_fits(request, late, today, soon_days))
    total = unit.sql.scalar(select(func.count()).select_from(from_).where(where))
    order = _order(request.order, late)
    page = select(
        *COLUMNS, case((late, 1), else_=0).label("late"),
        *(key.label(f"key_{n}") for n, (key, _) in enumerate(order)),
    ).select_from(from_).where(where).order_by(*(key for key, _ in order)).limit(request.limit + 1)
    after = _after(request.after, order)
    if after:
        page = page.where(tuple_(*(key for key, _ in order)) > tuple_(*after))
    rows = [dict(row) for row in unit.sql.execute(page).mappings()]
    places = [[row.pop(f"key_{n}") for n in range(len(order))] for row in rows]
    more = len(rows) > request.limit
    return LedgerPage(
        items=tuple(line(row, today) for row in rows[:request.limit]), total=total, due_soon_days=soon_days,
        next="|".join(map(str, places[request.limit - 1])) if more else "")


def overdue(today: date) -> ColumnElement[bool]:
    """SQL: public, its deadline over, and neither done nor carried over."""
    return and_(pledges.c.state.in_(PUBLIC), deadline < today, not_(done), items.c.verdict != "carried")


def says(word: str) -> ColumnElement[bool]:
    """SQL: the matter, the pledgor or the number holds the word."""
    return or_(*(c.icontains(word, autoescape=True) for c in (items.c.matter, pledges.c.pledgor_name, pledges.c.number)))


def _fits(request: ReadLedger, late: ColumnElement[bool], today: date, soon_days: int) -> list[ColumnElement[bool]]:
    """SQL: what was looked for, and the state as the pages word it."""
    waits = and_(not_(done), items.c.state != "claimed", not_(func.coalesce(late, False)))
    soon = and_(items.c.verdict == "", func.coalesce(deadline, NEVER) <= _later(today, soon_days))
    states = {"open": and_(waits, not_(soon)), "due": and_(waits, soon), "late": late, "claimed": items.c.state == "claimed",
              "fulfilled": done, "long": deadline.is_(None)}
    found = [states[request.state]] if request.state else []
    if word := request.search.strip():
        found.append(says(word))
    return found


def _later(today: date, days: int) -> date:
    return date.fromordinal(min(today.toordinal() + days, NEVER.toordinal() - 1))


def _order(order: str, late: ColumnElement[bool]) -> list[tuple[ColumnElement, Any]]:
    """The columns of the order, each with what reads it out of a cursor; the last two make every place one of its own."""
    first: list[tuple[ColumnElement, Any]] = [
        (case((done, 1), else_=0), int), (case((late, 0), else_=1), int),
        (func.coalesce(deadline, literal(NEVER, items.c.deadline_on.type)), date.fromisoformat),
    ] if order == "pressing" else [
        (func.coalesce(organisations.c.path, ""), str), (func.length(pledges.c.number), int), (pledges.c.number, str)]
    return [*first, (items.c.pledge_id, str), (items.c.position, int)]


def _after(said: str, order: list[tuple[ColumnElement, Any]]) -> list[Any]:
    parts = said.split("|")
    try:
        return [read(part) for part, (_, read) in zip(parts, order, strict=True)]
    except ValueError:
        return []


def line(row: dict[str, Any], today: date) -> LedgerLine:
    """A row of ``COLUMNS`` and ``late`` as it is told."""
    late = row.pop("late")
    return LedgerLine(**row | {"counted": bool(row["counted"])}, overdue_days=(today - row["deadline_on"]).days if late else 0)
