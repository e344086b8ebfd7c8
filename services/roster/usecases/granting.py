"""Giving, confirming and ending grants: by hand, never by spreadsheet (X45)."""
from services.roster.domain.grant import MEMBER, Grant, keep_apart, own
from services.roster.domain.organisation import Organisation
from services.roster.domain.refusals import Incomplete, MemberGrantIsAutomatic, NotAPerson
from services.roster.usecases.finding import NO_MEMBER, NO_ORGANISATION, name_of, seen_there
from services.roster.usecases.following import keep_an_office
from services.roster.usecases.merging import hand_over
from services.roster.usecases.persons import NO_PERSON, not_oneself, person_meant
from services.roster.usecases.telling import announce_grant, grant_view
from wire.contracts.actor import ROLE_LABELS, Role
from wire.contracts.calls import NotFound
from wire.contracts.ports import Unit
from wire.contracts.roster import CONFIRMED_MOST, ConfirmGrants, EndGrant, GiveGrant, GrantView, LinkPerson, ListGrants, ListWaiting

NO_GRANT = "没有找到这项权限，可能不在您管理的范围内，请返回列表重新打开。"
LABELS = {role.value: label for role, label in ROLE_LABELS.items()}


def give_grant(unit: Unit, request: GiveGrant) -> GrantView:
    """Let a person act in a role over an organisation; a role that decides waits until it is confirmed (X45).

    A member is named by ``member_id``; somebody else by ``person_id``, or by name alone when new.  The same grant again
    answers the one there is and announces nothing.  Refuses to give to oneself, to let one person hold two of the three
    administrations (X19), and the plain member's grant anywhere but at home.
    """
    unit.permit(request.organisation_id)
    unit.books.organisations.root(hold=True)
    organisation = unit.books.organisations.get(request.organisation_id)
    if organisation is None:
        raise NotFound(NO_ORGANISATION)
    if request.role == MEMBER:
        return _own(unit, request, organisation)
    person = person_meant(unit, request)
    held = unit.books.grants.held_by([person.id])
    for grant in held:
        if grant.role == request.role and grant.organisation_id == organisation.id and not grant.position_id:
            return grant_view(grant, organisation.name)
    not_oneself(unit, person)
    keep_apart(request.role, held, LABELS)
    grant = Grant(id=unit.new_id("grt"), person_id=person.id, person_name=person.name, member_id=person.member_id, role=request.role,
                  organisation_id=organisation.id)
    unit.books.grants.add_many([grant])
    announce_grant(unit, grant)
    return grant_view(grant, organisation.name)


def confirm_grants(unit: Unit, request: ConfirmGrants) -> tuple[GrantView, ...]:
    """Let deciding grants work from now on: all of these, or none.  Again: the same answer, announced once.

    Refuses one's own, one that has ended, and whoever does not stand above it.
    """
    unit.books.organisations.root(hold=True)
    wanted = list(dict.fromkeys(request.grant_ids))
    if len(wanted) > CONFIRMED_MOST:
        raise Incomplete("grant_ids", f"一次最多确认 {CONFIRMED_MOST} 项，现在勾选了 {len(wanted)} 项，请分几次确认。")
    found = {grant.id: grant for grant in unit.books.grants.get_many(wanted)}
    changed, views = [], []
    for grant_id in wanted:
        grant = found.get(grant_id)
        if grant is None or not (unit.may(ListWaiting, grant.organisation_id) or unit.may(ListGrants, grant.organisation_id)):
            raise NotFound(NO_GRANT)
        unit.permit(grant.organisation_id)
        after = grant.confirm()
        if after is not grant:
            not_oneself(unit, grant)
            changed.append(after)
        views.append(grant_view(after, name_of(unit, grant.organisation_id)))
    if not wanted:
        raise NotFound("请先勾选要确认的权限。")
    unit.books.grants.save_many(changed)
    for grant in changed:
        announce_grant(unit, grant)
    return tuple(views)


def end_grant(unit: Unit, request: EndGrant) -> GrantView:
    """End a grant at once (X49).  A second call answers the same and announces nothing.

    Refuses the plain member's grant, which follows the roll, and the county's last administrator.
    """
    member = unit.books.members.get(request.grant_id)
    grant = seen_there(unit, own(member) if member else unit.books.grants.get(request.grant_id), ListGrants, NO_GRANT)
    unit.books.organisations.root(hold=True)
    if grant.state != "ended":
        if grant.role == MEMBER:
            raise MemberGrantIsAutomatic
        keep_an_office(unit, grant)
        grant = grant.end()
        unit.books.grants.save_many([grant])
        announce_grant(unit, grant)
    return grant_view(grant, name_of(unit, grant.organisation_id))


def link_person(unit: Unit, request: LinkPerson) -> tuple[GrantView, ...]:
    """A person entered by name is this member: grants, positions and assignments go over, confirmed grants stay so (X50).

    Refuses where the two together would hold two of the three administrations (X19), to link oneself, and a
    数据接口, which is another system and no person (X48).  A second call changes nothing.
    """
    unit.books.organisations.root(hold=True)
    member = unit.books.members.get(request.member_id)
    if member is None:
        raise NotFound(NO_MEMBER)
    unit.permit(member.organisation_id)
    person = unit.books.persons.get(request.person_id)
    if person is None:
        raise NotFound(NO_PERSON)
    if unit.books.grants.roles_of(person.id) == {Role.SYSTEM}:
        raise NotAPerson(person.name)
    for held in (*unit.books.grants.held_by([person.id]), *unit.books.assignments.standing_of([person.id])):
        unit.permit(held.organisation_id)
    if person.member_id != member.id:
        not_oneself(unit, person)
        member.on_the_roll()
        hand_over(unit, person.id, member)
        unit.books.persons.link(person.id, member.id)
        unit.remember("roster.person", person.id, 1, "roster.person.linked", {"name": person.name, "member_id": member.id})
    return tuple(grant_view(grant, name_of(unit, grant.organisation_id)) for grant in (own(member), *unit.books.grants.held_by([member.id])))


def _own(unit: Unit, request: GiveGrant, organisation: Organisation) -> GrantView:
    """What a member holds at home; anywhere else, and whoever is no member, is refused."""
    if request.member_id or request.person_id:
        member = unit.books.members.get(person_meant(unit, request).member_id)
        if member is not None and member.organisation_id == organisation.id:
            return grant_view(own(member), organisation.name)
    raise MemberGrantIsAutomatic
