"""From the evaluation to the shapes that travel."""
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar, cast

from services.evaluation.domain.appraisal import Tally
from services.evaluation.domain.evaluation import Evaluation, Result
from services.evaluation.domain.scoring import rounded
from wire.contracts.evaluation import ComponentFacts, ComponentKind, EvaluationFacts, ItemOutcome, TallyFacts, Verdict

F = TypeVar("F", bound=EvaluationFacts)
#: scores of named members are not for society: the public hears the satisfaction figures from notice
SCOPE = "unit"


def facts(cls: type[F], evaluation: Evaluation, **more: Any) -> F:
    """The full shared state.  Peers appear as one score and a number of voices."""
    told = told_by(evaluation.result, evaluation.appraisal.held_on if evaluation.appraisal else None)
    return cls(**known_of(evaluation) | told | more)


def known_of(evaluation: Evaluation) -> dict[str, Any]:
    """What is no judgement: whose evaluation, of what, and how far it is."""
    return {
        "version": evaluation.version, "acted_by": evaluation.acted_by, "acted_by_name": evaluation.acted_by_name,
        "acted_at": evaluation.acted_at, "scope": SCOPE, "evaluation_id": evaluation.id,
        "organisation_id": evaluation.organisation_id, "member_id": evaluation.member_id,
        "member_name": evaluation.member_name, "pledge_id": evaluation.pledge_id, "year": evaluation.year,
        "state": evaluation.state, "policy_version": evaluation.policy_version}


def told_by(result: Result | None, held_on: Any) -> dict[str, Any]:
    """The judgement; nothing before it stands."""
    if result is None:
        return {}
    return {
        "components": tuple(
            ComponentFacts(kind=cast(ComponentKind, p.name), score=figure(p.score), weight=figure(p.weight), voices=p.voices)
            for p in result.parts),
        "outcomes": tuple(ItemOutcome(item_id=i, verdict=cast(Verdict, v)) for i, v in result.outcomes),
        "tally": tally_facts(result.tally, held_on), "score": result.score, "suggested_grade": result.suggested,
        "grade": result.grade, "grade_reason": result.reason, "due_fulfilment": result.due_fulfilment,
        "on_time": result.on_time, "completed_at": result.completed_at}


def tally_facts(tally: Tally | None, held_on: Any) -> TallyFacts | None:
    """The figures of the meeting; the two rates with two places."""
    if tally is None:
        return None
    totals = tally.totals
    return TallyFacts(
        held_on=held_on, present=tally.present, issued=tally.issued, returned=totals.returned, valid=totals.valid,
        satisfied=totals.satisfied, basically=totals.basically, dissatisfied=totals.dissatisfied, unknown=totals.unknown,
        satisfaction=None if tally.satisfaction is None else rounded(tally.satisfaction),
        awareness=None if tally.awareness is None else rounded(tally.awareness))


def figure(exact: Fraction) -> Decimal:
    """Six places without trailing zeros, so that whoever adds the components up again arrives at the printed score."""
    six = rounded(exact, 6)
    return six.quantize(Decimal(1)) if six == six.to_integral_value() else six.normalize()
