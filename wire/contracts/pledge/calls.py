"""The calls of pledge: what may be asked of it, by whom, and what it answers."""
from datetime import date, datetime
from decimal import Decimal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.pledge.facts import Commitment, ItemSource, ItemState, PledgeFacts, PledgeForm, PledgeKind, PledgeState
from wire.contracts.shape import bounded, shape, text


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
