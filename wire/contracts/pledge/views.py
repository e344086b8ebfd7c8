"""What pledge is told and answers: drafts, views, lines and figures."""
from datetime import date, datetime
from decimal import Decimal

from wire.contracts.pledge.facts import Commitment, ItemSource, ItemState, PledgeFacts, PledgeKind, PledgeState
from wire.contracts.shape import shape, text


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
    #: the item of an organisation's pledge it serves (A13), empty for none
    serves_item_id: str = text(80, default="", label="支撑")


@shape
class ServedItem:
    """The organisation's item that an item of this pledge serves (A13), as it stands now."""

    item_id: str
    serves_pledge_id: str
    serves_item_id: str
    organisation_id: str
    organisation_name: str
    matter: str
    deadline_on: date | None
    state: ItemState
    progress: int
    verdict: str = ""


@shape
class Hint:
    """起草提示 for one item, or with no ``item_id`` for the pledge as a whole: a hint, never a refusal."""

    item_id: str
    sentence: str


@shape
class Pledgor:
    """The member who pledges, as the roll has them now: ``post_kind``, ``rank`` and ``whereabouts`` by the words of roster, where
    they belong, and where in the county they floated to."""

    member_id: str = ""
    post: str = ""
    post_kind: str = ""
    rank: str = ""
    duty: str = ""
    whereabouts: str = "home"
    home_id: str = ""
    home_name: str = ""
    inflow_name: str = ""


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
    #: what it did to which item
    detail: str = ""
    #: the one it was done for (代录), empty where somebody acted for themselves
    on_behalf_of: str = ""


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
    """What the people concerned see: the facts, and the review, hints and history around them.

    ``pledgor``: None for an organisation's own.  ``criteria``: what each item is held to now, a leading cadre's to more (A12).
    """

    organisation_name: str = ""
    returned_because: str = ""
    criteria: tuple[str, ...] = ()
    reviews: tuple[ItemReview, ...] = ()
    gates: tuple[GateVerdict, ...] = ()
    hints: tuple[Hint, ...] = ()
    history: tuple[HistoryLine, ...] = ()
    due_soon_days: int = 30
    pledgor: Pledgor | None = None
    #: which organisations' items its own serve
    serves: tuple[ServedItem, ...] = ()


@shape
class LetterView:
    """The letter 《公开承诺书》 as it was signed: ``letter_hash`` is the SHA-256 of the UTF-8 bytes of ``text``."""

    pledge_id: str
    number: str
    text: str
    letter_hash: str
    copies: tuple[str, ...]
    signed_by_name: str
    signed_at: datetime


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
    #: at the end of the period 评诺, as on the item itself
    verdict: str = ""
    organisation_id: str = ""
    #: whether the deadline counts; not for what was promised as able 力所能及
    counted: bool = True
    #: the organisation's item it serves, empty for none
    serves_item_id: str = ""


@shape
class LedgerPage:
    """``total`` counts what was found, on all pages; ``next`` is the ``after`` of the following page, empty at the end.
    ``due_soon_days``: an open item whose deadline is at most so many days away is due soon."""

    items: tuple[LedgerLine, ...]
    total: int
    next: str
    due_soon_days: int = 30


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
    """``total`` counts what was found, on all pages."""

    pledges: tuple[PledgeLine, ...]
    next: str
    total: int = 0


@shape
class Pledged:
    """A member or an organisation, and how many pledges and exemptions 免诺 of theirs there are."""

    subject_id: str
    pledges: int
    exemptions: int = 0


@shape
class Uncovered:
    """``whereabouts``, ``post_kind`` and ``rank``: as in the roll, so that it is seen who floats or is out of reach, and who leads."""

    member_id: str
    name: str
    whereabouts: str = "home"
    post_kind: str = ""
    rank: str = ""


@shape
class Coverage:
    """全覆盖 (A2): who should pledge, who has, and who has not, by name.  兑现率 figures are None where nothing is counted.

    ``outside`` and ``unreachable`` are among the expected; ``floated_out`` pledge in another organisation of the county and
    are helped from here (A7); ``residents`` reported here 双报到, and have made their second pledge or not (A9).
    ``leaders_behind``: leading cadres who have not pledged although ``others_pledged`` others have (A12), the highest rank first.
    ``exempt`` 免诺 (A4) and have not pledged all the same: not among the uncovered, among the expected only where the policy
    counts them; ``exempted`` names them to whom the list of exemptions is open.
    """

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
    outside: int = 0
    unreachable: int = 0
    floated_in: int = 0
    floated_out: int = 0
    residents: int = 0
    residents_pledged: int = 0
    leaders_behind: tuple[Uncovered, ...] = ()
    others_pledged: int = 0
    exempt: int = 0
    exempted: tuple[Uncovered, ...] = ()


@shape
class Published:
    published: int
    already: int
