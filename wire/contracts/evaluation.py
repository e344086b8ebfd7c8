"""The facts and calls of evaluation: how well, say whom?"""
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
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


# --- calls -----------------------------------------------------------------------------------------------------------

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


_DECIDERS = grants(secretary=Reach.OWN, superior=Reach.BELOW)
_PREPARERS = grants(clerk=Reach.OWN, secretary=Reach.OWN, superior=Reach.BELOW)
_PEERS = grants(member=Reach.OWN, secretary=Reach.OWN)
_READERS = grants(member=Reach.OWN, clerk=Reach.OWN, secretary=Reach.OWN, superior=Reach.WITHIN, liaison=Reach.WITHIN,
                  office=Reach.WITHIN, auditor=Reach.WITHIN)


@call("evaluation.open", reply=EvaluationView, grants=_PREPARERS, writes=True)
class OpenEvaluation:
    """Begin the annual evaluation of a member's published pledge.  Again for the same pledge: the same evaluation."""

    pledge_id: str = text(80)


@call("evaluation.assess_self", reply=EvaluationView, grants=grants(member=Reach.SELF, clerk=Reach.OWN), writes=True)
class AssessSelf:
    """个人自评: truthfully, item by item (G2), and a score."""

    evaluation_id: str = text(80)
    items: tuple[SelfItem, ...]
    score: Decimal = bounded(0, 100, label="自评分")


@call("evaluation.rate_peer", reply=EvaluationView, grants=_PEERS, writes=True, not_own=True)
class RatePeer:
    """党员互评: by another member of the branch, anonymous to the subject.  Again: the later score replaces the earlier."""

    evaluation_id: str = text(80)
    score: Decimal = bounded(0, 100, label="互评分")


@call("evaluation.comment", reply=EvaluationView, grants=_DECIDERS, writes=True, not_own=True)
class CommentAsLeader:
    """领导点评: achievement, problem and direction are all three demanded (G2); scores by indicator (G12)."""

    evaluation_id: str = text(80)
    achievement: str = text(1000, least=2, label="成绩")
    problem: str = text(1000, least=2, label="问题")
    direction: str = text(1000, least=2, label="努力方向")
    scores: tuple[IndicatorScore, ...]


@call("evaluation.hold_appraisal", reply=EvaluationView, grants=_PREPARERS, writes=True)
class HoldAppraisal:
    """群众评议会 on paper: who attended by stratum, ballots issued, and the two tellers 计票人 (members of the branch, not the
    subject).  Refused below the quorum of the policy (G17) or with an empty mandatory stratum (G18)."""

    evaluation_id: str = text(80)
    held_on: date
    strata: tuple[StratumCount, ...]
    issued: int = bounded(0, 100_000, label="发出票数")
    teller_ids: tuple[str, ...]


@call("evaluation.enter_totals", reply=EvaluationView, grants=_PEERS, writes=True, not_own=True)
class EnterTotals:
    """One teller's paper totals, unseen by the other; both must agree before they count.  Returned = the four + invalid."""

    evaluation_id: str = text(80)
    satisfied: int = bounded(0, 100_000, label="满意")
    basically: int = bounded(0, 100_000, label="基本满意")
    dissatisfied: int = bounded(0, 100_000, label="不满意")
    unknown: int = bounded(0, 100_000, label="不了解")
    invalid: int = bounded(0, 100_000, label="废票")


@call("evaluation.complete", reply=EvaluationView, grants=_DECIDERS, writes=True, not_own=True)
class CompleteEvaluation:
    """Score and grade stand, by a meeting's decision; the reason is demanded where the grade differs from the suggested one.
    Refused with what is missing: absent is never zero.  Again with the same grade: the same answer."""

    evaluation_id: str = text(80)
    #: None for a probationary member 预备党员, who takes part and gets no grade
    grade: Grade | None = None
    meeting: str = text(200, least=2, label="会议（名称、日期）")
    reason: str = text(500, default="", label="与建议等次不同的理由")


@call("evaluation.read", reply=EvaluationView, grants=_READERS)
class ReadEvaluation:
    """A plain member of the branch sees what evaluating asks of them; scores only of themselves."""

    evaluation_id: str = text(80)


@call("evaluation.list", reply=tuple[EvaluationLine, ...], grants=_READERS)
class ListEvaluations:
    organisation_id: str = text(80)
    year: int = bounded(2000, 2200)
