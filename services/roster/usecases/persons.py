"""Who is meant: a member, a person known already, or a new one.  One human being is one person (X50)."""
from typing import Any

from services.roster.domain import reading
from services.roster.domain.grant import Grant, Person
from services.roster.domain.refusals import NameKnown, NotActive, NotForOneself
from services.roster.usecases.finding import NO_MEMBER, name_of, read
from wire.contracts.actor import Role
from wire.contracts.calls import NotFound
from wire.contracts.ports import Unit
from wire.contracts.roster import ListMembers

NO_PERSON = "没有找到这个人，请重新选择，或按新人员填写姓名。"


def person_meant(unit: Unit, said: Any) -> Person:
    """The person of ``member_id``, ``person_id`` or, where both are empty, a new one of ``person_name``.

    A person who turned out to be a member is that member.  A new one with the name of a member, or of somebody else who
    acts here, is asked back, unless ``another`` says that it is another person.
    """
    wanted = said.member_id or said.person_id
    if not wanted:
        name = read("person_name", reading.name, said.person_name, figures=getattr(said, "role", "") == Role.SYSTEM)
        if not said.another:
            _ask_back(unit, type(said), name)
        person = Person(id=unit.new_id("prs"), name=name)
        unit.books.persons.add(person)
        return person
    if not said.member_id and (person := unit.books.persons.get(wanted)) is not None:
        if not person.member_id:
            return person
        wanted = person.member_id
    member = unit.books.members.get(wanted)
    if member is None:
        raise NotFound(NO_MEMBER if said.member_id else NO_PERSON)
    if member.state != "active":
        raise NotActive(member.name)
    return Person(id=member.id, name=member.name, member_id=member.id)


def _ask_back(unit: Unit, request: type, name: str) -> None:
    """Raise NameKnown where somebody has this name: told apart where the actor may see them, else only said to be there."""
    members, others = unit.books.members.named(name), unit.books.persons.acting([name])
    persons: dict[str, str] = {}
    for person, organisation_id in others:
        if person.id not in persons and unit.may(request, organisation_id):
            persons[person.id] = f"{name}（不是党员，{name_of(unit, organisation_id)}）"
    seen = [f"{name}（{name_of(unit, m.organisation_id)}，编号 {m.code}）" for m in members if unit.may(ListMembers, m.organisation_id)]
    hidden = len(members) + len({person.id for person, _ in others}) - len(seen) - len(persons)
    if members or others:
        raise NameKnown([*seen, *persons.values()], persons, hidden)


def not_oneself(unit: Unit, thing: Person | Grant) -> None:
    """Nobody gives to or confirms for themselves."""
    who = thing.person_id if isinstance(thing, Grant) else thing.id
    if who == unit.actor.person_id or thing.member_id and thing.member_id == unit.actor.member_id:
        raise NotForOneself
