"""免予承诺 (A4): the branch decides and proposes, the superior organisation approves or refuses; withdrawn, past, or overtaken.

What is about age or health is sealed for the exemption it belongs to, and told by ``read_exemption`` alone.
"""
import json
from dataclasses import asdict, replace

from services.pledge.domain.exemption import Approver, Exemption, Meeting, Words, demand_sound, latest
from services.pledge.domain.policy import ExemptionPolicy
from services.pledge.domain.refusals import AlreadyExempt, NotReady
from services.pledge.usecases.keeping import PROPOSED, line, remember, saved
from services.pledge.usecases.overtaking import CLOCK, confirmed, end, overtaken_by, place_of
from services.pledge.usecases.seeing import speak_for
from wire.contracts.actor import Role
from wire.contracts.calls import Forbidden, NotFound
from wire.contracts.pledge import (
    EXEMPTION_STATES, ApproveExemption, ExemptionLine, ExemptionRules, ExemptionView, ProposeExemption, ReadExemption, ReadExemptionRules,
    RefuseExemption, WithdrawExemption,
)
from wire.contracts.ports import Unit, Vault

UNKNOWN = "没有找到这项免诺，请返回免诺名单重新打开。"
NOT_HERE = "这名党员不在这里承诺，请核对后重选；流动党员由流入地党支部提出。"
GONE = "这名党员已经不在这个支部承诺，不能批准，请退回支部核对；仍需要免诺的，由现在承诺的支部提出。"


def propose_exemption(unit: Unit, request: ProposeExemption, vault: Vault) -> ExemptionLine:
    """What the branch decided, put before the superior organisation: 待上级批准.  The same again: the same answer.

    The secretary issues it; who only records (the clerk) may do so for a meeting alone, and the branch is named as the one
    it is done for.  Refuses a member who pledges elsewhere (A7), what the policy does not let through, and a second one
    while another is open.
    """
    branch = unit.directory.branch_of(request.organisation_id)
    unit.permit(branch, member_id=request.member_id)
    member = unit.directory.member(request.member_id)
    place = place_of(unit, member) if member is not None and member["state"] == "active" else None
    if member is None or place is None or unit.directory.branch_of(place["id"]) != branch:
        raise NotFound(NOT_HERE)
    known = next((one for one in unit.books.exemptions.open_of([request.member_id]) if one.organisation_id == branch), None)
    if known is not None and known.until_on < unit.today:
        # the sweep has not been here yet
        end(unit, known, "expired", CLOCK)
        known = None
    organisation = unit.directory.organisation(branch)
    speak_for(unit, branch, "", organisation["name"] if organisation else "")
    words = Words(ground=request.ground.strip(), reason=request.reason.strip(), conclusion=request.conclusion.strip())
    meeting = Meeting(kind=request.meeting_kind, on=request.meeting_on, due=request.meeting_due, present=request.meeting_present)
    demand_sound(words, request.until_on, meeting, unit.policy(ExemptionPolicy, branch), today=unit.today, issues=not unit.acted_for)
    if known is not None and _same(known, request, meeting, words, vault):
        return line(known)
    id_ = unit.new_id("exm")
    exemption = Exemption(
        id=id_, organisation_id=branch, member_id=request.member_id, member_name=member["name"], until_on=request.until_on,
        proposed_by=unit.actor.member_id or unit.actor.person_id, proposed_by_name=unit.actor.name, proposed_at=unit.now,
        meeting_kind=meeting.kind, meeting_on=meeting.on, meeting_due=meeting.due, meeting_present=meeting.present,
        words=_sealed(words, id_, vault), member_version=member["version"], place_version=place["version"])
    if known is not None or not unit.books.exemptions.add(exemption):
        raise AlreadyExempt(member["name"], EXEMPTION_STATES[known.state if known else "proposed"])
    remember(unit, PROPOSED, exemption)
    return line(exemption)


def approve_exemption(unit: Unit, request: ApproveExemption) -> ExemptionLine:
    """In force from today on.  Never the member, nor who had a part in the branch's decision; refused once the member pledges
    elsewhere.  Again: the same answer, announced once."""
    before = found(unit, request.exemption_id)
    approver = _approver(unit, before)
    before.demand_approver(approver)
    after = before.approved(approver, unit.now, unit.today)
    if after is not before:
        if overtaken_by(unit, before):
            raise NotReady(GONE)
        after = confirmed(unit, after)
    return saved(unit, before, after)


def refuse_exemption(unit: Unit, request: RefuseExemption, vault: Vault) -> ExemptionLine:
    """With the reason, which the branch and the member read.  Again: the same answer, the first reason stays."""
    before = found(unit, request.exemption_id)
    approver = _approver(unit, before)
    before.demand_approver(approver)
    after = before.refused(approver, unit.now, unit.today, unit.policy(ExemptionPolicy, before.organisation_id))
    return saved(unit, before, _noted(before, after, request.note, vault))


def withdraw_exemption(unit: Unit, request: WithdrawExemption, vault: Vault) -> ExemptionLine:
    """Over from today on: 支部撤回 by its secretary, else 上级撤回.  Never by the member.  Again: the same answer, the first reason
    stays."""
    before = found(unit, request.exemption_id)
    take_back = before.withdrawn if _holds(unit, before.organisation_id, Role.SECRETARY) else before.revoked
    after = take_back(unit.today, unit.policy(ExemptionPolicy, before.organisation_id))
    return saved(unit, before, _noted(before, after, request.note, vault))


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


def found(unit: Unit, exemption_id: str) -> Exemption:
    """The exemption to be changed.  What the actor may not even read answers like an unknown one."""
    return _permitted(unit, unit.books.exemptions.get(exemption_id))


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


def _approver(unit: Unit, one: Exemption) -> Approver:
    """Whoever asks, and whether a grant of theirs in the branch itself is in force."""
    return Approver({unit.actor.member_id, unit.actor.person_id} - {""}, unit.actor.name,
                    of_the_branch=_holds(unit, one.organisation_id, Role.SECRETARY, Role.CLERK))


def _holds(unit: Unit, organisation_id: str, *roles: Role) -> bool:
    held = [g for g in unit.actor.grants if Role(g.role) in roles and g.organisation_id == organisation_id]
    return bool(unit.directory.in_force(held))


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
