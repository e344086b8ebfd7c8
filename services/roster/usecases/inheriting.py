"""What stands beside an organisation when it ends: passed on to what it became part of, or wound up with it."""
from services.roster.domain.organisation import Organisation
from services.roster.domain.workplace import CLOSED
from services.roster.domain.zone import ACTIVE
from services.roster.usecases import assigning, covering, representing, systems
from services.roster.usecases.zoning import announce_zone
from wire.contracts.ports import Unit


def pass_on(unit: Unit, one: Organisation, into: Organisation) -> None:
    """Merged: zones in use, representatives, assignments that go on, and units to see to or covered are the other's from now on.

    What was over before stays attributed to the organisation it was over in.
    """
    books = unit.books
    for zone in books.zones.at(one.id):
        if zone.state == ACTIVE:
            moved = zone.told_again(organisation_id=into.id)
            books.zones.save([moved])
            announce_zone(unit, moved)
    standing = {(other.kind, other.person_id) for other in books.assignments.at(into.id) if other.until is None}
    heads = {kind for kind, _ in standing if kind in assigning.rules.ALONE}
    for assignment in books.assignments.at(one.id):
        if assignment.until is None:
            twice = (assignment.kind, assignment.person_id) in standing or assignment.kind in heads
            after = assignment.end(unit.today) if twice else assignment.carried_to(into.id)
            books.assignments.save([after])
            assigning.remember(unit, after, "merged")
    for representative in books.representatives.at(one.id):
        if representative.state == ACTIVE:
            moved = representative.told_again(organisation_id=into.id)
            books.representatives.save([moved])
            representing.announce(unit, moved)
    _seen_to_by(unit, one, into)
    for workplace in books.workplaces.covered_by(one.id):
        if workplace.state != CLOSED:
            moved = workplace.told_again(covered_by=into.id)
            books.workplaces.save([moved])
            covering.told(unit, moved, "merged")


def wind_up(unit: Unit, one: Organisation) -> None:
    """Dissolved: zones, representatives and assignments end; units it covered wait anew, and those it was to see to are seen to from above."""
    books = unit.books
    for zone in books.zones.at(one.id):
        if zone.state == ACTIVE:
            ended = zone.end(unit.today)
            books.zones.save([ended])
            announce_zone(unit, ended)
    for assignment in books.assignments.at(one.id):
        if assignment.until is None:
            ended = assignment.end(unit.today)
            books.assignments.save([ended])
            assigning.remember(unit, ended, "dissolved")
    for representative in books.representatives.at(one.id):
        if representative.state == ACTIVE:
            ended = representative.end(unit.today)
            books.representatives.save([ended])
            representing.announce(unit, ended)
    above = books.organisations.get(one.parent_id)
    _seen_to_by(unit, one, above)
    for workplace in books.workplaces.covered_by(one.id):
        if workplace.state != CLOSED:
            bare = workplace.uncovered(unit.today)
            books.workplaces.save([bare])
            covering.told(unit, bare, "uncovered")


def _seen_to_by(unit: Unit, one: Organisation, other: Organisation) -> None:
    """New units that are still there, and systems in use that it guided, are the other's care."""
    for workplace in unit.books.workplaces.at(one.id):
        if workplace.state != CLOSED:
            moved = workplace.told_again(organisation_id=other.id)
            unit.books.workplaces.save([moved])
            covering.told(unit, moved, "moved")
    for system in unit.books.systems.at(one.id):
        if system.active:
            moved = system.told_again(organisation_id=other.id)
            unit.books.systems.save([moved])
            systems.remember(unit, moved, "moved")
