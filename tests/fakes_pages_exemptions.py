"""Exemptions 免诺 of the small county the pages are rendered from: one waiting, one in force, one over."""
from datetime import UTC, date, datetime
from typing import Any

from wire.contracts import pledge as p
from wire.contracts.calls import NotFound

AT = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
RULES = p.ExemptionRules(grounds=("年老", "患病"), meetings=("支委会", "支部党员大会"), needs_meeting=True, latest_on=date(2027, 11, 20),
                         words_months=12)


def exemption(exemption_id: str = "exm_luo", **more: Any) -> p.ExemptionView:
    return p.ExemptionView(**{
        "exemption_id": exemption_id, "organisation_id": "org_village", "member_id": "mbr_luo", "member_name": "罗大成", "state": "proposed",
        "until_on": date(2027, 6, 30), "from_on": None, "ended_on": None, "ended_because": "", "proposed_at": AT, "version": 1,
        "ground": "患病", "reason": "手术后长期休养", "meeting_kind": "支委会",
        "meeting_on": date(2026, 11, 17), "meeting_due": 5, "meeting_present": 4,
        "conclusion": "同意报上级", "note": "", "proposed_by_name": "苏晓", "decided_by_name": "", "decided_at": None, "forget_on": None} | more)


ALL = (
    exemption(), exemption("exm_fang", member_id="mbr_fang", member_name="方立", state="granted", from_on=date(2026, 3, 2), version=2,
                           decided_by_name="陈镇书记", decided_at=AT),
    exemption("exm_tao", member_id="mbr_tao", member_name="陶安", state="ended", from_on=date(2026, 1, 5), ended_on=date(2026, 9, 1),
              ended_because="withdrawn", version=3, ground="", reason="", conclusion=""))


def one(request: p.ReadExemption) -> p.ExemptionView:
    found = next((x for x in ALL if x.exemption_id == request.exemption_id), None)
    if found is None:
        raise NotFound("没有找到这项免诺，请返回免诺名单重新打开。")
    return found


def listed(request: p.ListExemptions) -> p.ExemptionPage:
    state = "proposed" if request.to_decide else request.state
    found = tuple(x for x in ALL if state in ("", x.state) and request.search in x.member_name and request.member_id in ("", x.member_id))
    return p.ExemptionPage(exemptions=tuple(line(x) for x in found), total=len(found), next="")


def line(x: p.ExemptionView) -> p.ExemptionLine:
    return p.ExemptionLine(**{name: getattr(x, name) for name in p.ExemptionLine.__dataclass_fields__})


#: by request class; whatever changes something answers with the thing as it stands
ANSWERS: dict[type, Any] = {
    p.ListExemptions: listed, p.ReadExemption: one, p.ReadExemptionRules: lambda q: RULES,
    **dict.fromkeys((p.ProposeExemption, p.ApproveExemption, p.RefuseExemption, p.WithdrawExemption), lambda q: line(ALL[0]))}
