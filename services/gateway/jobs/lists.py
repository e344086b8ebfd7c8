"""The lists that can be taken out as a spreadsheet: the one place where a list is added."""
from datetime import date

from services.gateway.jobs.audit_list import AUDIT
from services.gateway.jobs.listing import Listing, Out
from wire.contracts import roster as r
from wire.contracts.calls import NotFound


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


ORGANISATIONS = Listing("organisations", "党组织", r.ListOrganisations, "organisations", "roster.list_organisations", (
    Out("code", "编号", lambda o: o.code), Out("name", "名称", lambda o: o.name), Out("kind", "类别", lambda o: r.kind_word(o.kind, o.form)),
    Out("sector", "领域", lambda o: r.SECTORS[o.sector]), Out("state", "状态", lambda o: r.ORGANISATION_STATES[o.state]),
    Out("founded_on", "成立日期", lambda o: _day(o.founded_on)), Out("re_elected_on", "最近换届日期", lambda o: _day(o.re_elected_on)),
    Out("members", "人数（含下级）", lambda o: str(o.members))),
    {"kind": ("类别", r.ORGANISATION_KINDS), "sector": ("领域", r.SECTORS), "state": ("状态", r.ORGANISATION_STATES), "system_id": ("条线", {})})
MEMBERS = Listing("members", "党员", r.ListMembers, "members", "roster.list_members", (
    Out("code", "编号", lambda m: m.code), Out("name", "姓名", lambda m: m.name),
    Out("kind", "身份", lambda m: r.MEMBER_KINDS[m.kind]), Out("organisation_name", "所在党组织", lambda m: m.organisation_name),
    Out("post", "职务", lambda m: m.post), Out("post_kind", "岗位类别", lambda m: r.POST_KINDS[m.post_kind]),
    Out("joined_on", "入党日期", lambda m: _day(m.joined_on)), Out("standing", "组织处理", lambda m: r.STANDINGS[m.standing]),
    Out("whereabouts", "流动情况", lambda m: r.WHEREABOUTS[m.whereabouts])),
    {"kind": ("身份", r.MEMBER_KINDS), "post_kind": ("岗位类别", r.POST_KINDS),
     "whereabouts": ("流动", {"floating": "流动和失联", **{name: r.WHEREABOUTS[name] for name in ("inflow", "outside", "unreachable")}}),
     "standing": ("状态", r.STANDINGS), "nameplate": ("挂牌", {"shown": "已挂牌", "not_shown": "未挂牌"}),
     "place": ("范围", {"home": "组织关系在此", "inflow": "流入此地", "residence": "向此报到", "incoming": "正转入"}),
     "state": ("名册", {"active": "在册", "left": "已离开"})})

LISTS = {listing.name: listing for listing in (ORGANISATIONS, MEMBERS, AUDIT)}


def list_of(name: str) -> Listing:
    """Refuses what is no list."""
    if name not in LISTS:
        raise NotFound("没有这种列表，请从列表页面重新导出。")
    return LISTS[name]
