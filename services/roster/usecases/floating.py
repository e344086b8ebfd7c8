"""Floating members 流动党员 and the second registration in the community 双报到."""
from services.roster.domain.floating import confirmed, flowing, reported
from services.roster.domain.refusals import NoReport
from services.roster.usecases.finding import day, member_anywhere, member_here, name_of, place_here
from services.roster.usecases.following import put
from wire.contracts.ports import Unit
from wire.contracts.roster import (
    LACKS, WHEREABOUTS, ConfirmResidence, MemberView, RecordWhereabouts, ReportResidence,
)


def record_whereabouts(unit: Unit, request: RecordWhereabouts) -> MemberView:
    """Where a floating member is: they pledge in the inflow organisation, their own assists (A7, A8).

    The same place with another day corrects the day, and the register says which it was; the same in all changes nothing.
    """
    member, on = member_here(unit, request.member_id).on_the_roll(), day(unit, request.happened_on)
    inflow = request.inflow_id if request.whereabouts == "inflow" else ""
    name = place_here(unit, inflow).name if inflow else ""
    after = flowing(member, request.whereabouts, inflow_id=inflow, outside_place=request.outside_place.strip(),
                    lacks=tuple(lack for lack in LACKS if lack in request.lacks), on=on,
                    dated=request.happened_on is not None)
    told = [name or after.outside_place, *(LACKS[lack] for lack in after.lacks)]
    here, there = ((one.whereabouts, one.inflow_id, one.outside_place) for one in (member, after))
    if here == there and member.whereabouts_on != after.whereabouts_on and member.whereabouts_on is not None:
        told.append(f"更正日期，原为 {member.whereabouts_on.isoformat()}")
    return put(unit, member, after, WHEREABOUTS[request.whereabouts] if after.whereabouts != "home" else "流动返回", on,
               "，".join(word for word in told if word))


def report_residence(unit: Unit, request: ReportResidence) -> MemberView:
    """Reported to the community's branch, whose word it waits for; none takes the report back (A9)."""
    member, on = member_here(unit, request.member_id).on_the_roll(), day(unit, request.happened_on)
    name = place_here(unit, request.residence_id).name if request.residence_id else ""
    after = reported(member, request.residence_id, on)
    return put(unit, member, after, "双报到" if name else "撤回双报到", on, name)


def confirm_residence(unit: Unit, request: ConfirmResidence) -> MemberView:
    """The community's branch says yes; again changes nothing.  Only there, whoever may act at the member's home."""
    member, on = member_anywhere(unit, request.member_id), day(unit, request.happened_on)
    unit.permit(member.residence_id or member.organisation_id)
    if not member.on_the_roll().residence_id:
        raise NoReport(member.name)
    return put(unit, member, confirmed(member, on), "双报到确认", on, name_of(unit, member.residence_id))
