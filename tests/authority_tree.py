"""A valid request for every call about the tree of organisations and what stands beside it; for the authority matrix."""
import secrets

from tests.fakes_roster import administrator
from wire.contracts.roster import (
    ChangeOrganisation, DefineSystem, DissolveOrganisation, EndSystem, ListSystems, MergeOrganisations, MoveOrganisation,
    ReadOrganisation, ReadSystem, RegisterOrganisation,
)


def a_group(house, organisation_id: str):
    """A new party group below the organisation, which is a branch: what is done to it is asked for within that branch."""
    mark = secrets.token_hex(4)
    return house.call(administrator(house), RegisterOrganisation(
        parent_id=organisation_id, code=f"G{mark}", name=f"党小组{mark}", kind="group", sector="rural"))


def a_system(house, organisation_id: str) -> str:
    request = DefineSystem(name=f"条线{secrets.token_hex(4)}", organisation_id=organisation_id)
    return house.call(administrator(house), request).system_id


def _change(house, organisation_id: str) -> ChangeOrganisation:
    group = a_group(house, organisation_id)
    return ChangeOrganisation(organisation_id=group.organisation_id, version=group.version, name=f"{group.name}改", kind="group", sector="rural")


FACTORIES = {
    ReadOrganisation: lambda house, organisation_id: ReadOrganisation(organisation_id=organisation_id),
    RegisterOrganisation: lambda house, organisation_id: RegisterOrganisation(
        parent_id=organisation_id, code=f"G{secrets.token_hex(4)}", name=f"党小组{secrets.token_hex(4)}", kind="group", sector="rural"),
    ChangeOrganisation: _change,
    MoveOrganisation: lambda house, organisation_id: MoveOrganisation(
        organisation_id=a_group(house, organisation_id).organisation_id, parent_id=organisation_id),
    MergeOrganisations: lambda house, organisation_id: MergeOrganisations(
        organisation_id=a_group(house, organisation_id).organisation_id, into_id=a_group(house, organisation_id).organisation_id,
        because="两组合并办公"),
    DissolveOrganisation: lambda house, organisation_id: DissolveOrganisation(
        organisation_id=a_group(house, organisation_id).organisation_id, because="没有党员了"),
    DefineSystem: lambda house, organisation_id: DefineSystem(name=f"条线{secrets.token_hex(4)}", organisation_id=organisation_id),
    EndSystem: lambda house, organisation_id: EndSystem(system_id=a_system(house, organisation_id)),
    ListSystems: lambda house, organisation_id: ListSystems(organisation_id=organisation_id),
    ReadSystem: lambda house, organisation_id: ReadSystem(system_id=a_system(house, organisation_id)),
}
