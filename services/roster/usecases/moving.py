"""转接组织关系, leaving the roll and coming back, and merging two entries of one person."""
from datetime import date

from services.roster.domain import belonging
from services.roster.domain.member import Member
from services.roster.domain.refusals import Incomplete, NoTransfer
from services.roster.domain.register import UNDATED
from services.roster.usecases.duties import homes
from services.roster.usecases.finding import day, member_anywhere, member_here, name_of, place_here
from services.roster.usecases.following import put, write_down
from services.roster.usecases.merging import hand_over
from services.roster.usecases.telling import member_view
from wire.contracts.calls import Forbidden
from wire.contracts.ports import Unit
from wire.contracts.roster import (
    ASSIGNMENT_KINDS, LEAVINGS, POSITIONS, BeginTransfer, MemberView, Merged, MergeMembers, MoveMember, ReadmitMember, RecordLeaving, SettleTransfer,
)


def move_member(unit: Unit, request: MoveMember) -> MemberView:
    """At once, by whoever reaches both places; ends a transfer under way.  Where they are already nothing changes."""
    member, on = member_here(unit, request.member_id).on_the_roll(), day(unit, request.happened_on)
    unit.permit(request.organisation_id, member_id=member.id)
    place = place_here(unit, request.organisation_id)
    told = f"{name_of(unit, member.organisation_id)} → {place.name}"
    return put(unit, member, belonging.moved(member, place.id), "转接组织关系", on, _joined(told, request.note))


def begin_transfer(unit: Unit, request: BeginTransfer) -> MemberView:
    """关系接转中 (A21): listed until the other branch takes the member in.  To the same place again changes nothing."""
    member, on = member_here(unit, request.member_id).on_the_roll(), day(unit, request.happened_on)
    place = place_here(unit, request.organisation_id)
    after = belonging.sent(member, place.id, on, name_of(unit, member.transfer_to_id))
    return put(unit, member, after, "开始转接组织关系", on, f"转往{place.name}")


def settle_transfer(unit: Unit, request: SettleTransfer) -> MemberView:
    """Taken in by the receiving branch; or sent back by it, or taken back by the branch that sent."""
    member, on = member_anywhere(unit, request.member_id), day(unit, request.happened_on)
    at = member.transfer_to_id or member.organisation_id
    try:
        unit.permit(at)
    except Forbidden:
        if request.accepted:
            raise
        unit.permit(member.organisation_id)
    if not member.on_the_roll().transfer_to_id:
        raise NoTransfer(member.name)
    place = place_here(unit, at) if request.accepted else None
    after = belonging.settled(member, request.accepted)
    return put(unit, member, after, "转接组织关系" if place else "转接退回", on,
               f"{name_of(unit, member.organisation_id)} → {place.name}" if place else f"未转往{name_of(unit, at)}")


def record_leaving(unit: Unit, request: RecordLeaving) -> MemberView:
    """Off the roll from that day: all grants end with it (X49).  Again: the same answer, whatever the reason given then.

    Refuses a day before something that was done about them as about somebody on the roll.
    """
    member, on = member_here(unit, request.member_id), day(unit, request.happened_on)
    if member.state == "active":
        _nothing_later(unit, member, on)
    after = belonging.left(member, request.because, on)
    return put(unit, member, after, f"离开名册：{LEAVINGS[request.because]}", on, request.note.strip())


def readmit_member(unit: Unit, request: ReadmitMember) -> MemberView:
    """Back on the roll, in this place, with the grant over their own matters and nothing else they once held."""
    member, on = member_here(unit, request.member_id), day(unit, request.happened_on)
    unit.permit(request.organisation_id, member_id=member.id)
    place = place_here(unit, request.organisation_id)
    return put(unit, member, belonging.readmitted(member, place.id), "恢复在册", on, _joined(place.name, request.note))


def merge_members(unit: Unit, request: MergeMembers) -> Merged:
    """One person's second entry goes: what it holds goes over to the kept one, its code leads there.

    Entries that were merged into the second lead to the kept one, too.  The register of both tells it, and so does the
    operation log, at both of their homes.  Again: the same answer.  Refuses two entries with different names.
    """
    kept, second = member_here(unit, request.kept_id), member_here(unit, request.merged_id)
    after = belonging.merged(kept, second, unit.today)
    unit.concern_too(second.id, second.organisation_id)
    if after is not second:
        hand_over(unit, second.id, kept)
        put(unit, second, after, "并入另一名册", unit.today, _joined(f"并入{kept.name}（{kept.code}）", request.note))
        write_down(unit, kept, "合并重复登记", unit.today, _joined(f"{second.code}（{name_of(unit, second.organisation_id)}）并入", request.note))
        unit.remember("roster.member", kept.id, kept.version, "roster.member.absorbed", {"absorbed": second.code})
        for earlier in unit.books.members.merged_into(second.id):
            put(unit, earlier, earlier.told_again(merged_into=kept.id), "并入另一名册", unit.today, f"并入{kept.name}（{kept.code}）")
    return Merged(kept=member_view(kept, name_of(unit, kept.organisation_id)),
                  merged=member_view(after, name_of(unit, after.organisation_id)))


def _nothing_later(unit: Unit, member: Member, on: date) -> None:
    """Refuse a day of leaving before the latest of what is dated about them: acts, positions, assignments, zones, grants given."""
    books = unit.books
    dated = [(member.joined_on, "入党"), (member.full_on, "转正")]
    if (act := books.acts.latest(member.id, UNDATED)) is not None:
        dated.append((act.happened_on, act.act))
    dated += [(one.from_on, f"任{POSITIONS[one.kind]}") for one in books.positions.held_by([member.id])]
    dated += [(one.since, ASSIGNMENT_KINDS[one.kind]) for one in books.assignments.standing_of([member.id])]
    dated += [(zone.since, f"负责“{zone.name}”") for zone in books.zones.at_any(homes(unit, member))
              if zone.active and any(keeper.member_id == member.id for keeper in zone.members)]
    given = [grant for grant in books.grants.held_by([member.id]) if not grant.position_id]
    dated += [(unit.day_of(at), "开通权限") for at in books.grants.given_at([grant.id for grant in given])]
    latest = max(((known, what) for known, what in dated if known is not None), default=None)
    if latest is not None and on < latest[0]:
        raise Incomplete("happened_on", f"{member.name}在 {latest[0]} 还有记录（{latest[1]}），离开日期不能更早，请核对日期；"
                                           "确在那之前离开的，请先结束或更正这一项。")


def _joined(*words: str) -> str:
    return "，".join(word.strip() for word in words if word.strip())
