"""The facts and calls of pledge: what was promised, and was it done?"""
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.event import Facts, event
from wire.contracts.shape import bounded, shape, text

PledgeKind = Literal["annual", "immediate"]
PledgeForm = Literal["individual", "collective", "with_masses", "organisation"]
Commitment = Literal["written", "oral", "one_sentence", "as_able"]
PledgeState = Literal["drafted", "submitted", "returned", "approved", "signed", "published", "evaluated", "settled",
                      "terminated"]
ItemState = Literal["open", "claimed", "fulfilled"]
ItemSource = Literal["annual_goal", "demand", "rectification", "post", "task", "own"]

KINDS = {"annual": "年度承诺", "immediate": "即时承诺"}
FORMS = {"individual": "个人承诺", "collective": "党员集体承诺", "with_masses": "带领群众共同承诺", "organisation": "党组织承诺"}
COMMITMENTS = {"written": "书面承诺", "oral": "口头承诺", "one_sentence": "一句话承诺", "as_able": "力所能及"}
STATES = {"drafted": "草拟", "submitted": "待审", "returned": "退回完善", "approved": "已审定", "signed": "已定诺",
          "published": "已亮诺", "evaluated": "已评诺", "settled": "已办结", "terminated": "终止"}
ITEM_STATES = {"open": "办理中", "claimed": "待核验", "fulfilled": "已兑现"}
SOURCES = {"annual_goal": "年度目标", "demand": "群众诉求", "rectification": "未完成的整改", "post": "岗位职责",
           "task": "上级任务", "own": "自己提出"}


@shape
class ItemFacts:
    """One promised matter 承诺事项 with its state.  No deadline: long-running 长期.  ``progress`` is a percentage."""

    item_id: str = text(80)
    position: int = bounded(1, 100)
    matter: str = text(500)
    category: str = text(40, default="")
    source: ItemSource = "own"
    measure: str = text(500, default="")
    target: str = text(200, default="")
    responsible: str = text(80)
    deadline_on: date | None = None
    state: ItemState = "open"
    progress: int = bounded(0, 100, default=0)
    note: str = text(1000, default="")
    evidence: str = text(1000, default="")
    claimed_at: datetime | None = None
    fulfilled_at: datetime | None = None
    #: at the end of the period 评诺: fulfilled 已兑现, unfulfilled 未兑现, carried 续办
    verdict: Literal["", "fulfilled", "unfulfilled", "carried"] = ""


@shape
class PledgeFacts(Facts):
    """A pledge 承诺 with its items: the whole shared state.  ``member_id`` empty: the organisation's own pledge."""

    pledge_id: str = text(80)
    number: str = text(40, default="")
    organisation_id: str = text(80)
    member_id: str = text(80, default="")
    pledgor_name: str = text(100)
    year: int = bounded(2000, 2200)
    kind: PledgeKind = "annual"
    form: PledgeForm = "individual"
    commitment: Commitment = "written"
    state: PledgeState
    items: tuple[ItemFacts, ...]
    letter_hash: str = text(64, default="")
    submitted_at: datetime | None = None
    signed_at: datetime | None = None
    published_at: datetime | None = None


@event("pledge.pledge.submitted.v1", key="pledge_id")
class PledgeSubmitted(PledgeFacts):
    """提诺: handed to the reviewing organisation."""


@event("pledge.pledge.returned.v1", key="pledge_id")
class PledgeReturned(PledgeFacts):
    """审诺: returned for improvement, with reasons."""


@event("pledge.pledge.approved.v1", key="pledge_id")
class PledgeApproved(PledgeFacts):
    """审诺: every item has passed every criterion."""


@event("pledge.pledge.signed.v1", key="pledge_id")
class PledgeSigned(PledgeFacts):
    """定诺: the letter has its number and hash."""


@event("pledge.pledge.published.v1", key="pledge_id")
class PledgePublished(PledgeFacts):
    """亮诺: on the public board from now on."""


@event("pledge.pledge.item_progressed.v1", key="pledge_id")
class PledgeItemProgressed(PledgeFacts):
    """践诺: progress of an item was recorded."""


@event("pledge.pledge.item_claimed.v1", key="pledge_id")
class PledgeItemClaimed(PledgeFacts):
    """申请销号: the pledgor says an item is done."""


