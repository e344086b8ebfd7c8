"""联系点, 分管, 定点联系 and the leading group 领导小组: who looks after which organisation, from when to when (A15, A16)."""
from dataclasses import fields

from services.roster.domain import assignment as rules
from services.roster.domain.assignment import Assignment
from services.roster.usecases.finding import day, seen_there
from services.roster.usecases.persons import person_meant
from services.roster.usecases.shaping import seen, standing
from wire.contracts.ports import Unit
from wire.contracts.roster import ASSIGNMENT_KINDS, Assign, AssignmentView, EndAssignment, ListAssignments

NO_ASSIGNMENT = "没有找到这项分工，可能不在您管理的范围内，请返回列表重新选择。"


def assign(unit: Unit, request: Assign) -> AssignmentView:
    """A person looks after an organisation.  The same again answers the one there is; no grant follows from it.

    Asks back for a new person with the name of somebody known (NameKnown, X50).
    """
    unit.permit(request.organisation_id)
    place = standing(unit, request.organisation_id)
    since = day(unit, request.since, "since")
    person = person_meant(unit, request)
    there = unit.books.assignments.at(place.id)
    for other in there:
        if (other.kind, other.person_id, other.until) == (request.kind, person.id, None):
            return _view(other, place.name)
    made = Assignment(id=unit.new_id("asg"), kind=request.kind, organisation_id=place.id, person_id=person.id, person_name=person.name,
                      member_id=person.member_id, rank=request.rank, since=since)
    rules.check(made, there, place.kind, ASSIGNMENT_KINDS)
    unit.books.assignments.add(made)
    remember(unit, made, "assigned")
    return _view(made, place.name)


def end_assignment(unit: Unit, request: EndAssignment) -> AssignmentView:
    """Over from that day (today).  A second call changes nothing."""
    found = seen_there(unit, unit.books.assignments.get(request.assignment_id), ListAssignments, NO_ASSIGNMENT)
    ended = found.end(day(unit, request.until, "until"))
    if ended is not found:
        unit.books.assignments.save([ended])
        remember(unit, ended, "ended")
    return _view(ended, seen(unit, ended.organisation_id).name)


def remember(unit: Unit, one: Assignment, what: str) -> None:
    """Its line of history."""
    unit.remember("roster.assignment", one.id, one.version, what, {
        field.name: str(getattr(one, field.name) or "") for field in fields(one) if field.name != "version"})


def _view(one: Assignment, organisation_name: str) -> AssignmentView:
    said = {field.name: getattr(one, field.name) for field in fields(one)}
    return AssignmentView(assignment_id=said.pop("id"), organisation_name=organisation_name, **said)
