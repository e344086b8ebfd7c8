"""What the roster shows: the tree, the roll, who may do what.  Pages go on where the one before ended."""
from bisect import bisect_left
from collections.abc import Callable
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from services.roster.storage import grants, members, organisations
from wire.contracts.calls import NotFound
from wire.contracts.roster import (
    GrantsOf, GrantView, ListGrants, ListMembers, ListOrganisations, MemberPage, MemberView, OrganisationPage, OrganisationView,
)
from wire.directory import under

NO_ORGANISATION = "没有找到这个党组织，请返回列表重新选择。"


def list_organisations(unit: Any, request: ListOrganisations) -> OrganisationPage:
    """Organisations at or below one, in tree order; ``members`` counts the people in each and below it."""
    path = _path(unit, request.organisation_id)
    query = select(organisations).where(under(organisations.c.path, path))
    if request.search.strip():
        query = query.where(_has(request.search, organisations.c.name, organisations.c.code))
    if request.after:
        query = query.where(organisations.c.path > request.after)
    rows, more = _page(unit, query.order_by(organisations.c.path), request.limit)
    count = _head_count(unit, path)
    return OrganisationPage(
        organisations=tuple(OrganisationView(organisation_id=r["id"], members=count(r["path"]), **_rest(r, "id")) for r in rows),
        next=rows[-1]["path"] if more else "")


def list_members(unit: Any, request: ListMembers) -> MemberPage:
    """Who is at or below an organisation, by surname; found by name, code, or the beginning of the pinyin initials."""
    path = _path(unit, request.organisation_id)
    here = and_(under(organisations.c.path, path), members.c.state == "active")
    if request.search.strip():
        here = and_(here, or_(_has(request.search, members.c.name, members.c.code),
                              members.c.initials.startswith(request.search.strip().lower(), autoescape=True)))
    joined = members.join(organisations, organisations.c.id == members.c.organisation_id)
    total = unit.sql.scalar(select(func.count()).select_from(joined).where(here))
    query = select(members, organisations.c.name.label("organisation_name")).select_from(joined).where(here)
    if request.after:
        sort_key, _, id_ = request.after.rpartition("|")
        query = query.where(or_(members.c.sort_key > sort_key, and_(members.c.sort_key == sort_key, members.c.id > id_)))
    rows, more = _page(unit, query.order_by(members.c.sort_key, members.c.id), request.limit)
    return MemberPage(
        members=tuple(MemberView(member_id=r["id"], **_rest(r, "id", "sort_key", "initials")) for r in rows), total=total,
        next=f"{rows[-1]['sort_key']}|{rows[-1]['id']}" if more else "")


def list_grants(unit: Any, request: ListGrants) -> tuple[GrantView, ...]:
    """Who may do what at or below an organisation: in tree order, those in force first.  The members' own are not listed:
    everybody on the roll has one."""
    path = _path(unit, request.organisation_id)
    query = _grants().where(under(organisations.c.path, path), grants.c.role != "member")
    return _views(unit, query.order_by(organisations.c.path, grants.c.state.desc(), grants.c.role, grants.c.id))


def grants_of(unit: Any, request: GrantsOf) -> tuple[GrantView, ...]:
    """What a person may do now; nothing for somebody unknown."""
    query = _grants().where(grants.c.person_id == request.person_id, grants.c.state == "given")
    return _views(unit, query.order_by(grants.c.id))


def _path(unit: Any, organisation_id: str) -> str:
    unit.permit(organisation_id)
    path = unit.sql.scalar(select(organisations.c.path).where(organisations.c.id == organisation_id))
    if path is None:
        raise NotFound(NO_ORGANISATION)
    return path


def _has(search: str, *columns: ColumnElement) -> ColumnElement[bool]:
    wanted = search.strip().lower()
    return or_(*(func.lower(column).contains(wanted, autoescape=True) for column in columns))


def _page(unit: Any, query: Select, limit: int) -> tuple[list[dict[str, Any]], bool]:
    rows = [dict(r) for r in unit.sql.execute(query.limit(limit + 1)).mappings()]
    return rows[:limit], len(rows) > limit


def _rest(row: dict[str, Any], *without: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in without}


def _head_count(unit: Any, path: str) -> Callable[[str], int]:
    """A function from a path to how many people are there and below: one query, then sums over the sorted paths."""
    rows = unit.sql.execute(
        select(organisations.c.path, func.count()).select_from(
            members.join(organisations, organisations.c.id == members.c.organisation_id))
        .where(under(organisations.c.path, path), members.c.state == "active")
        .group_by(organisations.c.path).order_by(organisations.c.path)).all()
    paths, sums = [r[0] for r in rows], [0, *accumulate(r[1] for r in rows)]
    # "0" follows "/": everything below a path sorts before the path with its last slash made a "0"
    return lambda here: sums[bisect_left(paths, f"{here[:-1]}0")] - sums[bisect_left(paths, here)]


def _grants() -> Select:
    return select(
        grants.c.id.label("grant_id"), grants.c.person_id, grants.c.person_name, grants.c.member_id, grants.c.role,
        grants.c.organisation_id, organisations.c.name.label("organisation_name"), grants.c.state,
    ).select_from(grants.join(organisations, organisations.c.id == grants.c.organisation_id))


def _views(unit: Any, query: Select) -> tuple[GrantView, ...]:
    return tuple(GrantView(**r) for r in unit.sql.execute(query).mappings())
