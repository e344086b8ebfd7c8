"""Political birthdays 政治生日: whose joining anniversary falls in which month (K4)."""
from typing import Any

from sqlalchemy import extract, func, select

from services.roster.queries.pages import page_of, path_of
from services.roster.queries.people import called
from services.roster.storage.members import members
from services.roster.storage.organisations import organisations
from services.roster.storage.paging import behind_one
from services.roster.storage.seeing import sees_persons
from wire.contracts.roster import Birthday, BirthdayMonth, ListBirthdays, masked_name
from wire.directory import under

JOINED = ("member", "probationary")
_MONTH, _DAY = extract("month", members.c.joined_on), extract("day", members.c.joined_on)
_ORDER = (_DAY, members.c.sort_key, members.c.id)


def list_birthdays(unit: Any, request: ListBirthdays) -> BirthdayMonth:
    """A page of the month's by day and surname, and how many there are in each month of the year."""
    path, full = path_of(unit, request.organisation_id), sees_persons(unit, request.organisation_id)
    joined = members.join(organisations, organisations.c.id == members.c.organisation_id)
    here = (under(organisations.c.path, path), members.c.state == "active", members.c.kind.in_(JOINED), members.c.joined_on.is_not(None))
    counted = {int(m): n for m, n in unit.sql.execute(select(_MONTH, func.count()).select_from(joined).where(*here).group_by(_MONTH))}
    wanted = (*here, called(request.search), extract("month", members.c.joined_on) == request.month)
    query = select(members.c.id, members.c.name, members.c.sort_key, members.c.organisation_id, organisations.c.name.label("organisation_name"),
                   members.c.joined_on).select_from(joined).where(*wanted)
    if request.after:
        query = query.where(behind_one(unit.sql, joined, members.c.id == request.after, *_ORDER))
    rows, more = page_of(unit, query.order_by(*_ORDER), request.limit)
    return BirthdayMonth(
        month=request.month, months=tuple(counted.get(m, 0) for m in range(1, 13)),
        total=unit.sql.scalar(select(func.count()).select_from(joined).where(*wanted)),
        next=rows[-1]["id"] if more else "",
        birthdays=tuple(Birthday(
            member_id=r["id"], name=r["name"] if full else masked_name(r["name"]),
            organisation_id=r["organisation_id"], organisation_name=r["organisation_name"],
            joined_on=r["joined_on"] if full else None, day=r["joined_on"].day,
            years=unit.today.year - r["joined_on"].year if full else 0) for r in rows))
