"""评诺: what the evaluation says about the items, taken into the pledges; a retraction takes it out again."""
from collections.abc import Iterable

from services.pledge.domain.pledge import Pledge
from services.pledge.usecases.facts import facts
from wire.contracts.envelope import News
from wire.contracts.evaluation import EvaluationFacts, EvaluationRetracted
from wire.contracts.pledge import PledgeEvaluated, PledgePublished
from wire.contracts.ports import Unit


def take_evaluations(unit: Unit, news: Iterable[News]) -> None:
    """Completed: each item gets its verdict and the pledge is evaluated.  Retracted: published again, without verdicts.

    Of each evaluation only the newest edition counts; repeats and older editions change and announce nothing, in
    whatever order they come.  A pledge this service does not know is passed over: there is nothing to judge.
    A retraction is told as PledgePublished, since that is the state the pledge is in again and whoever shows it listens.
    """
    newest: dict[str, tuple[tuple[int, int], EvaluationFacts]] = {}
    for said in news:
        known = newest.get(said.event.subject)
        if isinstance(said.event, EvaluationFacts) and (known is None or known[0] < said.edition):
            newest[said.event.subject] = said.edition, said.event
    before = {p.id: p for p in unit.books.pledges.get_many({evaluation.pledge_id for _, evaluation in newest.values()})}
    after, by = dict(before), {}
    for edition, evaluation in newest.values():
        pledge = after.get(evaluation.pledge_id)
        if pledge is not None:
            after[pledge.id] = _judged(pledge, edition, evaluation)
            if after[pledge.id] is not pledge:
                by[pledge.id] = evaluation.acted_by, evaluation.acted_by_name
    changed = [p for p in after.values() if p is not before[p.id]]
    unit.books.pledges.save_many(changed)
    for pledge in changed:
        if (pledge.state, pledge.items) != (before[pledge.id].state, before[pledge.id].items):
            kind = PledgeEvaluated if pledge.state == "evaluated" else PledgePublished
            unit.announce(facts(unit, kind, pledge, by=by[pledge.id]))


def _judged(pledge: Pledge, edition: tuple[int, int], evaluation: EvaluationFacts) -> Pledge:
    if isinstance(evaluation, EvaluationRetracted):
        return pledge.evaluation_retracted(evaluation.evaluation_id, edition)
    outcomes = {outcome.item_id: outcome.verdict for outcome in evaluation.outcomes}
    return pledge.evaluated(evaluation.evaluation_id, edition, outcomes)
