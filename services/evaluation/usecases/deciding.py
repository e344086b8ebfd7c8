"""The decision: the score as it was reckoned, the grade as a meeting gave it."""
from dataclasses import replace

from services.evaluation.domain import grades
from services.evaluation.domain.evaluation import Evaluation, Result
from services.evaluation.domain.policy import ScoringPolicy
from services.evaluation.domain.refusals import NotOpen, NotReady
from services.evaluation.usecases.facts import facts
from services.evaluation.usecases.finding import NO_SUCH, people, permitted, policy_version
from services.evaluation.usecases.reckoning import missing, reckoned
from services.evaluation.usecases.viewing import view
from wire.contracts.calls import NotFound
from wire.contracts.evaluation import CompleteEvaluation, EvaluationCompleted, EvaluationView
from wire.contracts.ports import Unit


def complete_evaluation(unit: Unit, request: CompleteEvaluation) -> EvaluationView:
    """Score and grade stand from now on, and what became of each item (G23, F11).  Again with the same grade: the same
    answer, nothing announced.

    Refuses with what is missing, a grade other than the suggested one without a reason, and an 优秀 beyond the share.
    """
    books = unit.books.evaluations
    seen = books.peek(request.evaluation_id)
    if seen is None:
        raise NotFound(NO_SUCH)
    # every decision of a branch and year waits here for the one before: two at once could both take the last 优秀
    books.hold(seen.organisation_id, seen.year)
    before = permitted(unit, books.get(request.evaluation_id))
    if not before.open:
        if before.result is not None and before.result.grade == request.grade:
            return view(unit, before)
        raise NotOpen()
    policy = unit.policy(ScoringPolicy, before.organisation_id)
    lacking = missing(unit, before, policy)
    if lacking:
        raise NotReady("还不能评定。" + "".join(lacking))
    result = _decided(unit, request, before, policy)
    after = replace(before, policy_version=policy_version(unit, before.organisation_id)).completed(result).by(
        unit.actor.person_id, unit.actor.name, unit.now)
    books.save(after)
    unit.announce(facts(EvaluationCompleted, after))
    return view(unit, after)


def _decided(unit: Unit, request: CompleteEvaluation, before: Evaluation, policy: ScoringPolicy) -> Result:
    result = reckoned(unit, before, policy)
    expected = [m for m in people(unit, before.organisation_id) if m["kind"] in policy.graded]
    grades.decide(
        request.grade, result.suggested, request.reason, expected=len(expected), policy=policy,
        given=unit.books.evaluations.excellent(before.organisation_id, before.year, but=before.id))
    return replace(result, grade=request.grade, reason=request.reason.strip(), meeting=request.meeting.strip(),
                   completed_at=unit.now)
