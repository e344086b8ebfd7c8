"""What each viewer is shown: who oversees the branch, the subject, and a plain member of it.

A plain member sees what evaluating asks of them and no other's score.  Who gave which score is shown to nobody, and what
the peers say together only once it stands: from a running mean a single score could be told.
"""
from collections.abc import Iterator
from typing import Any, cast

from services.evaluation.domain.evaluation import Evaluation
from services.evaluation.domain.policy import AppraisalPolicy, ScoringPolicy
from services.evaluation.usecases.facts import known_of, tally_facts, told_by
from services.evaluation.usecases.finding import judged, oversees, people, tally_of
from services.evaluation.usecases.reckoning import missing, reckoned
from wire.contracts.evaluation import EvaluationView, PledgedItem, SelfItem, Stratum, StratumCount, TellerEntry
from wire.contracts.ports import Unit


def view(unit: Unit, evaluation: Evaluation) -> EvaluationView:
    """The evaluation as the actor of this unit may see it."""
    me = unit.actor.member_id
    over, subject = oversees(unit, evaluation.organisation_id), bool(me) and me == evaluation.member_id
    told = known_of(evaluation) | _asked(unit, evaluation, me)
    if over or subject:
        told |= _scores(evaluation) | _comment(evaluation)
    else:
        told |= _public(evaluation)
    if over:
        told |= _preparing(unit, evaluation) | _meeting(unit, evaluation)
    elif evaluation.appraisal and me in {t.member_id for t in evaluation.appraisal.tellers}:
        told |= _meeting(unit, evaluation)
    if evaluation.open and not over:
        told["missing"] = tuple(_owed(unit, evaluation, me))
    return EvaluationView(**told)


def _asked(unit: Unit, evaluation: Evaluation, me: str) -> dict[str, Any]:
    """What everybody in the branch needs in order to judge: the promise and what was done (G22)."""
    here = unit.directory.organisation(evaluation.organisation_id)
    pledged = judged(unit, evaluation)
    report = evaluation.self_report
    return {
        "organisation_name": here["name"] if here else "",
        "items": tuple(PledgedItem(
            item_id=i.item_id, matter=i.matter, deadline_on=i.deadline_on, state=i.state, progress=i.progress,
            fulfilled_at=i.fulfilled_at) for i in pledged.items),
        "self_items": tuple(SelfItem(item_id=i, statement=s) for i, s in report.statements) if report else (),
        "rated_by_me": bool(me) and unit.books.ratings.rated(evaluation.id, me)}


def _scores(evaluation: Evaluation) -> dict[str, Any]:
    result, meeting = evaluation.result, evaluation.appraisal
    return told_by(result, meeting.held_on if meeting else None) | {
        "self_score": evaluation.self_report.score if evaluation.self_report else None,
        "left_out": result.left_out if result else (), "meeting": result.meeting if result else ""}


def _public(evaluation: Evaluation) -> dict[str, Any]:
    """What is announced to the masses once it stands (G20): the tally and what became of each item, no score."""
    meeting = evaluation.appraisal
    told = told_by(evaluation.result, meeting.held_on if meeting else None)
    return {name: told[name] for name in ("outcomes", "tally", "completed_at") if name in told}


def _comment(evaluation: Evaluation) -> dict[str, Any]:
    comment = evaluation.comment
    if comment is None:
        return {}
    return {"leader_name": comment.leader_name, "achievement": comment.achievement, "problem": comment.problem,
            "direction": comment.direction}


def _preparing(unit: Unit, evaluation: Evaluation) -> dict[str, Any]:
    """For who prepares and decides: the indicators, who is expected, what is missing, and the grade to be discussed."""
    policy = unit.policy(ScoringPolicy, evaluation.organisation_id)
    others = [m for m in people(unit, evaluation.organisation_id) if m["id"] != evaluation.member_id]
    told: dict[str, Any] = {
        "indicators": tuple(i.name for i in policy.indicators), "peers_expected": len(others),
        "peers_entered": len(unit.books.ratings.scores(evaluation.id))}
    if evaluation.open:
        told["missing"] = tuple(missing(unit, evaluation, policy))
        if not told["missing"]:
            result = reckoned(unit, evaluation, policy)
            told |= {"suggested_grade": result.suggested, "left_out": result.left_out}
    return told


def _meeting(unit: Unit, evaluation: Evaluation) -> dict[str, Any]:
    """For who oversees and the tellers themselves; the totals only once both agree."""
    here, meeting = unit.directory.organisation(evaluation.organisation_id), evaluation.appraisal
    policy = unit.policy(AppraisalPolicy, evaluation.organisation_id)
    told: dict[str, Any] = {"quorum": policy.quorum(here["sector"] if here else "")}
    if meeting is not None:
        told |= {
            "strata": tuple(StratumCount(stratum=cast(Stratum, s), present=n) for s, n in meeting.strata.items()),
            "tellers": tuple(TellerEntry(teller_name=t.name, entered=t.member_id in meeting.entries) for t in meeting.tellers),
            "tellers_disagree": meeting.disagree}
        if evaluation.open:
            told["tally"] = tally_facts(tally_of(unit, evaluation), meeting.held_on)
    return told


def _owed(unit: Unit, evaluation: Evaluation, me: str) -> Iterator[str]:
    """What is asked of this member now."""
    meeting = evaluation.appraisal
    if me == evaluation.member_id:
        if evaluation.self_report is None:
            yield "请逐项填写自评。"
        return
    if not unit.books.ratings.rated(evaluation.id, me):
        yield "请为这位党员互评打分。"
    if meeting and me in {t.member_id for t in meeting.tellers}:
        if meeting.disagree:
            yield "两位计票人录入的票数不一致，请重新清点；如果录错，请重新录入。"
        elif me not in meeting.entries:
            yield "您是计票人，请录入票数。"
