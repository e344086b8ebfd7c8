"""An evaluation (评诺): one member, one pledge, one period.  What was heard so far, and the result once it stands.

Peers' scores are kept apart, under the rater, so that a later one replaces an earlier; nothing here knows who gave what.
"""
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.evaluation.domain import grades, outcomes, peers
from services.evaluation.domain.appraisal import Appraisal, Tally, Totals
from services.evaluation.domain.policy import ScoringPolicy, Weighed
from services.evaluation.domain.refusals import CountStands, NotOpen, NotReady, Unfitting
from services.evaluation.domain.scoring import Part, rounded, weigh


@dataclass(frozen=True)
class SelfReport:
    """个人自评: truthfully, item by item (G2)."""

    statements: tuple[tuple[str, str], ...]
    score: Decimal


@dataclass(frozen=True)
class Comment:
    """领导点评: achievement, problem and direction (G2), and a score for each indicator (G12)."""

    leader_id: str
    leader_name: str
    achievement: str
    problem: str
    direction: str
    scores: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class Result:
    """What stands once it is completed; every figure is rounded here and nowhere before."""

    parts: tuple[Part, ...]
    outcomes: tuple[tuple[str, str], ...]
    tally: Tally | None
    score: Decimal
    suggested: str | None
    due_fulfilment: Decimal | None
    on_time: Decimal | None
    left_out: tuple[str, ...]
    grade: str | None = None
    reason: str = ""
    meeting: str = ""
    completed_at: datetime | None = None


@dataclass(frozen=True)
class Evaluation:
    """Each verb answers the evaluation as it is afterwards, ``version`` one higher, or the very same object when it was
    so already."""

    id: str
    organisation_id: str
    member_id: str
    member_name: str
    pledge_id: str
    year: int
    policy_version: str
    acted_by: str
    acted_by_name: str
    acted_at: datetime
    state: str = "opened"
    self_report: SelfReport | None = None
    comment: Comment | None = None
    appraisal: Appraisal | None = None
    result: Result | None = None
    version: int = 1

    @property
    def open(self) -> bool:
        return self.state == "opened"

    def by(self, person_id: str, name: str, at: datetime) -> "Evaluation":
        """Who made the change that is about to be saved."""
        return replace(self, acted_by=person_id, acted_by_name=name, acted_at=at)

    def assessed(self, statements: tuple[tuple[str, str], ...], score: Decimal, item_ids: list[str]) -> "Evaluation":
        """The member's own report; a later one replaces it.  Refuses one that does not speak to every item once (G22)."""
        self.demand_open()
        told = [item_id for item_id, _ in statements]
        if sorted(told) != sorted(item_ids):
            raise Unfitting("自评要对每一件承诺事项逐项说明，一件不漏、不重复；请补齐后提交。", {"items": ["请逐项填写完成情况。"]})
        return self._with(self_report=SelfReport(statements, score))

    def commented(self, comment: Comment, indicators: tuple[Weighed, ...]) -> "Evaluation":
        """The leader's comment; a later one replaces it.  Every indicator the policy demands is scored once, no other."""
        self.demand_open()
        named = [name for name, _ in comment.scores]
        known = {i.name for i in indicators}
        missing = [i.name for i in indicators if i.mandatory and i.name not in named]
        if missing or len(set(named)) != len(named) or not set(named) <= known:
            raise Unfitting(
                f"领导点评要给每项指标各打一次分：{'、'.join(i.name for i in indicators)}；请补齐后提交。",
                {"scores": [f"缺少：{'、'.join(missing)}。" if missing else "有重复或不在评议方案中的指标。"]})
        return self._with(comment=comment)

    def met(self, appraisal: Appraisal) -> "Evaluation":
        """A meeting was held.  Replaces an earlier one only while its count does not stand, or gave no result."""
        self.demand_open()
        if self.appraisal is not None:
            same = replace(appraisal, entries=self.appraisal.entries)
            if same == self.appraisal:
                return self
            totals = self.appraisal.agreed
            if totals is not None and totals.valid > totals.unknown:
                raise CountStands()
        return self._with(appraisal=appraisal)

    def counted(self, teller_id: str, totals: Totals) -> "Evaluation":
        """One teller's totals; see ``Appraisal.entered``."""
        self.demand_open()
        if self.appraisal is None:
            raise NotReady("还没有登记评议会，请先由材料员登记到会人数和计票人，再录入票数。")
        appraisal = self.appraisal.entered(teller_id, totals)
        return self if appraisal == self.appraisal else self._with(appraisal=appraisal)

    def completed(self, result: Result) -> "Evaluation":
        """The result stands from now on."""
        self.demand_open()
        return self._with(state="completed", result=result)

    def demand_open(self) -> None:
        if not self.open:
            raise NotOpen()

    def _with(self, **changes: Any) -> "Evaluation":
        after = replace(self, **changes)
        return self if after == self else replace(after, version=self.version + 1)


def reckon(
    evaluation: Evaluation, ratings: list[Decimal], promises: list[outcomes.Promise], tally: Tally | None, *,
    graded: bool, policy: ScoringPolicy, labels: dict[str, str], today: date,
) -> Result:
    """The result as it would stand today, without a grade; refuses with what is missing (absent is never zero)."""
    due = outcomes.due_fulfilment(promises, today)
    report, comment = evaluation.self_report, evaluation.comment
    score = weigh(policy.components, {
        "self": Fraction(report.score) if report else None,
        "peers": peers.together(ratings, policy),
        "masses": tally.satisfaction if tally else None,
        "leader": weigh(policy.indicators, {n: Fraction(s) for n, s in comment.scores}).exact if comment else None,
        "figures": due,
    }, voices={"peers": len(ratings), "masses": tally.totals.valid if tally else 0, "figures": sum(p.due(today) for p in promises)}, labels=labels)
    late = outcomes.on_time(promises, today)
    return Result(
        parts=score.parts, outcomes=tuple((p.item_id, outcomes.verdict(p, today)) for p in promises), tally=tally,
        score=score.printed, suggested=grades.suggest(score.exact, policy) if graded else None,
        due_fulfilment=None if due is None else rounded(due), on_time=None if late is None else rounded(late),
        left_out=tuple(_left_out(policy, len(ratings), due)))


def _left_out(policy: ScoringPolicy, rated: int, due: Fraction | None) -> Iterator[str]:
    asked = {c.name for c in policy.components if c.weight > 0}
    if "peers" in asked and rated < max(1, policy.peers_least):
        yield peers.why_left_out(rated, policy)
    if "figures" in asked and due is None:
        yield "还没有到期的承诺事项，兑现情况不计入，其余各项按权重折算。"
