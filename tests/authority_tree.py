"""A valid request for every call about the tree of organisations and what stands beside it; for the authority matrix."""
import secrets
from datetime import date

from tests.fakes_roster import administrator, member_rows
from wire.contracts.roster import (
    Assign, ChangeOrganisation, ChangeRepresentative, ChangeZone, CloseWorkplace, CoverWorkplace, DefineSystem, DissolveOrganisation, EndAssignment,
    EndRepresentative, EndSystem,
    EndZone, ExtendTerm, ListAssignments, ListElections, ListMembers, ListRepresentatives, ListSystems, ListWorkplaces, ListZones,
    MergeOrganisations, MoveOrganisation, OpenZone, ReadOrganisation, ReadSystem, RecordElection, RecordZoneMonth, SyncMembers,
    ReadRepresentativePhone, RegisterOrganisation, RegisterRepresentative,
    RegisterWorkplace, SyncedOrganisation, SyncOrganisations,
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


def _member(house, organisation_id: str) -> str:
    """Somebody new who keeps a zone there, so that nobody of the matrix is asked about their own."""
    office, mark = administrator(house), secrets.token_hex(4)
    with house.reading("roster") as unit:
        code = unit.books.organisations.get(organisation_id).code
    house.call(office, SyncMembers(rows=member_rows((f"Z{mark}", "何小满", code))))
    return house.call(office, ListMembers(organisation_id=organisation_id, search=f"Z{mark}")).members[0].member_id


def _open_zone(house, organisation_id: str) -> OpenZone:
    return OpenZone(organisation_id=organisation_id, name=f"责任区{secrets.token_hex(4)}", place="村口", member_ids=(
        _member(house, organisation_id),))


def a_zone(house, organisation_id: str):
    return house.call(administrator(house), _open_zone(house, organisation_id))


def _change_zone(house, organisation_id: str) -> ChangeZone:
    zone = a_zone(house, organisation_id)
    return ChangeZone(zone_id=zone.zone_id, version=zone.version, kind="pioneer", name=zone.name, place=zone.place, member_ids=tuple(
        one.member_id for one in zone.members))


def _record_month(house, organisation_id: str) -> RecordZoneMonth:
    zone = a_zone(house, organisation_id)
    return RecordZoneMonth(zone_id=zone.zone_id, month=zone.since.isoformat()[:7], no_accident=True, no_error=True, no_breach=True)


def _register_workplace(house, organisation_id: str) -> RegisterWorkplace:
    return RegisterWorkplace(organisation_id=organisation_id, name=f"茶厂{secrets.token_hex(4)}", sector="private_enterprise",
                             set_up_on=date(2026, 1, 5))


def a_workplace(house, organisation_id: str) -> str:
    return house.call(administrator(house), _register_workplace(house, organisation_id)).workplace_id


def _assign(house, organisation_id: str) -> Assign:
    return Assign(kind="contact_point", organisation_id=organisation_id, person_name="何小满", another=True, rank="county")


def an_assignment(house, organisation_id: str) -> str:
    return house.call(administrator(house), _assign(house, organisation_id)).assignment_id


def _register_representative(house, organisation_id: str) -> RegisterRepresentative:
    mark = "".join(secrets.choice("0123456789") for _ in range(9))
    return RegisterRepresentative(organisation_id=organisation_id, stratum="households", name="陶大安", phone=f"13{mark}", another=True)


def a_representative(house, organisation_id: str) -> str:
    return house.call(administrator(house), _register_representative(house, organisation_id)).representative_id


FACTORIES = {
    RegisterRepresentative: _register_representative,
    ChangeRepresentative: lambda house, organisation_id: ChangeRepresentative(
        representative_id=a_representative(house, organisation_id), version=1, stratum="users", name="陶大安", another=True),
    EndRepresentative: lambda house, organisation_id: EndRepresentative(representative_id=a_representative(house, organisation_id)),
    ListRepresentatives: lambda house, organisation_id: ListRepresentatives(organisation_id=organisation_id),
    ReadRepresentativePhone: lambda house, organisation_id: ReadRepresentativePhone(
        representative_id=a_representative(house, organisation_id)),
    SyncOrganisations: lambda house, organisation_id: SyncOrganisations(rows=(SyncedOrganisation(
        code=a_group(house, organisation_id).code, name=f"党小组{secrets.token_hex(4)}"),)),
    ListElections: lambda house, organisation_id: ListElections(organisation_id=organisation_id),
    RecordElection: lambda house, organisation_id: RecordElection(organisation_id=organisation_id, held_on=date(2026, 1, 5)),
    ExtendTerm: lambda house, organisation_id: ExtendTerm(organisation_id=organisation_id, until=date(2026, 12, 31), because="防汛任务重"),
    RegisterWorkplace: _register_workplace,
    CoverWorkplace: lambda house, organisation_id: CoverWorkplace(workplace_id=a_workplace(house, organisation_id), covered_by=organisation_id),
    CloseWorkplace: lambda house, organisation_id: CloseWorkplace(workplace_id=a_workplace(house, organisation_id), because="登记有误"),
    ListWorkplaces: lambda house, organisation_id: ListWorkplaces(organisation_id=organisation_id),
    Assign: _assign,
    EndAssignment: lambda house, organisation_id: EndAssignment(assignment_id=an_assignment(house, organisation_id)),
    ListAssignments: lambda house, organisation_id: ListAssignments(organisation_id=organisation_id),
    OpenZone: _open_zone,
    ChangeZone: _change_zone,
    EndZone: lambda house, organisation_id: EndZone(zone_id=a_zone(house, organisation_id).zone_id),
    RecordZoneMonth: _record_month,
    ListZones: lambda house, organisation_id: ListZones(organisation_id=organisation_id),
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
