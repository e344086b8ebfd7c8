"""Giving and ending grants: by hand, one by one, never by spreadsheet (X45)."""
from services.roster.domain import reading
from services.roster.domain.grant import MEMBER, OFFICE, Grant, Person, keep_apart
from services.roster.domain.reading import Odd
from services.roster.domain.refusals import Incomplete, LastOffice, MemberGrantIsAutomatic, NotActive, NotForOneself
from services.roster.usecases.telling import announce_grant, grant_view
from wire.contracts.actor import ROLE_LABELS
from wire.contracts.calls import NotFound
from wire.contracts.ports import Unit
from wire.contracts.roster import EndGrant, GiveGrant, GrantView, ListGrants

NO_ORGANISATION = "没有找到这个党组织，请返回列表重新选择。"
NO_MEMBER = "没有找到这名党员，请返回名册重新选择。"
NO_PERSON = "没有找到这个人，请重新选择，或按新人员填写姓名。"
NO_GRANT = "没有找到这项权限，可能不在您管理的范围内，请返回列表重新打开。"


def give_grant(unit: Unit, request: GiveGrant) -> GrantView:
    """Let a person act in a role over an organisation.

    A member is named by ``member_id``; somebody else by ``person_id``, or by name alone when new.  The same grant again
    answers the one there is and announces nothing.  Refuses to give to oneself, to let one person hold two of the three
    administrations (X19), and the plain member's grant anywhere but at home.
    """
    unit.permit(request.organisation_id)
    unit.books.organisations.root(hold=True)
    organisation = unit.books.organisations.get(request.organisation_id)
    if organisation is None:
        raise NotFound(NO_ORGANISATION)
    person, member_id = _who(unit, request)
    held = unit.books.grants.held_by([person.id])
    for grant in held:
        if grant.role == request.role and grant.organisation_id == organisation.id:
            return grant_view(grant, organisation.name)
    if person.id == unit.actor.person_id or member_id and member_id == unit.actor.member_id:
        raise NotForOneself
    if request.role == MEMBER:
        raise MemberGrantIsAutomatic
    keep_apart(request.role, held, {role.value: label for role, label in ROLE_LABELS.items()})
    grant = Grant(id=unit.new_id("grt"), person_id=person.id, person_name=person.name, member_id=member_id, role=request.role,
                  organisation_id=organisation.id)
    unit.books.grants.add_many([grant])
    announce_grant(unit, grant)
    return grant_view(grant, organisation.name)


def end_grant(unit: Unit, request: EndGrant) -> GrantView:
    """End a grant at once (X49).  A second call answers the same and announces nothing.

    Refuses the plain member's grant, which follows the roll, and the county's last administrator.
    """
    grant = unit.books.grants.get(request.grant_id)
    if grant is None or not unit.may(ListGrants, grant.organisation_id):
        raise NotFound(NO_GRANT)
    unit.permit(grant.organisation_id)
    root = unit.books.organisations.root(hold=True)
    organisation = unit.books.organisations.get(grant.organisation_id)
    if grant.state == "given":
        if grant.role == MEMBER:
            raise MemberGrantIsAutomatic
        if grant.role == OFFICE and grant.organisation_id == root.id and len(unit.books.grants.holders(root.id, OFFICE)) == 1:
            raise LastOffice
        grant = grant.end()
        unit.books.grants.save_many([grant])
        announce_grant(unit, grant)
    return grant_view(grant, organisation.name)


def _who(unit: Unit, request: GiveGrant) -> tuple[Person, str]:
    """The person, and their member's id where they are one.  A new person is entered."""
    wanted = request.member_id or request.person_id
    if not wanted:
        try:
            person = Person(id=unit.new_id("prs"), name=reading.name(request.person_name))
        except Odd as odd:
            raise Incomplete("person_name", odd.sentence) from None
        if request.role == MEMBER:
            raise MemberGrantIsAutomatic
        unit.books.persons.add(person)
        return person, ""
    if (member := unit.books.members.get(wanted)) is not None:
        if member.state != "active":
            raise NotActive(member.name)
        return Person(id=member.id, name=member.name), member.id
    if request.member_id:
        raise NotFound(NO_MEMBER)
    if (person := unit.books.persons.get(wanted)) is None:
        raise NotFound(NO_PERSON)
    return person, ""
