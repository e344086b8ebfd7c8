"""A member 党员, or somebody who takes part without being one: 预备党员, 入党积极分子, 非党干部."""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.roster.domain.refusals import Incomplete, NoSuchStep, OffTheRoll
from services.roster.domain.versioned import Versioned

#: kind -> the kind it comes from, and the date that is set by the step
STEPS = {"activist": ("cadre", ""), "probationary": ("activist", "joined_on"), "member": ("probationary", "full_on")}
LEADER, WITHOUT = "leader", "without"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Versioned):
    """No phone number, no identity number.  ``sort_key`` orders by surname; ``initials`` finds by pinyin.

    What the other fields mean is said where they are told: ``wire.contracts.roster.MemberFacts``.
    """

    id: str
    code: str
    name: str
    sort_key: str
    initials: str
    kind: str
    organisation_id: str
    post: str = ""
    post_kind: str = "staff"
    joined_on: date | None = None
    state: str = "active"
    rank: str = ""
    duty: str = ""
    full_on: date | None = None
    nameplate_on: date | None = None
    standing: str = "normal"
    standing_on: date | None = None
    whereabouts: str = "home"
    whereabouts_on: date | None = None
    inflow_id: str = ""
    outside_place: str = ""
    lacks: tuple[str, ...] = ()
    residence_id: str = ""
    residence_on: date | None = None
    residence_confirmed_on: date | None = None
    transfer_to_id: str = ""
    transfer_on: date | None = None
    left_on: date | None = None
    left_because: str = ""
    merged_into: str = ""

    def on_the_roll(self) -> "Member":
        """Themselves; refused for somebody who left it."""
        if self.state != "active":
            raise OffTheRoll(self.name)
        return self

    def advanced(self, kind: str, on: date, labels: Mapping[str, str]) -> "Member":
        """One step on 发展、转正, from that day; the step that was taken already changes nothing."""
        if kind == self.kind:
            return self
        before, dated = STEPS[kind]
        if self.kind != before:
            raise NoSuchStep(self.name, labels[self.kind], labels[kind])
        if self.joined_on is not None and dated == "full_on" and on < self.joined_on:
            raise Incomplete("happened_on", "转正日期不能早于入党日期，请核对。")
        return self.told_again(kind=kind, **({dated: on} if dated else {}))

    def standing_as(self, standing: str, on: date) -> "Member":
        """Recorded from that day; the same standing again keeps its day."""
        if standing == self.standing:
            return self
        return self.told_again(standing=standing, standing_on=None if standing == "normal" else on)

    def showing(self, shown: bool, on: date) -> "Member":
        """挂牌亮身份 from that day on, or no longer; one that is shown keeps its day."""
        if shown and self.nameplate_on is not None:
            return self
        return self.told_again(nameplate_on=on if shown else None)


def fitting_post(post_kind: str, rank: str, duty: str) -> None:
    """A rank is a leading cadre's, an assigned duty 设岗定责 that of somebody without a post (A10, A12)."""
    if rank and post_kind != LEADER:
        raise Incomplete("rank", "职级只填领导干部的：请把岗位类别改为领导干部，或清空职级。")
    if duty and post_kind != WITHOUT:
        raise Incomplete("duty", "设岗定责只填无职党员的：请把岗位类别改为无职党员，或清空设岗定责。")
