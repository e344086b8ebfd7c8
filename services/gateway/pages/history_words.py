"""办理经过 in words: what was done, which value changed, and what it said before and after."""
import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import current_app
from wire.contracts import evaluation, gateway, notice, pledge, roster
from wire.contracts.history import HistoryChange

from services.gateway import presets
from services.gateway.deeds import DEEDS, FIELDS, FIELDS_OF
from services.gateway.pages import here, words

#: which values of a member change together, and what was done then
MEMBER_DEEDS = {
    "流动": {"whereabouts", "whereabouts_on", "inflow_id", "outside_place", "lacks"}, "组织关系转接": {"transfer_to_id", "transfer_on"},
    "双报到": {"residence_id", "residence_on", "residence_confirmed_on"}, "组织处理": {"standing", "standing_on"},
    "挂牌亮身份": {"nameplate_on"}, "发展、转正": {"kind", "joined_on", "full_on"}}
#: of no use to people: identifiers, and what follows from other values
HIDDEN = {"path", "sort_key", "scope", "hash", "stratum", "of", "asked_by"}
#: an adoption is called by its document, which stands above, and its number
HIDDEN_OF = {"roster.policy": ("document", "policy_version", "number")}
#: what a line of a list is called by
CALLED = {"position", "kind"}
#: identifiers told by the name of the organisation or member
NAMED = {"organisation_id", "parent_id", "inflow_id", "residence_id", "transfer_to_id", "merged_into", "covered_by"}
_STATES = roster.ORGANISATION_STATES | gateway.ACCOUNT_STATES | {
    "posted": "公示中", "withdrawn": "已撤下", "left": "已离开", "given": "有效", "ended": "已收回"}
VALUES = {
    "kind": pledge.KINDS | roster.ORGANISATION_KINDS | roster.MEMBER_KINDS | evaluation.COMPONENTS, "sector": roster.SECTORS,
    "state": _STATES | pledge.STATES | pledge.ITEM_STATES | evaluation.STATES, "post_kind": roster.POST_KINDS,
    "form": pledge.FORMS | roster.ORGANISATION_FORMS,
    "commitment": pledge.COMMITMENTS, "source": pledge.SOURCES, "grade": evaluation.GRADES, "suggested_grade": evaluation.GRADES,
    "role": words.LABELS["ROLES"], "rank": roster.RANKS, "standing": roster.STANDINGS, "whereabouts": roster.WHEREABOUTS,
    "lacks": roster.LACKS, "left_because": roster.LEAVINGS, "verdict": {"fulfilled": "已兑现", "unfulfilled": "未兑现", "carried": "续办"}}
#: where the same word means something else
OF_THEIR_OWN: dict[str, dict[str, dict[str, str]]] = {
    "roster.position": {"kind": roster.POSITIONS, "state": {"held": "在任", "ended": "已免职", "taken_back": "导错，已撤销"}},
    "roster.grant": {"state": {"given": "已授予", "confirmed": "上级已确认", "ended": "已收回"}},
    "roster.system": {"state": {"active": "在用", "ended": "已停用"}},
    "roster.workplace": {"state": {"open": "待组建"} | roster.WORKPLACE_STATES}, "notice.notice": {"kind": notice.KINDS},
    "roster.organisation": {"state": roster.ORGANISATION_STATES, "form": roster.ORGANISATION_FORMS | {"ordinary": "普通"}},
    "roster.member": {"state": {"active": "在册", "left": "已离开"}}, "roster.representative": {"state": roster.REPRESENTATIVE_STATES},
    "roster.zone": {"kind": roster.ZONE_KINDS, "state": {"active": "在用", "ended": "已撤销"}},
    "pledge.exemption": {"state": pledge.EXEMPTION_STATES, "ended_because": pledge.EXEMPTION_ENDS},
    "roster.assignment": {"kind": roster.ASSIGNMENT_KINDS, "rank": roster.LEADER_RANKS}}
_DAY, _MONTH, _INSTANT = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-(0[1-9]|1[0-2])"), re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def deed(what: str, changes: Sequence[HistoryChange] = ()) -> str:
    """What was done; to a member and a zone, by what changed."""
    if what == "roster.zone.recorded.v1" and changes and all(one.path[0] == "months" for one in changes):
        return "登记三无情况"
    if what == "roster.member.changed.v1":
        names = {one.path[0] for one in changes}
        return next((word for word, together in MEMBER_DEEDS.items() if names and names <= together), DEEDS[what])
    return DEEDS.get(what, what)


def shown(changes: Sequence[HistoryChange], aggregate: str = "") -> list[HistoryChange]:
    """Those a person has use for."""
    hidden = HIDDEN_OF.get(aggregate, ())
    return [one for one in changes if one.path[-1] not in hidden if one.path[-1] in NAMED or not (
        one.path[-1] in HIDDEN or one.path[-1].endswith("_id") or (len(one.path) > 1 and one.path[-1] in CALLED))]


def label(path: Sequence[str], aggregate: str = "") -> str:
    """Where a value stands: ``第 2 项：进度``."""
    if len(path) == 1:
        return FIELDS_OF.get(aggregate, {}).get(path[0]) or FIELDS.get(path[0], path[0])
    if path[0] == "components":
        head = evaluation.COMPONENTS.get(path[1], path[1])
    elif path[1].isdecimal():
        head = f"第 {path[1]} 项"
    else:
        head = FIELDS.get(path[0], path[0])
    return f"{head}：{FIELDS.get(path[-1], path[-1])}"


def value(name: str, told: str, aggregate: str = "") -> str:
    """A value of that name, of that aggregate, in words; ``told`` is JSON, empty for none."""
    found: Any = json.loads(told) if told else None
    if found in (None, "", []):
        return "（空）"
    if isinstance(found, bool):
        return "是" if found else "否"
    if name == "policy_version":
        return words.edition(str(found), "")
    if name == "preset" and found in presets.every():
        return presets.named(found).title
    if isinstance(found, list):
        return "、".join(_said(name, str(one)) for one in found)
    return OF_THEIR_OWN.get(aggregate, {}).get(name, {}).get(str(found)) or _said(name, str(found))


def _said(name: str, found: str) -> str:
    if name == "month" and _MONTH.fullmatch(found):
        return words.month(found)
    if name in NAMED:
        member = current_app.extensions["directory"].member(found) if name == "merged_into" else None
        return member["name"] if member else here.organisation_name(found)
    return VALUES.get(name, {}).get(found) or _dated(found)


def _dated(found: str) -> str:
    if _DAY.fullmatch(found):
        return words.day(date.fromisoformat(found))
    return words.moment(datetime.fromisoformat(found)) if _INSTANT.fullmatch(found) else found
