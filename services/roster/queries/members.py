"""The roll as it is shown."""
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from services.roster.queries.masking import masked
from services.roster.queries.pages import has, page_of, path_of, rest
from services.roster.storage.members import acts, members
from services.roster.storage.organisations import organisations
from services.roster.storage.seeing import sees_persons
from wire.contracts.calls import Forbidden, NotFound
from wire.contracts.roster import WHEREABOUTS, ListMembers, MemberAct, MemberDetail, MemberPage, MemberView, ReadMember, masked_name
from wire.directory import under

#: acts of the register that say what one follows: where somebody belongs and is; the rest judges, or dates their Party life
FOLLOWED = ("登记", "更正资料", "开始转接组织关系", "转接组织关系", "转接退回", "所在党组织合并", "流动返回", "双报到", "撤回双报到", "双报到确认",
            "挂牌亮身份", "摘牌", *(word for name, word in WHEREABOUTS.items() if name != "home"))
NOT_ASKED = "按您的权限看不到组织处理和离开名册的情况，不能按这些查找；请去掉这个条件后再查。"
NO_MEMBER = "没有找到这名党员，请返回名册重新选择。"
#: which column says that somebody is seen from a place
PLACES = {"home": members.c.organisation_id, "own": members.c.organisation_id, "inflow": members.c.inflow_id, "residence": members.c.residence_id,
          "incoming": members.c.transfer_to_id}


def list_members(unit: Any, request: ListMembers) -> MemberPage:
    """Who is at or below an organisation, by surname; found by name, code, or the beginning of the pinyin initials.

    ``place``: who belongs there, or who floats in, reports or is being transferred there from anywhere; as the call says.
    """
    path, full = path_of(unit, request.organisation_id), sees_persons(unit, request.organisation_id)
    if not full and (request.standing or request.state != "active"):
        raise Forbidden(NOT_ASKED)
    there, home = organisations.alias("there"), organisations
    joined = members.join(there, there.c.id == PLACES[request.place]).join(home, home.c.id == members.c.organisation_id)
    where = and_(under(there.c.path, path), *_wanted(request))
    if request.place == "own":
        where = and_(where, or_(there.c.id == request.organisation_id, and_(there.c.parent_id == request.organisation_id, there.c.kind == "group")))
    total = unit.sql.scalar(select(func.count()).select_from(joined).where(where))
    query = select(members, home.c.name.label("organisation_name")).select_from(joined).where(where)
    if request.after:
        sort_key, _, id_ = request.after.rpartition("|")
        # the pinyin of a masked name is no place to go on from
        sort_key = sort_key or unit.sql.scalar(select(members.c.sort_key).where(members.c.id == id_)) or ""
        query = query.where(or_(members.c.sort_key > sort_key, and_(members.c.sort_key == sort_key, members.c.id > id_)))
    rows, more = page_of(unit, query.order_by(members.c.sort_key, members.c.id), request.limit)
    return MemberPage(
        members=tuple(_view(r) if full else masked(_view(r)) for r in rows), total=total,
        next=f"{rows[-1]['sort_key'] if full else ''}|{rows[-1]['id']}" if more else "")


def _wanted(request: ListMembers) -> list[ColumnElement[bool]]:
    wanted = [members.c.state == request.state]
    if request.search.strip():
        second = members.alias("second")
        wanted.append(or_(
            has(request.search, members.c.name, members.c.code),
            members.c.initials.startswith(request.search.strip().lower(), autoescape=True),
            members.c.id.in_(select(second.c.merged_into).where(second.c.merged_into != "", second.c.code == request.search.strip()))))
    wanted += [members.c[name] == said for name in ("kind", "post_kind", "standing") if (said := getattr(request, name))]
    if request.whereabouts:
        wanted.append(members.c.whereabouts != "home" if request.whereabouts == "floating"
                      else members.c.whereabouts == request.whereabouts)
    if request.nameplate:
        wanted.append(members.c.nameplate_on.is_not(None) if request.nameplate == "shown" else members.c.nameplate_on.is_(None))
    return wanted


def read_member(unit: Any, request: ReadMember) -> MemberDetail:
    """One entry with its register, newest first; for the people of every organisation it names, and for whom it is about."""
    named_by = members.c.id == request.member_id if request.member_id else members.c.code == request.code.strip()
    row = unit.sql.execute(select(members).where(named_by)).mappings().first()
    if row is not None and row["merged_into"] and not request.member_id:
        row = unit.sql.execute(select(members).where(members.c.id == row["merged_into"])).mappings().first()
    if row is None:
        raise NotFound(NO_MEMBER)
    place = _permit(unit, row)
    full = sees_persons(unit, place, row["id"])
    named = {row[name]: "" for name in ("organisation_id", "inflow_id", "residence_id", "transfer_to_id")}
    named |= dict(unit.sql.execute(select(organisations.c.id, organisations.c.name).where(organisations.c.id.in_(named))).all())
    kept = unit.sql.scalar(select(members.c.name).where(members.c.id == row["merged_into"])) or ""
    register = unit.sql.execute(select(acts).where(acts.c.member_id == row["id"]).order_by(acts.c.id.desc())).mappings()
    view = _view({**row, "organisation_name": named[row["organisation_id"]]})
    return MemberDetail(
        version=row["version"], member=view if full else masked(view), inflow_name=named[row["inflow_id"]],
        residence_name=named[row["residence_id"]], transfer_to_name=named[row["transfer_to_id"]],
        merged_into_name=kept if full else masked_name(kept),
        acts=tuple(MemberAct(act=a["act"], happened_on=a["happened_on"], note=a["note"] if full else "", acted_by_name=a["acted_by_name"])
                   for a in register if full or a["act"] in FOLLOWED))


def _permit(unit: Any, row: Any) -> str:
    """From which place they are seen: at home, or at a place the member floats into, reports to or is being
    transferred to.  Else they are not there."""
    for place in (row["organisation_id"], row["inflow_id"], row["residence_id"], row["transfer_to_id"]):
        try:
            unit.permit(place, member_id=row["id"])
            return place
        except Forbidden:
            continue
    raise NotFound(NO_MEMBER)


def _view(row: Any) -> MemberView:
    return MemberView(member_id=row["id"], **rest(row, "id", "sort_key", "initials"))
