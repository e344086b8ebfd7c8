"""The roll as it is shown."""
from typing import Any

from sqlalchemy import and_, func, or_, select

from services.roster.queries.pages import has, page_of, path_of, rest
from services.roster.storage.members import members
from services.roster.storage.organisations import organisations
from wire.contracts.roster import ListMembers, MemberPage, MemberView
from wire.directory import under


def list_members(unit: Any, request: ListMembers) -> MemberPage:
    """Who is at or below an organisation, by surname; found by name, code, or the beginning of the pinyin initials."""
    path = path_of(unit, request.organisation_id)
    here = and_(under(organisations.c.path, path), members.c.state == "active")
    if request.search.strip():
        here = and_(here, or_(has(request.search, members.c.name, members.c.code),
                              members.c.initials.startswith(request.search.strip().lower(), autoescape=True)))
    joined = members.join(organisations, organisations.c.id == members.c.organisation_id)
    total = unit.sql.scalar(select(func.count()).select_from(joined).where(here))
    query = select(members, organisations.c.name.label("organisation_name")).select_from(joined).where(here)
    if request.after:
        sort_key, _, id_ = request.after.rpartition("|")
        query = query.where(or_(members.c.sort_key > sort_key, and_(members.c.sort_key == sort_key, members.c.id > id_)))
    rows, more = page_of(unit, query.order_by(members.c.sort_key, members.c.id), request.limit)
    return MemberPage(
        members=tuple(MemberView(member_id=r["id"], **rest(r, "id", "sort_key", "initials")) for r in rows), total=total,
        next=f"{rows[-1]['sort_key']}|{rows[-1]['id']}" if more else "")
