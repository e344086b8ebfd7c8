"""New units 新单位: entered, covered by an organisation in time, closed (A17)."""
from services.roster.domain import reading
from services.roster.domain.policy import NewUnitPolicy
from services.roster.domain.refusals import Ended, Incomplete, NameTaken
from services.roster.domain.workplace import CLOSED, COVERED, OVERDUE, WAITING, Workplace
from services.roster.usecases.finding import day, name_of, read, seen_there
from services.roster.usecases.policy_parts import parts_of
from services.roster.usecases.shaping import seen, standing
from wire.contracts.ports import Unit
from wire.contracts.roster import (
    CloseWorkplace, CoverWorkplace, ListWorkplaces, RegisterWorkplace, WorkplacePage, WorkplaceView,
)

NO_WORKPLACE = "没有找到这个单位，可能不在您管理的范围内，请返回列表重新选择。"


def register_workplace(unit: Unit, request: RegisterWorkplace) -> WorkplaceView:
    """A unit came into being: from that day the months count.  Refuses the future, and a name that stands there already."""
    unit.permit(request.organisation_id)
    keeper = standing(unit, request.organisation_id)
    name = read("name", reading.title, request.name, label="单位名称", least=2, limit=100)
    if any(other.name == name and other.state != CLOSED for other in unit.books.workplaces.at(keeper.id)):
        raise NameTaken(name)
    set_up_on = day(unit, request.set_up_on, "set_up_on")
    made = Workplace(id=unit.new_id("wkp"), name=name, sector=request.sector, organisation_id=keeper.id, set_up_on=set_up_on,
                     since=set_up_on)
    unit.books.workplaces.add(made)
    return told(unit, made, "registered")


def cover_workplace(unit: Unit, request: CoverWorkplace) -> WorkplaceView:
    """An organisation covers it.  The same one again changes nothing."""
    workplace = _known(unit, request.workplace_id)
    by = unit.books.organisations.get(request.covered_by)
    if by is None or not unit.may(ListWorkplaces, by.id) and not unit.directory.within(by.id, workplace.organisation_id):
        raise Incomplete("covered_by", "没有找到这个党组织，请从列表中选择。")
    if not by.active:
        raise Ended(by.name)
    if workplace.state == CLOSED:
        raise Incomplete("workplace_id", "这个单位已经注销，不用再组建；如登记有误，请重新登记。")
    if workplace.covered_by == by.id:
        return view(unit, workplace)
    return _saved(unit, workplace.cover(by.id, day(unit, request.covered_on, "covered_on")), "covered")


def close_workplace(unit: Unit, request: CloseWorkplace) -> WorkplaceView:
    """It is no more.  A second call changes nothing."""
    workplace = _known(unit, request.workplace_id)
    if workplace.state == CLOSED:
        return view(unit, workplace)
    return _saved(unit, workplace.told_again(state=CLOSED, closed_because=request.because.strip()), "closed")


def list_workplaces(unit: Unit, request: ListWorkplaces) -> WorkplacePage:
    """Units to be seen to at or below an organisation, the longest overdue first; counted over all the search finds."""
    unit.permit(request.organisation_id)
    above = seen(unit, request.organisation_id)
    parts = parts_of(unit, NewUnitPolicy, above)
    found, counted, following = unit.books.workplaces.page(
        above.path, months=[(path, policy.months) for path, policy in parts], today=unit.today, state=request.state,
        search=request.search.strip(), after=request.after, limit=request.limit)
    named = unit.books.organisations.get_many({id_ for one in found for id_ in (one.organisation_id, one.covered_by)})
    names = {one.id: one.name for one in named}
    return WorkplacePage(workplaces=tuple(view(unit, one, names) for one in found), overdue=counted[OVERDUE], waiting=counted[WAITING],
                         covered=counted[COVERED], next=following)


def view(unit: Unit, workplace: Workplace, names: dict[str, str] | None = None) -> WorkplaceView:
    """As it is shown today; ``names``: of organisations that were asked for already."""
    name = (lambda id_: name_of(unit, id_)) if names is None else (lambda id_: names.get(id_, ""))
    months = unit.policy(NewUnitPolicy, workplace.organisation_id).months
    return WorkplaceView(
        workplace_id=workplace.id, name=workplace.name, sector=workplace.sector, organisation_id=workplace.organisation_id,
        organisation_name=name(workplace.organisation_id), set_up_on=workplace.set_up_on, due_on=workplace.due_on(months),
        covered_by=workplace.covered_by, covered_by_name=name(workplace.covered_by), covered_on=workplace.covered_on,
        state=workplace.standing(months, unit.today), closed_because=workplace.closed_because, version=workplace.version)


def told(unit: Unit, workplace: Workplace, what: str) -> WorkplaceView:
    """Its line of history, and how it is shown."""
    unit.remember("roster.workplace", workplace.id, workplace.version, what, {
        "name": workplace.name, "organisation_id": workplace.organisation_id, "covered_by": workplace.covered_by,
        "covered_on": str(workplace.covered_on or ""), "since": str(workplace.since), "state": workplace.state,
        "closed_because": workplace.closed_because})
    return view(unit, workplace)


def _saved(unit: Unit, workplace: Workplace, what: str) -> WorkplaceView:
    unit.books.workplaces.save([workplace])
    return told(unit, workplace, what)


def _known(unit: Unit, workplace_id: str) -> Workplace:
    return seen_there(unit, unit.books.workplaces.get(workplace_id), ListWorkplaces, NO_WORKPLACE)
