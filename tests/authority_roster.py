"""A valid request for every call of the roster, aimed at a given organisation; for the authority matrix."""
import secrets
from datetime import date

from tests import authority_sheets as sheets
from tests import authority_tree as tree
from tests.fakes_roster import administrator
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.roster import (
    AdoptPolicies, CheckMembers, CheckOrganisations, EndGrant, GiveGrant, ListAdoptions, ListGrants, ListMembers, ListOrganisations,
    MeasurePolicy, MemberRow, OrganisationRow, RegisterMembers, RegisterOrganisations,
)


def acting(view) -> Actor:
    """Whoever was given this grant."""
    return Actor(kind="person", person_id=view.person_id, name=view.person_name, member_id=view.member_id, grants=(
        HeldGrant(grant_id=view.grant_id, role=view.role, organisation_id=view.organisation_id),))


def code_of(house, organisation_id: str) -> str:
    with house.reading("roster") as unit:
        return unit.books.organisations.get(organisation_id).code


def _member_row(house, organisation_id: str) -> tuple[MemberRow, ...]:
    mark = secrets.token_hex(4)
    return (MemberRow(row=2, code=f"M{mark}", name="何小满", kind="正式党员", organisation_code=code_of(house, organisation_id)),)


def _organisation_row(house, organisation_id: str) -> tuple[OrganisationRow, ...]:
    """A group below the organisation, which is a branch."""
    mark = secrets.token_hex(4)
    return (OrganisationRow(row=2, code=f"G{mark}", name=f"党小组{mark}", kind="党小组", sector="农村",
                            parent_code=code_of(house, organisation_id)),)


def _a_grant(house, organisation_id: str) -> str:
    request = GiveGrant(organisation_id=organisation_id, role="clerk", person_name="何小满")
    return house.call(administrator(house), request).grant_id


FACTORIES = tree.FACTORIES | sheets.FACTORIES | {
    CheckOrganisations: lambda house, organisation_id: CheckOrganisations(rows=_organisation_row(house, organisation_id)),
    RegisterOrganisations: lambda house, organisation_id: RegisterOrganisations(rows=_organisation_row(house, organisation_id)),
    CheckMembers: lambda house, organisation_id: CheckMembers(rows=_member_row(house, organisation_id)),
    RegisterMembers: lambda house, organisation_id: RegisterMembers(rows=_member_row(house, organisation_id)),
    ListOrganisations: lambda house, organisation_id: ListOrganisations(organisation_id=organisation_id),
    ListMembers: lambda house, organisation_id: ListMembers(organisation_id=organisation_id),
    GiveGrant: lambda house, organisation_id: GiveGrant(organisation_id=organisation_id, role="clerk", person_name="何小满"),
    EndGrant: lambda house, organisation_id: EndGrant(grant_id=_a_grant(house, organisation_id)),
    AdoptPolicies: lambda house, organisation_id: AdoptPolicies(organisation_id=organisation_id, starts_on=date(2099, 1, 1), policies=()),
    ListAdoptions: lambda house, organisation_id: ListAdoptions(organisation_id=organisation_id),
    MeasurePolicy: lambda house, organisation_id: MeasurePolicy(
        organisation_id=organisation_id, document="pledge.ReviewPolicy", starts_on=date(2099, 1, 1)),
    ListGrants: lambda house, organisation_id: ListGrants(organisation_id=organisation_id),
}
