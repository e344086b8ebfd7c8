"""The first steps on an empty system: the county with its administrator, then the two other administrators 三员."""
from collections.abc import Callable
from typing import Any

from services.roster.domain import organisation, reading
from services.roster.domain.grant import APART, OFFICE, Grant, Person
from services.roster.domain.reading import Odd
from services.roster.domain.refusals import AlreadyAppointed, AlreadyFounded, Incomplete, NotFounded, SamePerson
from services.roster.usecases.telling import announce_grant, announce_organisation, grant_view
from wire.contracts.actor import ROLE_LABELS, Role
from wire.contracts.ports import Unit
from wire.contracts.roster import AppointAdministrator, CountyFounded, FoundCounty, GrantView


def found_county(unit: Unit, request: FoundCounty) -> CountyFounded:
    """Set up the county committee 县委 and its first administrator 县级管理员, on an invitation.

    Refuses with AlreadyFounded once there is one, whoever asks; the later of two who ask at once, too.
    """
    if unit.books.organisations.root() is not None:
        raise AlreadyFounded
    code = _read("code", reading.code, request.code, label="县委编号")
    name = _read("name", reading.title, request.name, label="县委名称", least=2, limit=100)
    person = Person(id=unit.new_id("prs"), name=_read("person_name", reading.name, request.person_name))
    root = organisation.root(id=unit.new_id("org"), code=code, name=name)
    grant = Grant(id=unit.new_id("grt"), person_id=person.id, person_name=person.name, member_id="", role=OFFICE,
                  organisation_id=root.id, state="confirmed")
    if not unit.books.organisations.found(root):
        raise AlreadyFounded
    unit.books.persons.add(person)
    unit.books.grants.add_many([grant])
    announce_organisation(unit, root)
    announce_grant(unit, grant)
    return CountyFounded(organisation_id=root.id, person_id=person.id, grant_id=grant.id)


def appoint_administrator(unit: Unit, request: AppointAdministrator) -> GrantView:
    """Give the system or the audit administration of the county to its first holder, on an invitation.

    Refuses with NotFounded before there is a county, AlreadyAppointed once somebody holds the role over it, and with
    SamePerson whoever goes by the name of one of the other two administrators (X19).
    """
    root = unit.books.organisations.root(hold=True)
    if root is None:
        raise NotFounded
    name = _read("person_name", reading.name, request.person_name)
    for role in APART:
        for held in unit.books.grants.holders(root.id, role):
            if role == request.role:
                raise AlreadyAppointed(ROLE_LABELS[Role(role)])
            if held.person_name == name:
                raise SamePerson(name, ROLE_LABELS[Role(role)])
    person = Person(id=unit.new_id("prs"), name=name)
    grant = Grant(id=unit.new_id("grt"), person_id=person.id, person_name=name, member_id="", role=request.role, organisation_id=root.id)
    unit.books.persons.add(person)
    unit.books.grants.add_many([grant])
    announce_grant(unit, grant)
    return grant_view(grant, root.name)


def _read(field: str, read: Callable[..., str], cell: str, **options: Any) -> str:
    try:
        return read(cell, **options)
    except Odd as odd:
        raise Incomplete(field, odd.sentence) from None
