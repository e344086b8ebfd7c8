"""Who is meant: a member, a person known already, or a new one.  One human being is one person (X50)."""
from typing import Any

from services.roster.domain import reading
from services.roster.domain.grant import Grant, Person
from services.roster.domain.refusals import NameKnown, NotActive, NotForOneself
from services.roster.usecases.finding import NO_MEMBER, name_of, read
from wire.contracts.actor import ROLE_LABELS, Role
from wire.contracts.calls import NotFound
from wire.contracts.ports import Unit

NO_PERSON = "没有找到这个人，请重新选择，或按新人员填写姓名。"
NAMES_SHOWN = 3


def person_meant(unit: Unit, said: Any) -> Person:
    """The person of ``member_id``, ``person_id`` or, where both are empty, a new one of ``person_name``.

    A person who turned out to be a member is that member.  A new one with the name of a member, or of somebody else who holds a
    grant, is asked back, unless ``another`` says that it is another person.
    """
    wanted = said.member_id or said.person_id
    if not wanted:
        name = read("person_name", reading.name, said.person_name, figures=getattr(said, "role", "") == Role.SYSTEM)
        if not said.another and (known := _known_as(unit, name)):
            raise NameKnown("、".join(known[:NAMES_SHOWN]) + (" 等" if len(known) > NAMES_SHOWN else ""))
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


def _known_as(unit: Unit, name: str) -> list[str]:
    """Everybody of this name who acts here, or could, each as they are told apart."""
    members = [f"{m.name}（{name_of(unit, m.organisation_id)}，编号 {m.code}）" for m in unit.books.members.named(name)]
    others = {g.person_id: f"{g.person_name}（不是党员，{name_of(unit, g.organisation_id)}{ROLE_LABELS[Role(g.role)]}）"
              for g in unit.books.grants.of_strangers(name)}
    return [*members, *others.values()]


def not_oneself(unit: Unit, thing: Person | Grant) -> None:
    """Nobody gives to or confirms for themselves."""
    who = thing.person_id if isinstance(thing, Grant) else thing.id
    if who == unit.actor.person_id or thing.member_id and thing.member_id == unit.actor.member_id:
        raise NotForOneself
