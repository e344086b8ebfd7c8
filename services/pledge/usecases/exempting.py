"""免予承诺 (A4): the branch decides and proposes, the superior organisation approves or refuses; withdrawn, past, or overtaken.

What is about age or health is sealed for the exemption it belongs to, and told by ``read_exemption`` alone.
"""
import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from services.pledge.domain.exemption import Approver, End, Exemption, Meeting, Words, demand_sound, latest
from services.pledge.domain.policy import ExemptionPolicy
from services.pledge.domain.refusals import AlreadyExempt
from services.pledge.usecases.seeing import speak_for
from wire.contracts.actor import Role
from wire.contracts.calls import Forbidden, NotFound
from wire.contracts.envelope import News
from wire.contracts.pledge import (
    EXEMPTION_STATES, ApproveExemption, ExemptionEnded, ExemptionFacts, ExemptionGranted, ExemptionLine, ExemptionRules, ExemptionView,
    ProposeExemption, ReadExemption, ReadExemptionRules, RefuseExemption, WithdrawExemption,
)
from wire.contracts.ports import Unit, Vault
from wire.contracts.roster import MemberFacts

AGGREGATE = ExemptionGranted.stream
PROPOSED, REFUSED, DROPPED = (f"{AGGREGATE}.{verb}" for verb in ("proposed", "refused", "dropped"))
UNKNOWN = "没有找到这项免诺，请返回免诺名单重新打开。"
NOT_HERE = "这名党员不在这里承诺，请核对后重选；流动党员由流入地党支部提出。"
#: who ends what is past its day
CLOCK = ("pledge", "系统")
#: what a line of history says; no words
_KEPT = ("organisation_id", "member_id", "member_name", "state", "from_on", "until_on", "ended_on", "ended_because", "meeting_kind",
         "meeting_on", "meeting_due", "meeting_present")


def propose_exemption(unit: Unit, request: ProposeExemption, vault: Vault) -> ExemptionLine:
    """What the branch decided, put before the superior organisation: 待上级批准.  The same again: the same answer.

    The secretary issues it; who only records (the clerk) may do so for a meeting alone, and the branch is named as the one
    it is done for.  Refuses a member who pledges elsewhere (A7), what the policy does not let through, and a second one
    while another is open.
    """
    branch = unit.directory.branch_of(request.organisation_id)
    unit.permit(branch, member_id=request.member_id)
    member = unit.directory.member(request.member_id)
    if member is None or member["state"] != "active" or _place(unit, member) != branch:
        raise NotFound(NOT_HERE)
    organisation = unit.directory.organisation(branch)
    speak_for(unit, branch, "", organisation["name"] if organisation else "")
    words = Words(ground=request.ground.strip(), reason=request.reason.strip(), conclusion=request.conclusion.strip())
    meeting = Meeting(kind=request.meeting_kind, on=request.meeting_on, due=request.meeting_due, present=request.meeting_present)
    demand_sound(words, request.until_on, meeting, unit.policy(ExemptionPolicy, branch), today=unit.today, issues=not unit.acted_for)
    known = next((one for one in unit.books.exemptions.open_of([request.member_id]) if one.organisation_id == branch), None)
    if known is not None and _same(known, request, meeting, words, vault):
        return line(known)
    id_ = unit.new_id("exm")
    exemption = Exemption(
        id=id_, organisation_id=branch, member_id=request.member_id, member_name=member["name"], until_on=request.until_on,
        proposed_by=unit.actor.member_id or unit.actor.person_id, proposed_by_name=unit.actor.name, proposed_at=unit.now,
        meeting_kind=meeting.kind, meeting_on=meeting.on, meeting_due=meeting.due, meeting_present=meeting.present,
        words=_sealed(words, id_, vault))
    if known is not None or not unit.books.exemptions.add(exemption):
        raise AlreadyExempt(member["name"], EXEMPTION_STATES[known.state if known else "proposed"])
    _remember(unit, PROPOSED, exemption)
    return line(exemption)


