"""What the result would be today, and what is still missing for it."""
from services.evaluation.domain.evaluation import Evaluation, Result, reckon
from services.evaluation.domain.peers import together
from services.evaluation.domain.policy import ScoringPolicy
from services.evaluation.usecases.finding import judged, tally_of
from wire.contracts.evaluation import COMPONENTS
from wire.contracts.ports import Unit


def reckoned(unit: Unit, evaluation: Evaluation, policy: ScoringPolicy) -> Result:
    """The result as it would stand today, without a grade.  Raises NotReady while something mandatory is missing."""
    pledged = judged(unit, evaluation)
    return reckon(
        evaluation, unit.books.ratings.scores(evaluation.id), pledged.promises(unit.day_of), tally_of(unit, evaluation),
        graded=graded(unit, evaluation, policy), policy=policy, labels=COMPONENTS, today=unit.today)


def graded(unit: Unit, evaluation: Evaluation, policy: ScoringPolicy) -> bool:
    """Whether the subject is given a grade: a probationary member 预备党员 takes part and gets none."""
    member = unit.directory.member(evaluation.member_id)
    return member is None or member["kind"] in policy.graded


def missing(unit: Unit, evaluation: Evaluation, policy: ScoringPolicy) -> list[str]:
    """What a mandatory component still lacks, a sentence each that says what to do; empty: it can be completed."""
    demanded = {c.name for c in policy.components if c.mandatory and c.weight > 0}
    found = []
    if "self" in demanded and evaluation.self_report is None:
        found.append("请被评议人逐项填写自评。")
    if "peers" in demanded and together(unit.books.ratings.scores(evaluation.id), policy) is None:
        found.append(f"请本支部至少 {policy.peers_least} 名党员完成互评。")
    if "leader" in demanded and evaluation.comment is None:
        found.append("请书记填写领导点评。")
    if "masses" in demanded:
        found += _masses(unit, evaluation)
    if "figures" in demanded and not any(
            p.due(unit.today) for p in judged(unit, evaluation).promises(unit.day_of)):
        found.append("还没有到期的承诺事项，请在有事项到期后再评定。")
    return found


def _masses(unit: Unit, evaluation: Evaluation) -> list[str]:
    meeting, tally = evaluation.appraisal, tally_of(unit, evaluation)
    if meeting is None:
        return ["请召开群众评议会，并登记到会人数和计票人。"]
    if meeting.disagree:
        return ["两位计票人录入的票数不一致，请两人各自重新清点，录错的一位重新录入。"]
    if tally is None:
        waited = "、".join(t.name for t in meeting.tellers if t.member_id not in meeting.entries)
        return [f"请计票人{waited}录入票数。"]
    if tally.satisfaction is None:
        return ["群众评议的有效票全部为不了解，没有结果，请重新召开评议会。"]
    return []
