"""A member's life: what can be done about an entry of the roll, and who may do it."""
from datetime import date
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.roster.members import (
    Lack, MemberKind, MemberView, PostKind, Rank, Standing, Whereabouts,
)
from wire.contracts.shape import bounded, shape, text

#: the branch writes down what is so
KEEP = grants(clerk=Reach.OWN, secretary=Reach.OWN, superior=Reach.WITHIN, office=Reach.WITHIN)
#: the branch decides
DECIDE = grants(secretary=Reach.OWN, superior=Reach.WITHIN, office=Reach.WITHIN)
#: decided above the branch
ABOVE = grants(superior=Reach.WITHIN, office=Reach.WITHIN)


@call("roster.register_member", reply=MemberView, grants=ABOVE, writes=True)
class RegisterMember:
    """Enter one person in the roll.  Refuses a code somebody has: the sentence says who."""

    organisation_id: str = text(80, label="所在党组织")
    code: str = text(40, least=1, label="编号")
    name: str = text(40, least=1, label="姓名")
    kind: MemberKind = "member"
    post: str = text(200, label="职务", default="")
    post_kind: PostKind = "staff"
    rank: Rank = ""
    duty: str = text(100, label="设岗定责", default="")
    joined_on: date | None = None


@call("roster.correct_member", reply=MemberView, grants=KEEP, writes=True)
class CorrectMember:
    """Say anew what the entry says.  ``version``: what was read, 0 for whatever stands; the same again changes nothing."""

    member_id: str = text(80)
    version: int = bounded(0, 2**31, default=0)
    name: str = text(80, least=1, label="姓名")
    post: str = text(200, label="职务", default="")
    post_kind: PostKind = "staff"
    rank: Rank = ""
    duty: str = text(100, label="设岗定责", default="")
    joined_on: date | None = None


@call("roster.advance_member", reply=MemberView, grants=ABOVE, writes=True, not_own=True)
class AdvanceMember:
    """An activist is taken in as a probationary member, a probationary one becomes full 转正, from that day on."""

    member_id: str = text(80)
    kind: Literal["activist", "probationary", "member"]
    happened_on: date | None = None
    note: str = text(200, label="依据", default="")


@call("roster.set_standing", reply=MemberView, grants=DECIDE, writes=True, not_own=True)
class SetStanding:
    """Record 限期改正, 劝其退党 … or that all is normal again (H7).  It is decided elsewhere; the reason is kept here."""

    member_id: str = text(80)
    standing: Standing
    happened_on: date | None = None
    note: str = text(200, label="原因", default="")


@call("roster.show_nameplate", reply=MemberView, grants=KEEP, writes=True)
class ShowNameplate:
    """挂牌亮身份: the nameplate is shown from that day on, or taken down."""

    member_id: str = text(80)
    shown: bool = True
    happened_on: date | None = None


@call("roster.record_whereabouts", reply=MemberView, grants=KEEP, writes=True)
class RecordWhereabouts:
    """流动 (A7): into an organisation of the county, out of the county, out of reach, or back home; with what they lack (A21)."""

    member_id: str = text(80)
    whereabouts: Whereabouts
    inflow_id: str = text(80, label="流入地党组织", default="")
    outside_place: str = text(100, label="县外去向", default="")
    lacks: tuple[Lack, ...] = ()
    happened_on: date | None = None


@call("roster.report_residence", reply=MemberView, grants=KEEP, writes=True)
class ReportResidence:
    """双报到 (A9): the member reports to their community's branch; empty takes the report back.  A new report waits for its word."""

    member_id: str = text(80)
    residence_id: str = text(80, label="居住地党组织", default="")
    happened_on: date | None = None


@call("roster.confirm_residence", reply=MemberView, grants=DECIDE, writes=True)
class ConfirmResidence:
    """The community's branch confirms who reported to it; from then on they make their second pledge there."""

    member_id: str = text(80)
    happened_on: date | None = None


@call("roster.move_member", reply=MemberView, grants=ABOVE, writes=True)
class MoveMember:
    """转接 at once, by whoever reaches both branches.  Ends a transfer under way."""

    member_id: str = text(80)
    organisation_id: str = text(80, label="转入党组织")
    happened_on: date | None = None
    note: str = text(200, label="说明", default="")


@call("roster.begin_transfer", reply=MemberView, grants=DECIDE, writes=True)
class BeginTransfer:
    """关系接转中: sent by the branch, not yet taken in by the other; until then the member belongs where they were."""

    member_id: str = text(80)
    organisation_id: str = text(80, label="转入党组织")
    happened_on: date | None = None


@call("roster.settle_transfer", reply=MemberView, grants=DECIDE, writes=True)
class SettleTransfer:
    """The receiving branch takes the member in, or sends them back; the sending branch may take the letter back."""

    member_id: str = text(80)
    accepted: bool = True
    happened_on: date | None = None


@call("roster.record_leaving", reply=MemberView, grants=ABOVE, writes=True, not_own=True)
class RecordLeaving:
    """Off the roll: everything they hold ends with it.  Again: the same answer."""

    member_id: str = text(80)
    because: Literal["died", "expelled", "removed", "persuaded", "withdrew", "moved_out", "by_mistake"]
    happened_on: date | None = None
    note: str = text(200, label="说明", default="")


@call("roster.readmit_member", reply=MemberView, grants=ABOVE, writes=True, not_own=True)
class ReadmitMember:
    """Back on the roll: returned to the county, or left it by mistake.  Nothing they held before comes back by itself."""

    member_id: str = text(80)
    organisation_id: str = text(80, label="所在党组织")
    happened_on: date | None = None
    note: str = text(200, least=2, label="原因")


@shape
class Merged:
    kept: MemberView
    merged: MemberView


@call("roster.merge_members", reply=Merged, grants=ABOVE, writes=True, not_own=True)
class MergeMembers:
    """One person entered twice: the second entry leaves the roll, its positions and grants go over to the one that is kept, and
    its code leads there.  What other services attributed to the second entry stays as it was written."""

    kept_id: str = text(80, label="保留的")
    merged_id: str = text(80, label="并入的")
    note: str = text(200, label="依据", default="")