def approve_exemption(unit: Unit, request: ApproveExemption) -> ExemptionLine:
    """In force from today on.  Never the member, nor who had a part in the branch's decision.  Again: the same answer,
    announced once."""
    before = found(unit, request.exemption_id)
    approver = _approver(unit, before)
    before.demand_approver(approver)
    return _saved(unit, before, before.approved(approver, unit.now, unit.today))


def refuse_exemption(unit: Unit, request: RefuseExemption, vault: Vault) -> ExemptionLine:
    """With the reason, which the branch and the member read.  Again: the same answer, the first reason stays."""
    before = found(unit, request.exemption_id)
    approver = _approver(unit, before)
    before.demand_approver(approver)
    after = before.refused(approver, unit.now, unit.today, unit.policy(ExemptionPolicy, before.organisation_id))
    return _saved(unit, before, _noted(before, after, request.note, vault))


def withdraw_exemption(unit: Unit, request: WithdrawExemption, vault: Vault) -> ExemptionLine:
    """Over from today on.  Never by the member.  Again: the same answer, the first reason stays."""
    before = found(unit, request.exemption_id)
    after = before.withdrawn(unit.today, unit.policy(ExemptionPolicy, before.organisation_id))
    return _saved(unit, before, _noted(before, after, request.note, vault))


def read_exemption(unit: Unit, request: ReadExemption, vault: Vault) -> ExemptionView:
    """Everything about it, why as well while it is kept."""
    one = _permitted(unit, unit.books.exemptions.peek(request.exemption_id))
    words = _opened(one, vault)
    return ExemptionView(
        **{name: getattr(line(one), name) for name in ExemptionLine.__dataclass_fields__}, **asdict(words), meeting_kind=one.meeting_kind,
        meeting_on=one.meeting_on, meeting_due=one.meeting_due, meeting_present=one.meeting_present, proposed_by_name=one.proposed_by_name,
        decided_by_name=one.decided_by_name, decided_at=one.decided_at, forget_on=one.forget_on)


def read_exemption_rules(unit: Unit, request: ReadExemptionRules) -> ExemptionRules:
    """By which words, and up to which day, this branch may propose today."""
    unit.permit(request.organisation_id)
    policy = unit.policy(ExemptionPolicy, unit.directory.branch_of(request.organisation_id))
    return ExemptionRules(grounds=policy.grounds, meetings=policy.meetings, needs_meeting=policy.needs_meeting,
                          latest_on=latest(policy, unit.today), words_months=policy.words_months)


def follow_members(unit: Unit, news: Iterable[News]) -> None:
    """Who pledges elsewhere now, or is on the roll no more, is exempt here no more.  By what the directory says now, so that
    what is heard again or late ends nothing that stands."""
    by = {said.event.member_id: (said.event.acted_by, said.event.acted_by_name) for said in news if isinstance(said.event, MemberFacts)}
    for one in unit.books.exemptions.open_of(by):
        member = unit.directory.member(one.member_id)
        gone = member is None or member["state"] != "active"
        if gone or _place(unit, member) != one.organisation_id:
            _overtaken(unit, one, "left" if gone else "moved", by[one.member_id])


def end_past(unit: Unit, most: int) -> int:
    """End what is past its last day, so many at most; how many.  Figures go by the days and do not wait for this."""
    past = unit.books.exemptions.past(unit.today, most)
    for one in past:
        _overtaken(unit, one, "expired", CLOCK)
    return len(past)


def found(unit: Unit, exemption_id: str) -> Exemption:
    """The exemption to be changed.  What the actor may not even read answers like an unknown one."""
    return _permitted(unit, unit.books.exemptions.get(exemption_id))


