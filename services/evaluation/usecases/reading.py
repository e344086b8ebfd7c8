"""Reading evaluations, each viewer by what they may see."""
from services.evaluation.usecases.finding import oversees, permitted
from services.evaluation.usecases.viewing import view
from wire.contracts.evaluation import EvaluationLine, EvaluationView, ListEvaluations, ReadEvaluation
from wire.contracts.ports import Unit


def read_evaluation(unit: Unit, request: ReadEvaluation) -> EvaluationView:
    """A plain member of the branch sees what evaluating asks of them; scores only of themselves."""
    return view(unit, permitted(unit, unit.books.evaluations.peek(request.evaluation_id)))


def list_evaluations(unit: Unit, request: ListEvaluations) -> tuple[EvaluationLine, ...]:
    """The evaluations of one organisation and year by name; a plain member sees score and grade only of themselves."""
    unit.permit(request.organisation_id)
    over, me = oversees(unit, request.organisation_id), unit.actor.member_id
    lines = unit.books.evaluations.of_year(unit.directory.with_groups(request.organisation_id), request.year)
    return tuple(EvaluationLine(**line | ({} if over or line["member_id"] == me else {"score": None, "grade": None}))
                 for line in lines)
