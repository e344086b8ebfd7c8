"""What the small county of the pages answers about its tree and what stands beside it."""
from datetime import date
from typing import Any

from wire.contracts import roster as r
from wire.contracts.calls import NotFound

SYSTEM = r.SystemView(system_id="sys_edu", name="教育", organisation_id="org_county", organisation_name="中共云岭县委员会", state="active",
                      version=1, organisations=3, members=41)
ZONE = r.ZoneView(
    zone_id="zon_1", organisation_id="org_village", organisation_name="柳溪村党支部", kind="zone", name="河道保洁责任区", place="村前河段",
    since=date(2026, 8, 1), until=None, state="active", members=(r.ZonePerson(member_id="mbr_he", name="何秀英"),),
    months=(r.ZoneMonthFacts(month="2026-08", no_accident=True, no_error=False, no_breach=True, note="漏查一次"),),
    missing=("2026-10", "2026-09"), version=2)
WORKPLACE = r.WorkplaceView(
    workplace_id="wkp_1", name="云岭竹编合作社", sector="private_enterprise", organisation_id="org_town", organisation_name="石桥镇党委",
    set_up_on=date(2026, 5, 4), due_on=date(2026, 8, 4), covered_by="", covered_by_name="", covered_on=None, state="overdue",
    closed_because="", version=1)
ASSIGNMENT = r.AssignmentView(
    assignment_id="asg_1", kind="contact_point", organisation_id="org_village", organisation_name="柳溪村党支部", person_id="prs_y",
    person_name="岳成川", member_id="", rank="county", since=date(2026, 8, 1), until=None, version=1)


POSITION = r.PositionView(
    position_id="pos_1", organisation_id="org_village", organisation_name="柳溪村党支部", kind="secretary", person_id="mbr_liu", person_name="柳德顺",
    member_id="mbr_liu", from_on=date(2024, 3, 1), until_on=None, state="held", gives=())


def organisation(organisations: Any, request: r.ReadOrganisation) -> r.OrganisationView:
    found = next((o for o in organisations if o[0] == request.organisation_id), None)
    if found is None:
        raise NotFound("没有找到这个党组织，请返回列表重新选择。")
    id_, name, kind, sector, parent, path = found
    return r.OrganisationView(organisation_id=id_, code=id_.upper(), name=name, kind=kind, sector=sector, parent_id=parent, path=path,
                              founded_on=date(2001, 7, 1), re_elected_on=date(2021, 3, 1), state="active", version=3, members=33,
                              system_id="sys_edu", extended_until=date(2026, 12, 1), extension_reason="防汛任务重")


def elections(request: r.ListElections) -> r.ElectionPage:
    def line(id_: str, name: str, state: str, days: int) -> r.ElectionLine:
        return r.ElectionLine(organisation_id=id_, name=name, kind="branch", sector="rural", re_elected_on=date(2021, 3, 1),
                              due_on=date(2026, 3, 1), extended_until=None, extension_reason="", state=state, days=days)
    return r.ElectionPage(lines=(line("org_village", "柳溪村党支部", "overdue", -264), line("org_other", "青禾村党支部", "due", 30)),
                          overdue=1, due=1, unknown=0, policy_version="default-1", next="")


def answers(organisations: Any) -> dict[type, Any]:
    """By request class; whatever changes something answers with the thing as it stands."""
    def one(request: Any) -> r.OrganisationView:
        return organisation(organisations, r.ReadOrganisation(organisation_id=getattr(request, "organisation_id", "org_village")))

    changes = (r.RegisterOrganisation, r.ChangeOrganisation, r.MoveOrganisation, r.MergeOrganisations, r.DissolveOrganisation,
               r.RecordElection, r.ExtendTerm)
    return {call: lambda q: one(r.ReadOrganisation(organisation_id="org_village")) for call in changes} | {
        r.ReadOrganisation: one, r.ListSystems: lambda q: (SYSTEM,), r.DefineSystem: lambda q: SYSTEM, r.EndSystem: lambda q: SYSTEM,
        r.ReadSystem: lambda q: r.SystemOrganisations(system=SYSTEM, organisations=(organisation(
            organisations, r.ReadOrganisation(organisation_id="org_village")),), next=""),
        r.ListElections: elections,
        r.ListWorkplaces: lambda q: r.WorkplacePage(workplaces=(WORKPLACE,), overdue=1, waiting=0, covered=0, next=""),
        r.RegisterWorkplace: lambda q: WORKPLACE, r.CoverWorkplace: lambda q: WORKPLACE, r.CloseWorkplace: lambda q: WORKPLACE,
        r.ListAssignments: lambda q: r.AssignmentPage(assignments=(ASSIGNMENT,), total=1, next=""),
        r.Assign: lambda q: ASSIGNMENT, r.EndAssignment: lambda q: ASSIGNMENT,
        r.ListPositions: lambda q: (POSITION,),
        r.ListZones: lambda q: r.ZonePage(zones=(ZONE,), total=1, owing=1, next=""), r.OpenZone: lambda q: ZONE,
        r.ChangeZone: lambda q: ZONE, r.EndZone: lambda q: ZONE, r.RecordZoneMonth: lambda q: ZONE}