@event("pledge.pledge.item_fulfilled.v1", key="pledge_id")
class PledgeItemFulfilled(PledgeFacts):
    """销号: an item passed all three gates (F5)."""


@event("pledge.pledge.item_refused.v1", key="pledge_id")
class PledgeItemRefused(PledgeFacts):
    """A gate did not pass: the item is open again."""


@event("pledge.pledge.evaluated.v1", key="pledge_id")
class PledgeEvaluated(PledgeFacts):
    """评诺: each item has its verdict."""


# --- calls -----------------------------------------------------------------------------------------------------------

@shape
class ItemDraft:
    """An item as it is written.  ``item_id`` empty: a new one."""

    item_id: str = text(80, default="")
    matter: str = text(500, least=2, label="承诺事项")
    category: str = text(40, default="", label="类别")
    source: ItemSource = "own"
    measure: str = text(500, default="", label="办法措施")
    target: str = text(200, default="", label="目标")
    responsible: str = text(80, default="", label="责任人")
    deadline_on: date | None = None


@shape
class Hint:
    """起草提示 for one item: a hint, never a refusal."""

    item_id: str
    sentence: str


@shape
class CriterionVerdict:
    criterion: str = text(40)
    met: bool
    note: str = text(500, default="")


@shape
class ItemReview:
    """逐一审查: one item, every criterion, by whom and when."""

    item_id: str
    reviewed_by_name: str
    reviewed_at: datetime
    passed: bool
    verdicts: tuple[CriterionVerdict, ...]


@shape
class HistoryLine:
    at: datetime
    by_name: str
    what: str


@shape
class GateVerdict:
    """三不通过: which of the gates passed, by whom."""

    item_id: str
    solved: bool
    implemented: bool
    satisfied: bool
    note: str
    verified_by_name: str
    verified_at: datetime


@shape
class PledgeView(PledgeFacts):
    """What the people concerned see: the facts, and the review, hints and history around them."""

    organisation_name: str = ""
    returned_because: str = ""
    criteria: tuple[str, ...] = ()
    reviews: tuple[ItemReview, ...] = ()
    gates: tuple[GateVerdict, ...] = ()
    hints: tuple[Hint, ...] = ()
    history: tuple[HistoryLine, ...] = ()


@shape
class LedgerLine:
    """A line of the ledger 践诺台账: one item."""

    pledge_id: str
    item_id: str
    number: str
    pledgor_name: str
    member_id: str
    matter: str
    deadline_on: date | None
    progress: int
    pledge_state: PledgeState
    state: ItemState
    overdue_days: int


@shape
class PledgeLine:
    pledge_id: str
    number: str
    organisation_id: str
    member_id: str
    pledgor_name: str
    year: int
    kind: PledgeKind
    commitment: Commitment
    state: PledgeState
    items: int
    fulfilled: int
    submitted_at: datetime | None
    version: int


@shape
class PledgePage:
    pledges: tuple[PledgeLine, ...]
    next: str


@shape
class Uncovered:
    member_id: str
    name: str


@shape
class Coverage:
    """全覆盖 (A2): who should pledge, who has, and who has not, by name.  兑现率 figures are None where nothing is counted."""

    organisation_id: str
    year: int
    expected: int
    pledged: int
    uncovered: tuple[Uncovered, ...]
    items: int
    due: int
    fulfilled: int
    overdue: int
    long_running: int
    due_fulfilment: Decimal | None
    total_fulfilment: Decimal | None


_AUTHORS = grants(member=Reach.SELF, clerk=Reach.OWN, secretary=Reach.OWN)
_DECIDERS = grants(secretary=Reach.OWN, superior=Reach.BELOW)
_READERS = grants(member=Reach.SELF, clerk=Reach.OWN, secretary=Reach.OWN, superior=Reach.WITHIN, liaison=Reach.WITHIN,
                  office=Reach.WITHIN, auditor=Reach.WITHIN)
_STAFF = grants(clerk=Reach.OWN, secretary=Reach.OWN, superior=Reach.WITHIN, liaison=Reach.WITHIN, office=Reach.WITHIN,
                auditor=Reach.WITHIN)


