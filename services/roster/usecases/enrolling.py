"""Entering a member by hand, correcting the entry, and the steps to full membership 转正."""
from services.roster.domain import joining, reading
from services.roster.domain.member import Member, fitting_post
from services.roster.domain.policy import RollPolicy
from services.roster.domain.refusals import Incomplete, MemberCodeTaken
from services.roster.names import pinyin
from services.roster.usecases.finding import day, member_here, name_of, place_here, read
from services.roster.usecases.following import put, put_many, write_down
from services.roster.usecases.telling import member_view
from wire.contracts.calls import Stale
from wire.contracts.ports import Unit
from wire.contracts.roster import MEMBER_KINDS, AdvanceMember, CorrectMember, MemberView, RegisterMember, SetStanding, ShowNameplate
from wire.contracts.roster import STANDINGS

CHANGED = "这名党员的资料在您填写期间被改动过。您填写的内容没有丢失，请对照最新内容核对后再保存。"


def register_member(unit: Unit, request: RegisterMember) -> MemberView:
    """Enter one person, with the grant over their own matters and no other.

    Refuses a code somebody has, be it an entry that was merged, and a place that has no members of its own.
    """
    unit.books.organisations.root(hold=True)
    unit.permit(request.organisation_id)
    place = place_here(unit, request.organisation_id)
    code = read("code", reading.code, request.code)
    if (holder := unit.books.members.by_codes([code]).get(code)) is not None:
        raise MemberCodeTaken(code, f"{holder.name}（{name_of(unit, holder.organisation_id)}）")
    name = read("name", reading.name, request.name)
    sort_key, initials = pinyin(name)
    fitting_post(request.post_kind, request.rank, request.duty.strip())
    member = Member(
        id=unit.new_id("mem"), code=code, name=name, sort_key=sort_key, initials=initials, kind=request.kind, organisation_id=place.id,
        post=read("post", reading.title, request.post, label="职务", least=0, limit=60), post_kind=request.post_kind, rank=request.rank,
        duty=request.duty.strip(), joined_on=request.joined_on and day(unit, request.joined_on, "joined_on"))
    _fitting_date(unit, member)
    put_many(unit, [member], [])
    write_down(unit, member, "登记", unit.today, place.name)
    return member_view(member, place.name)


def correct_member(unit: Unit, request: CorrectMember) -> MemberView:
    """Say anew what the entry says; the same again changes nothing.  Raises Stale when somebody changed it after ``version``."""
    member = member_here(unit, request.member_id).on_the_roll()
    if request.version and request.version != member.version:
        raise Stale(CHANGED, errors={"version": [str(member.version)]})
    name = read("name", reading.name, request.name)
    sort_key, initials = pinyin(name)
    duty = request.duty.strip()
    fitting_post(request.post_kind, request.rank, duty)
    after = member.told_again(
        name=name, sort_key=sort_key, initials=initials, post_kind=request.post_kind, rank=request.rank, duty=duty,
        post=read("post", reading.title, request.post, label="职务", least=0, limit=60),
        joined_on=request.joined_on and day(unit, request.joined_on, "joined_on"))
    if after.joined_on != member.joined_on:
        _fitting_date(unit, after)
    return put(unit, member, after, "更正资料", unit.today)


def _fitting_date(unit: Unit, member: Member) -> None:
    """Refuses a joining date nobody of this kind can have."""
    rules = unit.policy(RollPolicy, member.organisation_id)
    if odd := joining.cannot_be(member.kind, member.joined_on, unit.today, rules, MEMBER_KINDS):
        raise Incomplete("joined_on", odd)


def advance_member(unit: Unit, request: AdvanceMember) -> MemberView:
    """入党、转正 from that day on; a step that was taken already changes nothing, a step over another is refused.

    The day of 入党 may be long past: old steps are entered one after the other, and 转正 has not been said yet.
    """
    member, on = member_here(unit, request.member_id).on_the_roll(), day(unit, request.happened_on)
    after = member.advanced(request.kind, on, MEMBER_KINDS)
    return put(unit, member, after, f"转为{MEMBER_KINDS[request.kind]}", on, request.note.strip())


def set_standing(unit: Unit, request: SetStanding) -> MemberView:
    """限期改正, 劝其退党 … as decided elsewhere; the reason stays in the register and travels nowhere (H7)."""
    member, on = member_here(unit, request.member_id).on_the_roll(), day(unit, request.happened_on)
    note = read("note", reading.title, request.note, label="原因", least=0 if request.standing == "normal" else 2, limit=200)
    return put(unit, member, member.standing_as(request.standing, on), STANDINGS[request.standing], on, note)


def show_nameplate(unit: Unit, request: ShowNameplate) -> MemberView:
    """挂牌亮身份 from that day on, or taken down; every change a line of the register (form-2)."""
    member, on = member_here(unit, request.member_id).on_the_roll(), day(unit, request.happened_on)
    return put(unit, member, member.showing(request.shown, on), "挂牌亮身份" if request.shown else "摘牌", on)
