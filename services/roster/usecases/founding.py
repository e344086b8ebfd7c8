"""The first step on an empty system."""
from collections.abc import Callable
from typing import Any

from services.roster.domain import organisation, reading
from services.roster.domain.grant import OFFICE, Grant, Person
from services.roster.domain.reading import Odd
from services.roster.domain.refusals import AlreadyFounded, Incomplete
from services.roster.usecases.telling import announce_grant, announce_organisation
from wire.contracts.ports import Unit
from wire.contracts.roster import CountyFounded, FoundCounty


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
                  organisation_id=root.id)
    if not unit.books.organisations.found(root):
        raise AlreadyFounded
    unit.books.persons.add(person)
    unit.books.grants.add_many([grant])
    announce_organisation(unit, root)
    announce_grant(unit, grant)
    return CountyFounded(organisation_id=root.id, person_id=person.id, grant_id=grant.id)


def _read(field: str, read: Callable[..., str], cell: str, **options: Any) -> str:
    try:
        return read(cell, **options)
    except Odd as odd:
        raise Incomplete(field, odd.sentence) from None
