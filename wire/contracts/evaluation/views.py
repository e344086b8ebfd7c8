"""What is entered into an evaluation, and what is shown of it."""
from datetime import date, datetime
from decimal import Decimal

from wire.contracts.evaluation.facts import EvaluationFacts, EvaluationState, Grade, Stratum
from wire.contracts.shape import bounded, shape, text


@shape
class SelfItem:
    item_id: str = text(80)
    statement: str = text(1000, least=2, label="完成情况")


@shape
class IndicatorScore:
    """One indicator 德能勤绩廉 by its name in the policy, 0–100."""

    indicator: str = text(40)
    score: Decimal = bounded(0, 100, label="得分")


@shape
class PledgedItem:
    """What the evaluators see of an item: the promise and what was done."""

    item_id: str
    matter: str
    deadline_on: date | None
    state: str
    progress: int
    fulfilled_at: datetime | None


@shape
class StratumCount:
    stratum: Stratum
    present: int = bounded(0, 100_000)


@shape
class TellerEntry:
    """What one teller 计票人 entered; shown to others only once both have entered."""

    teller_name: str
    entered: bool


@shape
class EvaluationView(EvaluationFacts):
    """What the people concerned see.  Peers' names are never in it."""

    organisation_name: str = ""
    items: tuple[PledgedItem, ...] = ()
    self_items: tuple[SelfItem, ...] = ()
    self_score: Decimal | None = None
    peers_expected: int = 0
    peers_entered: int = 0
    rated_by_me: bool = False
    leader_name: str = ""
    achievement: str = ""
    problem: str = ""
    direction: str = ""
    indicators: tuple[str, ...] = ()
    quorum: int = 0
    strata: tuple[StratumCount, ...] = ()
    tellers: tuple[TellerEntry, ...] = ()
    tellers_disagree: bool = False
    missing: tuple[str, ...] = ()
    #: what the score was made without, and why: sentences
    left_out: tuple[str, ...] = ()
    meeting: str = ""


@shape
class EvaluationLine:
    evaluation_id: str
    pledge_id: str = ""
    organisation_id: str
    member_id: str
    member_name: str
    year: int
    state: EvaluationState
    score: Decimal | None
    grade: Grade | None


@shape
class EvaluationPage:
    """``total`` counts what the search found, on all pages; ``next`` is the ``after`` of the following page, empty at the end."""

    items: tuple[EvaluationLine, ...]
    total: int
    next: str


@shape
class UnopenedLine:
    """A member's published pledge whose evaluation has not begun."""

    pledge_id: str
    organisation_id: str
    member_id: str
    member_name: str
    items: int


@shape
class UnopenedPage:
    """As ``EvaluationPage``."""

    items: tuple[UnopenedLine, ...]
    total: int
    next: str
