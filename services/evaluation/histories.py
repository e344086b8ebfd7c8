"""Whose an evaluation is: who may read its scores may read its history; a fellow member of the branch may not."""
from typing import Any

from sqlalchemy import select

from services.evaluation.storage import evaluation
from wire.bus.history import Place
from wire.contracts.evaluation import EvaluationOpened, ReadEvaluation


def belongs(unit: Any, aggregate: str, aggregate_id: str) -> Place | None:
    """Where an evaluation stands; None for what is not there.  Peers' ratings leave no line, so none can be read."""
    if aggregate != EvaluationOpened.stream:
        return None
    found = unit.sql.execute(select(evaluation.c.organisation_id, evaluation.c.member_id).where(evaluation.c.id == aggregate_id)).first()
    return None if found is None else Place(found.organisation_id, found.member_id, ReadEvaluation)
