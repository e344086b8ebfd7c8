"""Who may do what."""
from typing import Any

from sqlalchemy import Select, case, func, select, tuple_

from services.roster.queries.pages import has, page_of, path_of, rest
from services.roster.storage.grants import grants, waiting, works
from services.roster.storage.organisations import organisations
from wire.contracts.roster import GrantPage, GrantsOf, GrantView, ListGrants, ListWaiting
from wire.directory import under


#: what is in force comes first
_ENDED = case((grants.c.state == "ended", 1), else_=0)
_ORDER = (_ENDED, organisations.c.path, grants.c.role, grants.c.id)


def list_grants(unit: Any, request: ListGrants) -> GrantPage:
    """Who may do what at or below an organisation: those in force first, then in tree order; found by the name of the person
    or of the organisation.  The members' own are not listed: everybody on the roll has one.

    The page goes on behind the place of the last line, so that a grant given or ended meanwhile moves no other.
    """
    path = path_of(unit, request.organisation_id)
    query = _grants().where(under(organisations.c.path, path), grants.c.role != "member")
    if request.person_id:
        query = query.where(grants.c.person_id == request.person_id)
    if request.search.strip():
        query = query.where(has(request.search, grants.c.person_name, organisations.c.name))
    total = unit.sql.scalar(select(func.count()).select_from(query.subquery()))
    if request.after:
        ended, *place = (request.after.split("|") + [""] * 3)[:4]
        query = query.where(tuple_(*_ORDER) > tuple_(int(ended == "1"), *place))
    rows, more = page_of(unit, query.add_columns(_ENDED.label("ended"), organisations.c.path).order_by(*_ORDER), request.limit)
    last = rows[-1] if more else None
    return GrantPage(items=tuple(GrantView(**rest(r, "ended", "path")) for r in rows), total=total,
                     next=f"{last['ended']}|{last['path']}|{last['role']}|{last['grant_id']}" if last else "")


def grants_of(unit: Any, request: GrantsOf) -> tuple[GrantView, ...]:
    """What a person may do now; nothing for somebody unknown, and nothing that waits for confirmation (X45)."""
    return _views(unit, _grants().where(grants.c.person_id == request.person_id, works).order_by(grants.c.id))


def list_waiting(unit: Any, request: ListWaiting) -> tuple[GrantView, ...]:
    """Deciding grants that wait, in tree order and by name."""
    path = path_of(unit, request.organisation_id)
    query = _grants().where(under(organisations.c.path, path), waiting)
    return _views(unit, query.order_by(organisations.c.path, grants.c.role, grants.c.person_name, grants.c.id))


def _grants() -> Select:
    return select(
        grants.c.id.label("grant_id"), grants.c.person_id, grants.c.person_name, grants.c.member_id, grants.c.role,
        grants.c.organisation_id, organisations.c.name.label("organisation_name"), grants.c.state,
        grants.c.position_id, case((works, True), else_=False).label("works"),
    ).select_from(grants.join(organisations, organisations.c.id == grants.c.organisation_id))


def _views(unit: Any, query: Select) -> tuple[GrantView, ...]:
    return tuple(GrantView(**r) for r in unit.sql.execute(query).mappings())
