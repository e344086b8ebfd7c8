"""A valid request for every call of the roster, aimed at a given organisation; for the authority matrix."""
import secrets
from datetime import date

from tests import authority_sheets as sheets
from tests import authority_tree as tree
from tests.fakes_roster import administrator
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.roster import (
    AdoptPolicies, AdvanceMember, Appoint, BeginTransfer, ConfirmGrants, ConfirmResidence,
    CorrectMember, EndGrant, EndPosition, GiveGrant, LinkPerson, ListAdoptions, ListBirthdays, ListDefects, ListGrants,
    ListMembers, ListOrganisations, ListPositions, ListWaiting, MeasurePolicy, MergeMembers, MoveMember,
    ReadMember, ReadmitMember, RecordLeaving, RecordWhereabouts, RegisterMember, ReportResidence, SetStanding, SettleTransfer,
    ShowNameplate, SyncedMember, SyncMembers,
)


def acting(view) -> Actor:
    """Whoever was given this grant."""
    return Actor(kind="person", person_id=view.person_id, name=view.person_name, member_id=view.member_id, grants=(
        HeldGrant(grant_id=view.grant_id, role=view.role, organisation_id=view.organisation_id),))


def code_of(house, organisation_id: str) -> str:
    with house.reading("roster") as unit:
        return unit.books.organisations.get(organisation_id).code


def _a_grant(house, organisation_id: str) -> str:
    request = GiveGrant(organisation_id=organisation_id, role="clerk", person_name="苏一鸣", another=True)
    return house.call(administrator(house), request).grant_id


def _a_member(house, organisation_id: str, **more) -> str:
    """Somebody new there."""
    request = RegisterMember(**{"organisation_id": organisation_id, "code": secrets.token_hex(6), "name": "陶大安"} | more)
    return house.call(administrator(house), request).member_id


def _another_branch(house, organisation_id: str, *, below: bool = False) -> str:
    """A branch elsewhere; or the party group below this one."""
    with house.reading("roster") as unit:
        return next(o.id for o in unit.books.organisations.tree() if (
            o.kind == "group" and o.parent_id == organisation_id if below else o.kind == "branch" and o.id != organisation_id))


def _somebody_reporting(house, organisation_id: str) -> str:
    member_id = _a_member(house, _another_branch(house, organisation_id))
    return house.call(administrator(house), ReportResidence(member_id=member_id, residence_id=organisation_id)).member_id


def _somebody_on_the_way(house, organisation_id: str) -> str:
    member_id = _a_member(house, _another_branch(house, organisation_id))
    return house.call(administrator(house), BeginTransfer(member_id=member_id, organisation_id=organisation_id)).member_id


def _somebody_who_left(house, organisation_id: str) -> str:
    request = RecordLeaving(member_id=_a_member(house, organisation_id), because="moved_out")
    return house.call(administrator(house), request).member_id


def _a_waiting_grant(house, organisation_id: str) -> str:
    request = GiveGrant(organisation_id=organisation_id, role="secretary", person_name="苏一鸣", another=True)
    return house.call(administrator(house), request).grant_id


def _a_position(house, organisation_id: str) -> str:
    request = Appoint(organisation_id=organisation_id, kind="clerk", person_name="苏一鸣", another=True)
    return house.call(administrator(house), request).position_id


def _a_person(house, organisation_id: str) -> str:
    request = GiveGrant(organisation_id=organisation_id, role="clerk", person_name="苏一鸣", another=True)
    return house.call(administrator(house), request).person_id


FACTORIES = tree.FACTORIES | sheets.FACTORIES | {
    RegisterMember: lambda house, at: RegisterMember(organisation_id=at, code=secrets.token_hex(6), name="陶大安"),
    CorrectMember: lambda house, at: CorrectMember(member_id=_a_member(house, at), name="何大满"),
    AdvanceMember: lambda house, at: AdvanceMember(member_id=_a_member(house, at, kind="probationary"), kind="member"),
    SetStanding: lambda house, at: SetStanding(member_id=_a_member(house, at), standing="correcting", note="评议不合格"),
    ShowNameplate: lambda house, at: ShowNameplate(member_id=_a_member(house, at)),
    RecordWhereabouts: lambda house, at: RecordWhereabouts(member_id=_a_member(house, at), whereabouts="unreachable"),
    ReportResidence: lambda house, at: ReportResidence(
        member_id=_a_member(house, at), residence_id=_another_branch(house, at)),
    ConfirmResidence: lambda house, at: ConfirmResidence(member_id=_somebody_reporting(house, at)),
    MoveMember: lambda house, at: MoveMember(
        member_id=_a_member(house, at), organisation_id=_another_branch(house, at, below=True)),
    BeginTransfer: lambda house, at: BeginTransfer(member_id=_a_member(house, at), organisation_id=_another_branch(house, at)),
    SettleTransfer: lambda house, at: SettleTransfer(member_id=_somebody_on_the_way(house, at)),
    RecordLeaving: lambda house, at: RecordLeaving(member_id=_a_member(house, at), because="died"),
    ReadmitMember: lambda house, at: ReadmitMember(
        member_id=_somebody_who_left(house, at), organisation_id=at, note="从外县转回"),
    MergeMembers: lambda house, at: MergeMembers(kept_id=_a_member(house, at), merged_id=_a_member(house, at)),
    ReadMember: lambda house, at: ReadMember(member_id=_a_member(house, at)),
    SyncMembers: lambda house, at: SyncMembers(rows=(SyncedMember(
        code=f"S{secrets.token_hex(6)}", name="陶大安", kind="member", organisation_code=code_of(house, at)),)),
    ListBirthdays: lambda house, at: ListBirthdays(organisation_id=at, month=7),
    Appoint: lambda house, at: Appoint(organisation_id=at, kind="clerk", person_name="苏一鸣", another=True),
    EndPosition: lambda house, at: EndPosition(position_id=_a_position(house, at)),
    ListPositions: lambda house, at: ListPositions(organisation_id=at),
    ConfirmGrants: lambda house, at: ConfirmGrants(grant_ids=(_a_waiting_grant(house, at),)),
    ListWaiting: lambda house, at: ListWaiting(organisation_id=at),
    LinkPerson: lambda house, at: LinkPerson(person_id=_a_person(house, at), member_id=_a_member(house, at)),
    ListDefects: lambda house, at: ListDefects(organisation_id=at),
    ListOrganisations: lambda house, organisation_id: ListOrganisations(organisation_id=organisation_id),
    ListMembers: lambda house, organisation_id: ListMembers(organisation_id=organisation_id),
    GiveGrant: lambda house, organisation_id: GiveGrant(organisation_id=organisation_id, role="clerk", person_name="苏一鸣", another=True),
    EndGrant: lambda house, organisation_id: EndGrant(grant_id=_a_grant(house, organisation_id)),
    AdoptPolicies: lambda house, organisation_id: AdoptPolicies(organisation_id=organisation_id, starts_on=date(2099, 1, 1), policies=()),
    ListAdoptions: lambda house, organisation_id: ListAdoptions(organisation_id=organisation_id),
    MeasurePolicy: lambda house, organisation_id: MeasurePolicy(
        organisation_id=organisation_id, document="pledge.ReviewPolicy", starts_on=date(2099, 1, 1)),
    ListGrants: lambda house, organisation_id: ListGrants(organisation_id=organisation_id),
}
