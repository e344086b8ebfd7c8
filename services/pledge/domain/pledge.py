"""A pledge 承诺 and its states: drafted → submitted → approved → signed → published → evaluated, or returned on the way.

A pledge is a value: each verb answers the pledge as it is afterwards, ``version`` one higher, or the very same object
when it was so already.  So a second call is harmless, and what changed is seen by comparing two of them.
"""
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.pledge.domain.item import Gates, Item, Outcome
from services.pledge.domain.policy import DraftingPolicy, ReviewPolicy
from services.pledge.domain.refusals import AlreadyPledged, Incomplete, NotReady, NotYours, UnknownItem
from services.pledge.domain.review import Review, demand_passed

EDITABLE = ("drafted", "returned")
FORWARD = ("submitted", "approved", "signed", "published", "evaluated", "settled")
#: from 定诺 on somebody has pledged, and the pledge stands in the ledger
STANDING = ("signed", "published", "evaluated", "settled")
#: what the public sees
PUBLIC = ("published", "evaluated", "settled")
NAMES = {"drafted": "草拟", "submitted": "待审", "returned": "退回完善", "approved": "已审定", "signed": "已定诺",
         "published": "已亮诺", "evaluated": "已评诺", "settled": "已办结", "terminated": "终止"}


def demand_room(year: int, others: Sequence[str], policy: DraftingPolicy, place: str = "") -> None:
    """Refuse one more annual pledge than the policy allows; ``others``: the states of the pledgor's others of the year;
    ``place``: the name of the organisation the last of them was made in, where it is another.

    Else whoever evaluates could choose which of them counts.
    """
    if len(others) >= policy.annual_pledges:
        where = f"已经在{place}有" if place else "已经有"
        raise AlreadyPledged(f"{year} 年度{where}一份年度承诺（{NAMES[others[-1]]}），请打开那一份继续办理；"
                             "阶段性、临时性的工作请改选“即时承诺”。", errors={"kind": ["这个年度已有年度承诺。"]})


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides about a pledge; ``above``: with a grant over an organisation above the pledge's."""

    member_id: str
    above: bool


