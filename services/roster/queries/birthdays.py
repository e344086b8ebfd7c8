"""Political birthdays 政治生日: whose joining anniversary falls in which month (K4)."""
from typing import Any

from sqlalchemy import extract, func, select

from services.roster.queries.pages import path_of
from services.roster.storage.members import members
from services.roster.storage.organisations import organisations
from wire.contracts.roster import Birthday, BirthdayMonth, ListBirthdays
from wire.directory import under

JOINED = ("member", "probationary")


def list_birthdays(unit: Any, request: ListBirthdays) -> BirthdayMonth:
    """The month's by day and surname, and how many there are in each month of the year."""
    path = path_of(unit, request.organisation_id)
    month, day = extract("month", members.c.joined_on), extract("day", members.c.joined_on)
    joined = members.join(organisations, organisations.c.id == members.c.organisation_id)
    here = (under(organisations.c.path, path), members.c.state == "active", members.c.kind.in_(JOINED),
            members.c.joined_on.is_not(None))
    counted = {int(m): n for m, n in unit.sql.execute(select(month, func.count()).select_from(joined).where(*here).group_by(month))}
    rows = unit.sql.execute(
        select(members.c.id, members.c.name, members.c.organisation_id, organisations.c.name.label("organisation_name"),
               members.c.joined_on).select_from(joined).where(*here, month == request.month)
        .order_by(day, members.c.sort_key, members.c.id)).mappings()
    return BirthdayMonth(
        month=request.month, months=tuple(counted.get(m, 0) for m in range(1, 13)),
        birthdays=tuple(Birthday(
            member_id=r["id"], name=r["name"], organisation_id=r["organisation_id"], organisation_name=r["organisation_name"],
            joined_on=r["joined_on"], day=r["joined_on"].day, years=unit.today.year - r["joined_on"].year) for r in rows))
