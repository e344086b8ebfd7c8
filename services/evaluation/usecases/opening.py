"""评诺 begins: one evaluation for one published pledge of a member."""
from services.evaluation.domain.evaluation import Evaluation
from services.evaluation.domain.pledged import PUBLIC
from services.evaluation.domain.refusals import NoEvaluation
from services.evaluation.usecases.facts import facts
from services.evaluation.usecases.finding import permit, policy_version
from services.evaluation.usecases.viewing import view
from wire.contracts.calls import NotFound
from wire.contracts.evaluation import EvaluationOpened, EvaluationView, OpenEvaluation
from wire.contracts.ports import Unit

NO_PLEDGE = "没有找到这份已亮诺的承诺，请在承诺列表中核对；刚刚亮诺的，请稍等片刻再试。"


def open_evaluation(unit: Unit, request: OpenEvaluation) -> EvaluationView:
    """Begin the evaluation of a published pledge (G3, G8).  Again for the same pledge: the same evaluation, nothing announced.

    Refuses what is not public, and an organisation's own pledge.
    """
    pledged = unit.books.pledged.get(request.pledge_id)
    if pledged is None:
        raise NotFound(NO_PLEDGE)
    permit(unit, pledged.organisation_id, pledged.member_id, NO_PLEDGE)
    known = unit.books.evaluations.of_pledge(pledged.pledge_id)
    if known is not None:
        return view(unit, known)
    if pledged.state not in PUBLIC:
        raise NoEvaluation("这份承诺已经终止，不再评诺；请在承诺列表中选择已亮诺的承诺。")
    if not pledged.member_id:
        raise NoEvaluation("这是党组织的承诺，由上级党组织评议；这里请选择党员个人的承诺。")
    evaluation = Evaluation(
        id=unit.new_id("evl"), organisation_id=pledged.organisation_id, member_id=pledged.member_id,
        member_name=pledged.pledgor_name, pledge_id=pledged.pledge_id, year=pledged.year,
        policy_version=policy_version(unit, pledged.organisation_id), acted_by=unit.actor.person_id,
        acted_by_name=unit.actor.name, acted_at=unit.now)
    unit.books.evaluations.add(evaluation)
    unit.announce(facts(EvaluationOpened, evaluation))
    return view(unit, evaluation)
