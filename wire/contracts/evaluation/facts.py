"""What evaluation announces: one evaluation, its components, the outcome of each item, the counted appraisal."""
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from wire.contracts.event import Facts, event
from wire.contracts.shape import bounded, shape, text

EvaluationState = Literal["opened", "completed", "retracted"]
ComponentKind = Literal["self", "peers", "masses", "leader", "figures"]
Grade = Literal["excellent", "qualified", "basically", "unqualified"]
Verdict = Literal["fulfilled", "unfulfilled", "carried"]
Stratum = Literal["superior", "own", "delegates", "cadres", "masses"]

STATES = {"opened": "评议中", "completed": "已评定", "retracted": "已撤回"}
COMPONENTS = {"self": "个人自评", "peers": "党员互评", "masses": "群众评议", "leader": "领导点评", "figures": "兑现情况"}
GRADES = {"excellent": "优秀", "qualified": "合格", "basically": "基本合格", "unqualified": "不合格"}
STRATA = {"superior": "上级班子", "own": "本单位班子", "delegates": "两代表一委员", "cadres": "党员干部代表", "masses": "群众代表"}


@shape
class ComponentFacts:
    """One of the four evaluators (G1) or the objective figures: score 0–100 and the weight it had."""

    kind: ComponentKind
    score: Decimal
    weight: Decimal
    voices: int


@shape
class ItemOutcome:
    """The verdict over one item: fulfilled 已兑现, unfulfilled 未兑现, carried 续办."""

    item_id: str
    verdict: Verdict


@shape
class TallyFacts:
    """A counted mass appraisal 群众评议: present, issued, returned and valid are four figures.  Rates are 0–100 or None."""

    held_on: date
    present: int
    issued: int
    returned: int
    valid: int
    satisfied: int
    basically: int
    dissatisfied: int
    unknown: int
    satisfaction: Decimal | None
    awareness: Decimal | None


@shape
class EvaluationFacts(Facts):
    """The annual evaluation of one member over one period by one policy version."""

    evaluation_id: str = text(80)
    organisation_id: str = text(80)
    member_id: str = text(80)
    member_name: str = text(100)
    pledge_id: str = text(80)
    year: int = bounded(2000, 2200)
    state: EvaluationState
    policy_version: str = text(60)
    components: tuple[ComponentFacts, ...] = ()
    outcomes: tuple[ItemOutcome, ...] = ()
    tally: TallyFacts | None = None
    score: Decimal | None = None
    suggested_grade: Grade | None = None
    grade: Grade | None = None
    grade_reason: str = text(500, default="")
    #: share of the items due by then that were fulfilled, and that were fulfilled by their deadline, 0–100
    due_fulfilment: Decimal | None = None
    on_time: Decimal | None = None
    completed_at: datetime | None = None


@event("evaluation.evaluation.opened.v1", key="evaluation_id")
class EvaluationOpened(EvaluationFacts):
    """评诺 begins for one member and period."""


@event("evaluation.evaluation.completed.v1", key="evaluation_id")
class EvaluationCompleted(EvaluationFacts):
    """Score, grade and the verdict over each item stand."""


@event("evaluation.evaluation.retracted.v1", key="evaluation_id")
class EvaluationRetracted(EvaluationFacts):
    """Taken back for correction: it counts nowhere until it is completed anew."""