def line(one: Exemption) -> ExemptionLine:
    return ExemptionLine(
        exemption_id=one.id, organisation_id=one.organisation_id, member_id=one.member_id, member_name=one.member_name, state=one.state,
        until_on=one.until_on, from_on=one.from_on, ended_on=one.ended_on, ended_because=one.ended_because, proposed_at=one.proposed_at,
        version=one.version)


def _permitted(unit: Unit, one: Exemption | None) -> Exemption:
    if one is None:
        raise NotFound(UNKNOWN)
    try:
        unit.permit(one.organisation_id, member_id=one.member_id)
    except Forbidden:
        if unit.may(ReadExemption, one.organisation_id, member_id=one.member_id):
            raise
        raise NotFound(UNKNOWN) from None
    return one


def _place(unit: Unit, member: Any) -> str:
    """The branch in which a member pledges; a floating one where they floated to (A7)."""
    return unit.directory.branch_of(member["inflow_id"] or member["organisation_id"])


def _approver(unit: Unit, one: Exemption) -> Approver:
    """Whoever asks, and whether a grant of theirs in the branch itself is in force."""
    held = [g for g in unit.actor.grants if Role(g.role) in (Role.SECRETARY, Role.CLERK) and g.organisation_id == one.organisation_id]
    return Approver({unit.actor.member_id, unit.actor.person_id} - {""}, unit.actor.name, of_the_branch=bool(unit.directory.in_force(held)))


def _overtaken(unit: Unit, one: Exemption, because: End, by: tuple[str, str]) -> None:
    """``by``: who did what ended it."""
    _saved(unit, one, one.overtaken(because, unit.today, unit.policy(ExemptionPolicy, one.organisation_id)), by)


def _saved(unit: Unit, before: Exemption, after: Exemption, by: tuple[str, str] | None = None) -> ExemptionLine:
    """What was granted, and its end, is announced; what others never heard of leaves a line of history alone."""
    if after is before:
        return line(before)
    unit.books.exemptions.save(after, before.version)
    if after.from_on is not None:
        unit.announce(_facts(unit, ExemptionGranted if after.state == "granted" else ExemptionEnded, after, by))
    else:
        _remember(unit, REFUSED if after.state == "refused" else DROPPED, after, by)
    return line(after)


def _facts(unit: Unit, kind: type[ExemptionFacts], one: Exemption, by: tuple[str, str] | None) -> ExemptionFacts:
    assert one.from_on is not None
    acted_by, acted_by_name = by or (unit.actor.person_id, unit.actor.name)
    return kind(
        version=one.version, acted_by=acted_by, acted_by_name=acted_by_name, acted_at=unit.now, scope="branch",
        exemption_id=one.id, organisation_id=one.organisation_id, member_id=one.member_id,
        state="granted" if one.state == "granted" else "ended", from_on=one.from_on, until_on=one.until_on, ended_on=one.ended_on,
        ended_because=one.ended_because)


def _remember(unit: Unit, what: str, one: Exemption, by: tuple[str, str] | None = None) -> None:
    said = {name: getattr(one, name) for name in _KEPT} | (dict(zip(("acted_by", "acted_by_name"), by, strict=True)) if by else {})
    unit.remember(AGGREGATE, one.id, one.version, what, {
        name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()})


def _noted(before: Exemption, after: Exemption, note: str, vault: Vault) -> Exemption:
    if after is before:
        return after
    return replace(after, words=_sealed(replace(_opened(before, vault), note=note.strip()), after.id, vault))


def _same(known: Exemption, request: ProposeExemption, meeting: Meeting, words: Words, vault: Vault) -> bool:
    return (known.state, known.until_on, known.meeting, _opened(known, vault)) == ("proposed", request.until_on, meeting, words)


def _sealed(words: Words, exemption_id: str, vault: Vault) -> bytes:
    return vault.seal(json.dumps(asdict(words), ensure_ascii=False).encode(), exemption_id)


def _opened(one: Exemption, vault: Vault) -> Words:
    return Words(**json.loads(vault.open(one.words, one.id))) if one.words else Words()
