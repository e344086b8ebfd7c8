"""One of each special member of the roll: floating in the county and outside it, out of reach, between two places, reported to a
community, an activist, a cadre who is no member, one under correction, one who left, and one who was entered twice."""
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from deploy.demo import county
from wire.contracts.actor import Actor
from wire.contracts.roster import (
    BeginTransfer, ConfirmResidence, CorrectMember, MemberView, MergeMembers, RecordLeaving, RecordWhereabouts, RegisterMember,
    ReportResidence, SetStanding, ShowNameplate,
)

HOME, INFLOW, COMMUNITY = "YL-SQ-YT", "YL-CY", "YL-QX-TA"
#: what is done about each, in order; every name is made up and nobody else's
NAMES = ("段听雨", "余望舒", "尹怀瑾", "蓝若谷", "程知雨", "岳临风", "苏念安", "方既白", "宋时安", "宋时安")


def enter(ask: Callable[[Actor, Any], Any], office: Actor, organisations: dict[str, str], today: date) -> None:
    """Enter them in one village and let happen to each what makes them special."""
    home, before = organisations[HOME], today - timedelta(days=40)
    chance = random.Random(county.SEED)

    def entered(number: int, **more: Any) -> str:
        joined = None if more.get("kind") in ("activist", "cadre") else date(chance.randint(1985, 2015), chance.randint(1, 12), 1)
        view: MemberView = ask(office, RegisterMember(**{
            "organisation_id": home, "code": f"{HOME}-T{number:02d}", "name": NAMES[number], "joined_on": joined} | more))
        return view.member_id

    inside, outside, lost, between, reported = (entered(n) for n in range(5))
    ask(office, RecordWhereabouts(member_id=inside, whereabouts="inflow", inflow_id=organisations[INFLOW], happened_on=before))
    ask(office, RecordWhereabouts(member_id=outside, whereabouts="outside", outside_place="外省务工", lacks=("life", "role"), happened_on=before))
    ask(office, RecordWhereabouts(member_id=lost, whereabouts="unreachable", happened_on=before))
    ask(office, BeginTransfer(member_id=between, organisation_id=organisations[COMMUNITY], happened_on=before))
    ask(office, ReportResidence(member_id=reported, residence_id=organisations[COMMUNITY], happened_on=before))
    ask(office, ConfirmResidence(member_id=reported))
    entered(5, kind="activist")
    entered(6, kind="cadre", post="村医")
    correcting = entered(7, post_kind="without")
    ask(office, CorrectMember(member_id=correcting, name=NAMES[7], post_kind="without", duty="政策宣传岗", joined_on=before))
    ask(office, SetStanding(member_id=correcting, standing="correcting", happened_on=before, note="民主评议决定，半年内改正"))
    kept, second = entered(8), entered(9)
    ask(office, ShowNameplate(member_id=kept, happened_on=before))
    ask(office, MergeMembers(kept_id=kept, merged_id=second, note="核对后是同一个人"))
    gone = ask(office, RegisterMember(organisation_id=home, code=f"{HOME}-T10", name="柯远山", joined_on=date(1978, 7, 1))).member_id
    ask(office, RecordLeaving(member_id=gone, because="moved_out", happened_on=before, note="随子女迁往外县"))