@dataclass(frozen=True, slots=True)
class Pledge:
    """``member_id`` empty: the organisation's own pledge.  ``evaluation_*``: the newest evaluation heard of it."""

    id: str
    organisation_id: str
    member_id: str
    pledgor_name: str
    year: int
    kind: str
    form: str
    commitment: str
    state: str = "drafted"
    number: str = ""
    letter_hash: str = ""
    returned_because: str = ""
    submitted_at: datetime | None = None
    signed_at: datetime | None = None
    published_at: datetime | None = None
    evaluation_id: str = ""
    evaluation_epoch: int = 0
    evaluation_version: int = 0
    version: int = 1
    items: tuple[Item, ...] = ()

    # --- 提诺 ---------------------------------------------------------------------------------------------------------

    def rewritten(self, commitment: str, items: Sequence[Item]) -> "Pledge":
        """Replace the items of a draft or of a returned pledge; the same again changes nothing."""
        if self.state not in EDITABLE:
            raise NotReady(f"这份承诺{NAMES[self.state]}，不能再改。需要修改的，请审诺人先退回完善。")
        if (commitment, tuple(items)) == (self.commitment, self.items):
            return self
        return self._changed(commitment=commitment, items=tuple(items))

    def submitted(self, at: datetime, policy: DraftingPolicy) -> "Pledge":
        """Hand it to the reviewing organisation.  Refuses one without items, or an item nobody answers for (B7, E3)."""
        if self.state in FORWARD:
            return self
        self._demand(*EDITABLE, then="请先恢复为草拟再提交。")
        if not self.items:
            raise Incomplete("还没有承诺事项，请至少写一项再提交。", errors={"items": ["请至少写一项。"]})
        if len(self.items) > policy.most_items:
            raise Incomplete(f"承诺事项最多 {policy.most_items} 项，请精简后提交。", errors={"items": ["事项过多，请精简。"]})
        nobody = {str(i): {"responsible": ["请填写责任人。"]} for i, item in enumerate(self.items) if not item.responsible.strip()}
        if nobody:
            raise Incomplete("每一项都要有责任人，请补上后提交。", errors={"items": nobody})
        return self._changed(state="submitted", submitted_at=at, returned_because="")

    # --- 审诺 ---------------------------------------------------------------------------------------------------------

    def looked_at(self, item_id: str) -> "Pledge":
        """One of its items was reviewed: the version moves, so that nobody approves what they did not see."""
        self.item(item_id)
        self._demand("submitted", then="只有待审的承诺才能审查，请刷新页面查看当前状态。")
        return self._changed()

    def approved(self, reviews: Iterable[Review], policy: ReviewPolicy, *, leader: bool = False) -> "Pledge":
        """审定: refused until every item has passed every criterion (C8); ``leader``: of a leading cadre's pledge (A12)."""
        if self.state in FORWARD[1:]:
            return self
        self._demand("submitted", then="请等承诺人提交后再审定。")
        demand_passed(self.items, reviews, policy, leader=leader)
        return self._changed(state="approved")

    def returned(self, reason: str) -> "Pledge":
        """退回完善 with the reason (C5).  The same reason again changes nothing."""
        if self.state == "returned" and reason == self.returned_because:
            return self
        self._demand("submitted", then="只有待审的承诺才能退回，请刷新页面查看当前状态。")
        return self._changed(state="returned", returned_because=reason)

    # --- 定诺、亮诺 ----------------------------------------------------------------------------------------------------

    @property
    def needs_signing(self) -> bool:
        """Whether ``signed`` would change anything; refuses a pledge that is not approved."""
        if self.state in STANDING:
            return False
        self._demand("approved", then="请先逐项审查并审定，再定诺。")
        return True

    def signed(self, number: str, letter_hash: str, at: datetime) -> "Pledge":
        """定诺: the letter has its number and digest.  Again: the same number stays."""
        if not self.needs_signing:
            return self
        return self._changed(state="signed", number=number, letter_hash=letter_hash, signed_at=at)

    def published(self, at: datetime) -> "Pledge":
        """亮诺: on the public board from now on.  Again: nothing."""
        if self.state in PUBLIC:
            return self
        if self.state != "signed":
            raise NotReady(f"{self.pledgor_name}的承诺{NAMES[self.state]}，还不能公示，请先定诺。")
        return self._changed(state="published", published_at=at)

    # --- 践诺 ---------------------------------------------------------------------------------------------------------

    def progressed(self, item_id: str, progress: int, note: str) -> "Pledge":
        return self._in_progress(item_id, lambda item: item.progressed(progress, note))

    def claimed(self, item_id: str, evidence: str, at: datetime) -> "Pledge":
        return self._in_progress(item_id, lambda item: item.claimed(evidence, at))

    def verified(self, gates: Gates, on: date) -> "Pledge":
        """三不通过 (F5) for one item; ``on`` is the county's date."""
        return self._in_progress(gates.item_id, lambda item: item.verified(gates, gates.verified_at, on))

    # --- 评诺 ---------------------------------------------------------------------------------------------------------

    def evaluated(self, evaluation_id: str, edition: tuple[int, int], outcomes: Mapping[str, Outcome]) -> "Pledge":
        """Each item gets its verdict.  A repeat, an older edition, or another evaluation than the one that stands: nothing."""
        if not self._hears(evaluation_id, edition) or self.state not in ("published", "evaluated"):
            return self
        items = tuple(replace(item, verdict=outcomes.get(item.id, "")) for item in self.items)
        return self._changed(state="evaluated", items=items, **_heard(evaluation_id, edition))

    def evaluation_retracted(self, evaluation_id: str, edition: tuple[int, int]) -> "Pledge":
        """The evaluation was taken back: published again, without verdicts.  Older completions stay without effect."""
        if not self._hears(evaluation_id, edition) or self.state not in ("published", "evaluated"):
            return self
        items = tuple(replace(item, verdict="") for item in self.items)
        return self._changed(state="published", items=items, **_heard(evaluation_id, edition))

    def _hears(self, evaluation_id: str, edition: tuple[int, int]) -> bool:
        if evaluation_id == self.evaluation_id:
            return edition > (self.evaluation_epoch, self.evaluation_version)
        return self.state != "evaluated"

    # --- who and what -------------------------------------------------------------------------------------------------

    def demand_decider(self, decider: Decider) -> None:
        """Refuse the pledgor, and for an organisation's own pledge everybody who does not stand above it (C1)."""
        if self.member_id and self.member_id == decider.member_id:
            raise NotYours("这是您本人的承诺，请由上级党组织或其他负责同志办理。")
        if not self.member_id and not decider.above:
            raise NotYours("党组织自己的承诺由上级党组织审定，请联系上级党组织办理。")

    def item(self, item_id: str) -> Item:
        for item in self.items:
            if item.id == item_id:
                return item
        raise UnknownItem

    def _in_progress(self, item_id: str, change: Callable[[Item], Item]) -> "Pledge":
        before = self.item(item_id)
        self._demand("published", then="只有已亮诺、还没有评诺的承诺才能填进展和销号。")
        after = change(before)
        if after is before:
            return self
        return self._changed(items=tuple(after if item is before else item for item in self.items))

    def _demand(self, *states: str, then: str) -> None:
        if self.state not in states:
            raise NotReady(f"这份承诺目前是“{NAMES[self.state]}”。{then}")

    def _changed(self, **changes: Any) -> "Pledge":
        return replace(self, version=self.version + 1, **changes)


def _heard(evaluation_id: str, edition: tuple[int, int]) -> dict[str, Any]:
    return {"evaluation_id": evaluation_id, "evaluation_epoch": edition[0], "evaluation_version": edition[1]}
