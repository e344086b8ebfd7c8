"""Results of evaluations as the public hears them: the satisfaction figures, never the score of a named member.

Rule kept here: newest edition wins; an evaluation taken back takes its notice with it.
"""
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from services.notice import notices
from services.notice.domain import telling
from services.notice.notices import Cause
from services.notice.storage import result
from wire.bus.tables import upsert
from wire.contracts.envelope import News
from wire.contracts.evaluation import EvaluationFacts


def post(unit: Any, news: Iterable[News]) -> None:
    """Keep how far each evaluation is, and post or withdraw its notice.  Again, or in another order: the same."""
    newest: dict[str, News] = {}
    for said in sorted(news, key=lambda said: said.edition):
        newest[said.event.subject] = said
    known = {row.evaluation_id: (row.epoch, row.version) for row in unit.sql.execute(
        select(result.c.evaluation_id, result.c.epoch, result.c.version).where(result.c.evaluation_id.in_(sorted(newest)))
        .order_by(result.c.evaluation_id).with_for_update())}
    fresh = [said for i, said in sorted(newest.items()) if known.get(i, (0, 0)) < said.edition]
    upsert(unit.sql, result, ("evaluation_id",), [_row(said) for said in fresh], guard=("epoch", "version"))
    notices.post(unit, [Cause(_told(said.event), said) for said in fresh])  # type: ignore[arg-type]


def _row(said: News) -> dict[str, Any]:
    fact: EvaluationFacts = said.event  # type: ignore[assignment]
    return {"evaluation_id": fact.evaluation_id, "epoch": said.epoch, "version": fact.version, "lost": False,
            "organisation_id": fact.organisation_id, "year": fact.year, "state": fact.state}


def _told(fact: EvaluationFacts) -> telling.Told:
    tally = fact.tally
    figures: dict[str, Any] = {} if tally is None else {
        "present": tally.present, "issued": tally.issued, "returned": tally.returned, "valid": tally.valid,
        "satisfaction": tally.satisfaction}
    return telling.of_result(fact.evaluation_id, fact.member_name, fact.completed_at or fact.acted_at,
                             stands=fact.state == "completed", **figures)
