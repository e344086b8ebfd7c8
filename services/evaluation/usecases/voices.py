"""The voices of an evaluation (G1): the member's own, the peers', the leader's."""
from services.evaluation.domain.evaluation import Comment
from services.evaluation.domain.policy import ScoringPolicy
from services.evaluation.domain.refusals import NotPeer
from services.evaluation.usecases.finding import judged, people, permitted, saved
from services.evaluation.usecases.viewing import view
from wire.contracts.evaluation import AssessSelf, CommentAsLeader, EvaluationView, RatePeer
from wire.contracts.ports import Unit


def assess_self(unit: Unit, request: AssessSelf) -> EvaluationView:
    """个人自评: every item, truthfully, and a score (G2).  Again: the later one replaces the earlier, until completed.

    A clerk may enter it for the member (代录); both stand in the operation log.
    """
    before = permitted(unit, unit.books.evaluations.get(request.evaluation_id))
    if unit.actor.member_id != before.member_id:
        unit.act_for(before.member_name)
    pledged = judged(unit, before)
    after = before.assessed(
        tuple((i.item_id, i.statement) for i in request.items), request.score, [i.item_id for i in pledged.items])
    return view(unit, saved(unit, before, after, "self_assessed"))


def rate_peer(unit: Unit, request: RatePeer) -> EvaluationView:
    """党员互评: one score by another member of the branch.  Again: the later score replaces the earlier, until completed.

    Anonymous: the score is kept under the rater and told to nobody; no event, no line of history, and the line in the
    operation log does not say whom or how much.
    """
    evaluation = permitted(unit, unit.books.evaluations.get(request.evaluation_id))
    evaluation.demand_open()
    rater = unit.actor.member_id
    if rater == evaluation.member_id or rater not in {m["id"] for m in people(unit, evaluation.organisation_id)}:
        raise NotPeer()
    unit.books.ratings.put(evaluation.id, rater, request.score)
    return view(unit, evaluation)


def comment_as_leader(unit: Unit, request: CommentAsLeader) -> EvaluationView:
    """领导点评: achievement, problem and direction, all three (G2), and every indicator (G12).  A later one replaces it."""
    before = permitted(unit, unit.books.evaluations.get(request.evaluation_id))
    comment = Comment(
        leader_id=unit.actor.person_id, leader_name=unit.actor.name, achievement=request.achievement,
        problem=request.problem, direction=request.direction, scores=tuple((s.indicator, s.score) for s in request.scores))
    after = before.commented(comment, unit.policy(ScoringPolicy, before.organisation_id).indicators)
    return view(unit, saved(unit, before, after, "commented"))
