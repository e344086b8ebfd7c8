"""The calls of evaluation: what may be asked of it, and by whom."""
from datetime import date
from decimal import Decimal
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.evaluation.facts import Grade
from wire.contracts.evaluation.views import (
    EvaluationPage, EvaluationView, IndicatorScore, SelfItem, StratumCount, UnopenedPage,
)
from wire.contracts.shape import bounded, text

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


@call("evaluation.rate_peer", reply=EvaluationView, grants=_PEERS, writes=True, not_own=True, secret=True)
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


@call("evaluation.list", reply=EvaluationPage, grants=_READERS)
class ListEvaluations:
    """Evaluations of one organisation (``below``: and of those below it, where a grant reaches them all) and year by the member's
    name, searched by it; of one member or in one state only."""

    organisation_id: str = text(80)
    year: int = bounded(2000, 2200)
    member_id: str = text(80, default="")
    state: Literal["", "opened", "completed", "retracted"] = ""
    below: bool = False
    search: str = text(60, default="")
    after: str = text(200, default="")
    limit: int = bounded(1, 500, default=100)


@call("evaluation.list_unopened", reply=UnopenedPage, grants=_PREPARERS)
class ListUnopened:
    """Members' published pledges of one organisation and year that nobody has begun to evaluate yet, by name."""

    organisation_id: str = text(80)
    year: int = bounded(2000, 2200)
    search: str = text(60, default="")
    after: str = text(200, default="")
    limit: int = bounded(1, 500, default=100)
