"""Evaluations as commendation hears of them, and the ranking recomputed without any database, straight from the rule."""
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from wire.contracts.envelope import News
from wire.contracts.evaluation import (
    ComponentFacts, EvaluationCompleted, EvaluationFacts, EvaluationOpened, EvaluationRetracted, TallyFacts,
)

AT = datetime(2026, 12, 20, 1, 0, tzinfo=UTC)
CLASSES = {"opened": EvaluationOpened, "completed": EvaluationCompleted, "retracted": EvaluationRetracted}


def evaluation(state: str, evaluation_id: str, *, version: int = 2, satisfaction: Decimal | str | None = "95.00", **more: Any) -> EvaluationFacts:
    """An event of that evaluation.  Without a satisfaction there was no mass appraisal."""
    date = AT.date()
    tally = None if satisfaction is None else TallyFacts(
        held_on=date, present=32, issued=32, returned=31, valid=30, satisfied=20, basically=8, dissatisfied=1, unknown=1,
        satisfaction=Decimal(satisfaction), awareness=Decimal("96.67"))
    facts = {
        "version": version, "acted_by": "prs_1", "acted_by_name": "李书记", "acted_at": AT, "evaluation_id": evaluation_id,
        "organisation_id": "org_v", "member_id": f"mem_{evaluation_id}", "member_name": "何小满", "pledge_id": f"plg_{evaluation_id}",
        "year": 2026, "state": state, "policy_version": "default-1", "tally": tally, "score": Decimal("90.00"), "grade": "qualified",
        "due_fulfilment": Decimal(100), "on_time": Decimal(100), "completed_at": AT if state == "completed" else None,
        "components": (ComponentFacts(kind="self", score=Decimal("88"), weight=Decimal("0.2"), voices=1),
                       ComponentFacts(kind="masses", score=Decimal("95"), weight=Decimal("0.8"), voices=30))}
    return CLASSES[state](**(facts | more))


def completed(evaluation_id: str, **more: Any) -> EvaluationFacts:
    return evaluation("completed", evaluation_id, **more)


def news(event: EvaluationFacts, *, epoch: int = 1, position: int = 1) -> News:
    return News(id="evt", event=event, stream=event.stream, epoch=epoch, position=position, correlation="", traceparent="")


class Recomputed:
    """The ranking by the rule alone: newest edition per evaluation, completed ones only, compared figure by figure."""

    def __init__(self) -> None:
        self.newest: dict[str, News] = {}

    def place(self, heard: Iterable[News]) -> None:
        for said in heard:
            known = self.newest.get(said.event.subject)
            if known is None or known.edition < said.edition:
                self.newest[said.event.subject] = said

    def list(self, paths: dict[str, str], above: str, year: int, sectors: dict[str, str] | None = None, sector: str = "") -> list:
        """(place, evaluation) in order; ``paths`` and ``sectors`` are those of the organisations."""
        facts = [n.event for n in self.newest.values()
                 if n.event.state == "completed" and n.event.score is not None and n.event.year == year
                 and paths.get(n.event.organisation_id, "").startswith(paths[above])
                 and (not sector or (sectors or {}).get(n.event.organisation_id) == sector)]

        def better(one, other):
            return _figures(one) > _figures(other)

        return sorted((1 + sum(better(other, one) for other in facts), one.evaluation_id) for one in facts)


def _figures(facts: EvaluationFacts) -> tuple:
    figures = (facts.score, facts.tally.satisfaction if facts.tally else None, facts.due_fulfilment, facts.on_time)
    return tuple((figure is not None, figure or Decimal(0)) for figure in figures)
