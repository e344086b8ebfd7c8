"""Reading evaluations, each viewer by what they may see."""
from services.evaluation.domain.pledged import PUBLIC
from services.evaluation.usecases.finding import oversees, permitted
from services.evaluation.usecases.viewing import view
from wire.contracts.evaluation import (
    EvaluationLine, EvaluationPage, EvaluationView, ListEvaluations, ListUnopened, ReadEvaluation, UnopenedLine, UnopenedPage,
)
from wire.contracts.ports import Unit


def read_evaluation(unit: Unit, request: ReadEvaluation) -> EvaluationView:
    """A plain member of the branch sees what evaluating asks of them; scores only of themselves."""
    return view(unit, permitted(unit, unit.books.evaluations.peek(request.evaluation_id)))


def list_evaluations(unit: Unit, request: ListEvaluations) -> EvaluationPage:
    """The evaluations of one organisation and year by name; a plain member sees score and grade only of themselves."""
    unit.permit(request.organisation_id)
    places = unit.directory.with_groups(request.organisation_id)
    if request.below:
        places = tuple(dict.fromkeys((request.organisation_id, *(one["id"] for one in unit.directory.at_or_below(request.organisation_id)))))
        unit.permit_all(places)
    over, me = oversees(unit, request.organisation_id), unit.actor.member_id
    lines, total, following = unit.books.evaluations.of_year(
        places, request.year, member_id=request.member_id, state=request.state,
        search=request.search.strip(), after=request.after, limit=request.limit)
    return EvaluationPage(total=total, next=following, items=tuple(
        EvaluationLine(**line | ({} if over or line["member_id"] == me else {"score": None, "grade": None})) for line in lines))


def list_unopened(unit: Unit, request: ListUnopened) -> UnopenedPage:
    """Members' published pledges nobody has begun to evaluate (G3, G8), as this service has heard of them."""
    unit.permit(request.organisation_id)
    lines, total, following = unit.books.pledged.unopened(
        unit.directory.with_groups(request.organisation_id), request.year, PUBLIC, search=request.search.strip(),
        after=request.after, limit=request.limit)
    return UnopenedPage(items=tuple(UnopenedLine(**line) for line in lines), total=total, next=following)
