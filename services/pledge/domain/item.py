"""One promised matter 承诺事项: as it is written, and its way from open over claimed to fulfilled.

An item is open 办理中 until its pledgor claims it done 申请销号; a verifier lets it through the three gates of F5 or opens
it again.  Whether it is overdue is derived from the deadline, never stored.
"""
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.pledge.domain.refusals import Incomplete, NotReady

#: at the end of the period 评诺: 已兑现, 未兑现, 续办; empty: not evaluated
Outcome = Literal["", "fulfilled", "unfulfilled", "carried"]


@dataclass(frozen=True, slots=True)
class Item:
    """The matter, who answers for it and by when; no deadline: long-running 长期.  ``fulfilled_on`` is the county's date."""

    id: str
    position: int
    matter: str
    category: str = ""
    source: Literal["annual_goal", "demand", "rectification", "post", "task", "own"] = "own"
    measure: str = ""
    target: str = ""
    responsible: str = ""
    deadline_on: date | None = None
    state: Literal["open", "claimed", "fulfilled"] = "open"
    progress: int = 0
    note: str = ""
    evidence: str = ""
    claimed_at: datetime | None = None
    fulfilled_at: datetime | None = None
    fulfilled_on: date | None = None
    verdict: Outcome = ""
    #: the organisation's item it serves 承诺衔接 (A13), and the pledge that holds it
    serves_pledge_id: str = ""
    serves_item_id: str = ""

    def says_the_same(self, other: "Item") -> bool:
        """Whether both promise the same, so that a review of one still holds for the other."""
        return self._promise() == other._promise()

    def _promise(self) -> tuple:
        return (self.matter, self.category, self.source, self.measure, self.target, self.responsible, self.deadline_on,
                self.serves_item_id)

    def progressed(self, progress: int, note: str) -> "Item":
        """Record progress in per cent.  The same again changes nothing.  Refused while claimed and once fulfilled."""
        if self.state == "claimed":
            raise NotReady("这一项已申请销号，正在等待核验，核验后才能再填进展。")
        if self.state == "fulfilled":
            raise NotReady("这一项已经销号，不用再填进展。")
        if (progress, note) == (self.progress, self.note):
            return self
        return replace(self, progress=progress, note=note)

    def claimed(self, evidence: str, at: datetime) -> "Item":
        """申请销号 with evidence 佐证.  The same evidence again changes nothing; refused once fulfilled."""
        if self.state == "fulfilled":
            raise NotReady("这一项已经销号，不用再次申请。")
        if self.state == "claimed":
            if evidence == self.evidence:
                return self
            raise NotReady("这一项已申请销号，正在等待核验；要补充佐证，请联系核验人退回后再申请。")
        return replace(self, state="claimed", evidence=evidence, claimed_at=at)

    def verified(self, gates: "Gates", at: datetime, on: date) -> "Item":
        """三不通过 (F5): all three gates pass: fulfilled 已销号; one does not: open again, with the verifier's note.

        Passing again what is fulfilled changes nothing.  Refused without a claim, and without a note where a gate fails.
        """
        if self.state == "fulfilled" and gates.passed:
            return self
        if self.state != "claimed":
            raise NotReady("这一项没有待核验的销号申请，请先由承诺人申请销号。")
        if gates.passed:
            return replace(self, state="fulfilled", progress=100, fulfilled_at=at, fulfilled_on=on)
        if not gates.note.strip():
            raise Incomplete("未通过的要写明原因，承诺人才知道怎么改。", errors={"note": ["请写明哪里没有做到。"]})
        return replace(self, state="open", note=gates.note, claimed_at=None)

    @property
    def counts_as_fulfilled(self) -> bool:
        """By its verdict 评诺 once there is one, until then while it is 已销号."""
        return self.verdict == "fulfilled" if self.verdict else self.state == "fulfilled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """The three gates of F5: problem solved, implemented, masses satisfied; and who looked."""

    item_id: str
    solved: bool
    implemented: bool
    satisfied: bool
    note: str
    verified_by: str
    verified_by_name: str
    verified_at: datetime

    @property
    def passed(self) -> bool:
        return self.solved and self.implemented and self.satisfied
