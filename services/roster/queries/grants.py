"""Who may do what."""
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select

from services.roster.queries.pages import has, page_of, path_of, rest
from services.roster.storage.grants import grants, waiting, works
from services.roster.storage.members import members
from services.roster.storage.organisations import organisations
from services.roster.storage.paging import behind, place_of
from wire.contracts.actor import Role
from wire.contracts.roster import GrantPage, GrantsOf, GrantView, ListGrants, ListWaiting
from wire.directory import under


#: what is in force comes first
_ENDED = case((grants.c.state == "ended", 1), else_=0)


def list_grants(unit: Any, request: ListGrants) -> GrantPage:
    """Who may do what at or below an organisation: those in force first, then in tree order; found by the name of the person
    or of the organisation.  The members' own are not among them: everybody on the roll has one."""
    query = _grants().add_columns(_ENDED.label("ended")).where(
        under(organisations.c.path, path_of(unit, request.organisation_id)))
    if request.person_id:
        query = query.where(grants.c.person_id == request.person_id)
    order = {"ended": _ENDED, "path": organisations.c.path, "role": grants.c.role, "grant_id": grants.c.id}
    return _page(unit, request, query, order, numbers=1)


def list_waiting(unit: Any, request: ListWaiting) -> GrantPage:
    """Deciding grants that wait, in tree order and by name."""
    query = _grants().where(under(organisations.c.path, path_of(unit, request.organisation_id)), waiting)
    order = {"path": organisations.c.path, "role": grants.c.role, "person_name": grants.c.person_name, "grant_id": grants.c.id}
    return _page(unit, request, query, order)


def grants_of(unit: Any, request: GrantsOf) -> tuple[GrantView, ...]:
    """What a person may do now, a member's own first; nothing for somebody unknown, and nothing that waits for confirmation (X45)."""
    query = _grants().where(grants.c.person_id == request.person_id, works).order_by(grants.c.id)
    own = _own().where(members.c.id == request.person_id)
    return tuple(GrantView(**r) for some in (own, query) for r in unit.sql.execute(some).mappings())


def _page(unit: Any, request: ListGrants | ListWaiting, query: Select, order: dict[str, ColumnElement], numbers: int = 0) -> GrantPage:
    """A page of what was found, in this order of columns by name."""
    if request.search.strip():
        query = query.where(has(request.search, grants.c.person_name, organisations.c.name))
    total = unit.sql.scalar(select(func.count()).select_from(query.subquery()))
    if request.after:
        query = query.where(behind(request.after, *order.values(), numbers=numbers))
    query = query.add_columns(organisations.c.path, func.coalesce(members.c.code, "").label("member_code")).outerjoin(
        members, members.c.id == grants.c.member_id)
    rows, more = page_of(unit, query.order_by(*order.values()), request.limit)
    return GrantPage(items=tuple(GrantView(**rest(r, "ended", "path")) for r in rows), total=total,
                     next=place_of(rows[-1], *order) if more else "")


def _own() -> Select:
    """What everybody on the roll holds over their own matters, read off it as ``domain.grant.own`` does."""
    return select(
        members.c.id.label("grant_id"), members.c.id.label("person_id"), members.c.name.label("person_name"), members.c.id.label("member_id"),
        literal(Role.MEMBER).label("role"), members.c.organisation_id, organisations.c.name.label("organisation_name"),
        literal("given").label("state"),
    ).select_from(members.join(organisations, organisations.c.id == members.c.organisation_id)).where(members.c.state == "active")


def _grants() -> Select:
    return select(
        grants.c.id.label("grant_id"), grants.c.person_id, grants.c.person_name, grants.c.member_id, grants.c.role,
        grants.c.organisation_id, organisations.c.name.label("organisation_name"), grants.c.state,
        grants.c.position_id, case((works, True), else_=False).label("works"),
    ).select_from(grants.join(organisations, organisations.c.id == grants.c.organisation_id))
