"""The ranking, as evaluation tells it: one row per evaluation, replaced only by a newer edition of the same evaluation.

Nothing is incremented and no position is stored, so repeats, any order and retraction leave the same ranking (T36).
"""
from collections.abc import Iterable
from typing import Any, cast

from services.commendation.storage import ranking
from wire.bus.tables import upsert
from wire.contracts.envelope import News
from wire.contracts.evaluation import EvaluationCompleted, EvaluationFacts, EvaluationOpened, EvaluationRetracted
from wire.contracts.shape import dump

#: also what is only opened: after a restored backup it may replace what an older epoch had completed
EVENTS = (EvaluationOpened, EvaluationCompleted, EvaluationRetracted)
STREAM = EvaluationCompleted.stream


def place(unit: Any, news: Iterable[News]) -> None:
    """Take what was said about evaluations: completed ones stand in the ranking, opened and retracted ones do not."""
    rows = [row_of(said.epoch, cast(EvaluationFacts, said.event)) for said in news]
    upsert(unit.sql, ranking, ("evaluation_id",), rows, guard=("epoch", "version"))


def row_of(epoch: int, facts: EvaluationFacts) -> dict[str, Any]:
    """The row of one evaluation as it was said in that epoch."""
    return {
        "evaluation_id": facts.evaluation_id, "organisation_id": facts.organisation_id, "member_id": facts.member_id,
        "member_name": facts.member_name, "pledge_id": facts.pledge_id, "year": facts.year, "state": facts.state,
        "policy_version": facts.policy_version, "score": facts.score,
        "satisfaction": facts.tally.satisfaction if facts.tally else None,
        "due_fulfilment": facts.due_fulfilment, "on_time": facts.on_time, "grade": facts.grade or "",
        "components": [dump(component) for component in facts.components],
        "epoch": epoch, "version": facts.version, "lost": False}