@call("pledge.draft", reply=PledgeView, grants=_AUTHORS, writes=True)
class DraftPledge:
    """Begin a pledge.  ``member_id`` empty: the organisation's own.  A clerk drafts on behalf (代录), both names are kept."""

    organisation_id: str = text(80)
    member_id: str = text(80, default="")
    year: int = bounded(2000, 2200)
    kind: PledgeKind = "annual"
    form: PledgeForm = "individual"
    commitment: Commitment = "written"
    items: tuple[ItemDraft, ...] = ()


@call("pledge.save_draft", reply=PledgeView, grants=_AUTHORS, writes=True)
class SaveDraft:
    """Replace the items of a draft or of a returned pledge; ``version`` is the one that was read."""

    pledge_id: str = text(80)
    version: int
    commitment: Commitment = "written"
    items: tuple[ItemDraft, ...]


@call("pledge.submit", reply=PledgeView, grants=_AUTHORS, writes=True)
class SubmitPledge:
    pledge_id: str = text(80)


@call("pledge.review_item", reply=PledgeView, grants=_DECIDERS, writes=True, not_own=True)
class ReviewItem:
    """One item against every criterion of the policy (C4, C8).  Again: the later verdict replaces the earlier."""

    pledge_id: str = text(80)
    item_id: str = text(80)
    verdicts: tuple[CriterionVerdict, ...]


@call("pledge.approve", reply=PledgeView, grants=_DECIDERS, writes=True, not_own=True)
class ApprovePledge:
    """审定: refused until every item has passed every criterion."""

    pledge_id: str = text(80)


@call("pledge.return", reply=PledgeView, grants=_DECIDERS, writes=True, not_own=True)
class ReturnPledge:
    pledge_id: str = text(80)
    reason: str = text(1000, least=2, label="退回理由")


@call("pledge.sign", reply=PledgeView, grants=_DECIDERS, writes=True)
class SignPledge:
    """定诺: number and hash.  Again: the same number."""

    pledge_id: str = text(80)


@shape
class Published:
    published: int
    already: int


@call("pledge.publish", reply=Published, grants=_DECIDERS, writes=True)
class PublishPledges:
    """亮诺, up to 200 at once, all or none.  Again: already published ones are counted and nothing is announced."""

    pledge_ids: tuple[str, ...]


@call("pledge.record_progress", reply=PledgeView, grants=_AUTHORS, writes=True)
class RecordProgress:
    pledge_id: str = text(80)
    item_id: str = text(80)
    progress: int = bounded(0, 100, label="进度")
    note: str = text(1000, default="", label="进展")


@call("pledge.claim_item", reply=PledgeView, grants=_AUTHORS, writes=True)
class ClaimItem:
    """申请销号 with evidence 佐证."""

    pledge_id: str = text(80)
    item_id: str = text(80)
    evidence: str = text(1000, least=2, label="佐证说明")


@call("pledge.verify_item", reply=PledgeView, grants=_DECIDERS, writes=True, not_own=True)
class VerifyItem:
    """三不通过 (F5): all three gates pass: 已销号; any one does not: open again, with the note.  Never by the pledgor."""

    pledge_id: str = text(80)
    item_id: str = text(80)
    solved: bool
    implemented: bool
    satisfied: bool
    note: str = text(500, default="", label="核验意见")


@call("pledge.read", reply=PledgeView, grants=_READERS)
class ReadPledge:
    pledge_id: str = text(80)


@call("pledge.list", reply=PledgePage, grants=_READERS)
class ListPledges:
    """Pledges of one organisation (``below``: and of those below it) by state; a member sees only their own."""

    organisation_id: str = text(80)
    member_id: str = text(80, default="")
    year: int = bounded(2000, 2200)
    state: str = text(20, default="")
    below: bool = False
    after: str = text(200, default="")
    limit: int = bounded(1, 500, default=100)


@call("pledge.ledger", reply=tuple[LedgerLine, ...], grants=_STAFF)
class ReadLedger:
    """践诺台账 of one organisation and year, item by item."""

    organisation_id: str = text(80)
    year: int = bounded(2000, 2200)


@call("pledge.coverage", reply=Coverage, grants=_STAFF)
class ReadCoverage:
    organisation_id: str = text(80)
    year: int = bounded(2000, 2200)
