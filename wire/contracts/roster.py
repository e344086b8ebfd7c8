"""The facts and calls of roster: who is here — organisations, members, grants."""
from datetime import date
from typing import Literal

from wire.contracts.actor import Reach, RoleName
from wire.contracts.calls import INVITED, SERVICES, call, grants
from wire.contracts.event import Facts, event
from wire.contracts.shape import bounded, shape, text

OrganisationKind = Literal["county_committee", "committee", "leading_group", "general_branch", "branch", "group"]
Sector = Literal["rural", "community", "state_enterprise", "university", "school", "government", "institution",
                 "healthcare", "research", "culture", "private_enterprise", "social_organisation", "window"]
MemberKind = Literal["member", "probationary", "activist", "cadre"]
PostKind = Literal["leader", "staff", "without", "retired", "student", "elder", "owner"]

ORGANISATION_KINDS = {"county_committee": "县委", "committee": "党委", "leading_group": "党组", "general_branch": "党总支",
                      "branch": "党支部", "group": "党小组"}
SECTORS = {"rural": "农村", "community": "社区", "state_enterprise": "国有企业", "university": "高等学校", "school": "中小学、职校",
           "government": "机关", "institution": "事业单位", "healthcare": "医疗卫生", "research": "科研", "culture": "文化",
           "private_enterprise": "非公企业", "social_organisation": "社会组织", "window": "窗口单位"}
MEMBER_KINDS = {"member": "正式党员", "probationary": "预备党员", "activist": "入党积极分子", "cadre": "非党干部"}
POST_KINDS = {"leader": "领导干部", "staff": "在岗", "without": "无职党员", "retired": "离退休", "student": "学生",
              "elder": "三老党员", "owner": "党员业主"}


@shape
class OrganisationFacts(Facts):
    """An organisation 党组织.  ``path`` is the ids from the root down to itself, ``/org_a/org_b/``: "at or below" is a prefix."""

    organisation_id: str = text(80)
    code: str = text(40)
    name: str = text(100)
    kind: OrganisationKind
    sector: Sector
    parent_id: str | None
    path: str = text(2000)
    founded_on: date | None = None
    re_elected_on: date | None = None
    state: Literal["active", "dissolved"] = "active"


@event("roster.organisation.registered.v1", key="organisation_id")
class OrganisationRegistered(OrganisationFacts):
    """A new organisation stands in the tree."""


@event("roster.organisation.changed.v1", key="organisation_id")
class OrganisationChanged(OrganisationFacts):
    """Its name, place, sector or dates changed."""


@shape
class MemberFacts(Facts):
    """A member 党员, or somebody who takes part: 预备党员, 入党积极分子, 非党干部.  No phone number, no identity number."""

    member_id: str = text(80)
    code: str = text(40)
    name: str = text(40)
    sort_key: str = text(200)
    kind: MemberKind
    organisation_id: str = text(80)
    post: str = text(60, default="")
    post_kind: PostKind = "staff"
    joined_on: date | None = None
    state: Literal["active", "left"] = "active"


@event("roster.member.registered.v1", key="member_id")
class MemberRegistered(MemberFacts):
    """Somebody is entered in the roll."""


@event("roster.member.changed.v1", key="member_id")
class MemberChanged(MemberFacts):
    """Name, post or organisation changed."""


@shape
class GrantFacts(Facts):
    """A grant 权限 held by a person over an organisation."""

    grant_id: str = text(80)
    person_id: str = text(80)
    person_name: str = text(40)
    member_id: str = text(80, default="")
    role: RoleName
    organisation_id: str = text(80)
    state: Literal["given", "ended"] = "given"


@event("roster.grant.given.v1", key="grant_id")
class GrantGiven(GrantFacts):
    """A person may act in a role from now on."""


@event("roster.grant.ended.v1", key="grant_id")
class GrantEnded(GrantFacts):
    """The grant stops working at once (X49)."""


@shape
class OrganisationRow:
    """A line of the organisations' spreadsheet, as read: text, trimmed.  ``row`` is its number in the user's file."""

    row: int = bounded(1, 1_100_000, default=1)
    code: str = text(200, label="编号", default="")
    name: str = text(400, label="名称", default="")
    kind: str = text(200, label="类别", default="")
    sector: str = text(200, label="领域", default="")
    parent_code: str = text(200, label="上级编号", default="")
    founded_on: str = text(200, label="成立日期", default="")
    re_elected_on: str = text(200, label="最近换届日期", default="")


@shape
class MemberRow:
    """A line of the members' spreadsheet, as read: text, trimmed."""

    row: int = bounded(1, 1_100_000, default=1)
    code: str = text(200, label="编号", default="")
    name: str = text(400, label="姓名", default="")
    kind: str = text(200, label="身份", default="")
    organisation_code: str = text(200, label="所在党组织编号", default="")
    post: str = text(400, label="职务", default="")
    post_kind: str = text(200, label="岗位类别", default="")
    joined_on: str = text(200, label="入党日期", default="")


@shape
class RowFault:
    """What is wrong with one cell, and what to write instead."""

    row: int
    column: str
    value: str
    sentence: str


@shape
class ImportVerdict:
    """总数 / 可导入 / 重复 / 错误.  ``done``: whether anything was written (all rows or none)."""

    total: int
    new: int
    changed: int
    same: int
    done: bool
    faults: tuple[RowFault, ...]


@shape
class OrganisationView:
    organisation_id: str
    code: str
    name: str
    kind: OrganisationKind
    sector: Sector
    parent_id: str | None
    path: str
    founded_on: date | None
    re_elected_on: date | None
    state: str
    version: int
    members: int


@shape
class MemberView:
    member_id: str
    code: str
    name: str
    kind: MemberKind
    organisation_id: str
    organisation_name: str
    post: str
    post_kind: PostKind
    joined_on: date | None
    state: str
    version: int


@shape
class GrantView:
    grant_id: str
    person_id: str
    person_name: str
    member_id: str
    role: RoleName
    organisation_id: str
    organisation_name: str
    state: str


@shape
class OrganisationPage:
    organisations: tuple[OrganisationView, ...]
    next: str


@shape
class MemberPage:
    members: tuple[MemberView, ...]
    total: int
    next: str


@shape
class CountyFounded:
    organisation_id: str
    person_id: str
    grant_id: str


@call("roster.found_county", reply=CountyFounded, grants=INVITED, writes=True)
class FoundCounty:
    """The first step on an empty system: the county committee 县委 and its first administrator.  Refused once one exists."""

    code: str = text(40, least=1, label="县委编号")
    name: str = text(100, least=2, label="县委名称")
    person_name: str = text(40, least=1, label="姓名")


@call("roster.check_organisations", reply=ImportVerdict, grants=grants(office=Reach.WITHIN))
class CheckOrganisations:
    """Read the rows as ``RegisterOrganisations`` would, and write nothing."""

    rows: tuple[OrganisationRow, ...]


@call("roster.register_organisations", reply=ImportVerdict, grants=grants(office=Reach.WITHIN), writes=True)
class RegisterOrganisations:
    """Enter or change organisations by their own code: all rows, or none and every fault listed.  Again: nothing changes."""

    rows: tuple[OrganisationRow, ...]


@call("roster.check_members", reply=ImportVerdict, grants=grants(office=Reach.WITHIN))
class CheckMembers:
    rows: tuple[MemberRow, ...]


@call("roster.register_members", reply=ImportVerdict, grants=grants(office=Reach.WITHIN), writes=True)
class RegisterMembers:
    """Enter or change members by their own code: all rows, or none and every fault listed.  Again: nothing changes."""

    rows: tuple[MemberRow, ...]


_ALL = grants(clerk=Reach.OWN, secretary=Reach.OWN, liaison=Reach.WITHIN, superior=Reach.WITHIN, office=Reach.WITHIN, auditor=Reach.WITHIN)


@call("roster.list_organisations", reply=OrganisationPage, grants=_ALL)
class ListOrganisations:
    """Organisations at or below one, in tree order, searched by name or code; ``after`` is the ``next`` of the page before."""

    organisation_id: str = text(80)
    search: str = text(60, default="")
    after: str = text(2000, default="")
    limit: int = bounded(1, 500, default=100)


@call("roster.list_members", reply=MemberPage, grants=_ALL)
class ListMembers:
    """Members at or below an organisation by surname; search by name, code or pinyin initials."""

    organisation_id: str = text(80)
    search: str = text(60, default="")
    after: str = text(400, default="")
    limit: int = bounded(1, 500, default=100)


@call("roster.give_grant", reply=GrantView, grants=grants(office=Reach.WITHIN), writes=True)
class GiveGrant:
    """Give a role over an organisation to a member, or else to a person (``person_id`` empty: a new one).  Twice is one grant."""

    organisation_id: str = text(80)
    role: RoleName
    member_id: str = text(80, default="")
    person_id: str = text(80, default="")
    person_name: str = text(40, default="")


@call("roster.end_grant", reply=GrantView, grants=grants(office=Reach.WITHIN), writes=True)
class EndGrant:
    grant_id: str = text(80)


@call("roster.list_grants", reply=tuple[GrantView, ...], grants=grants(office=Reach.WITHIN, auditor=Reach.WITHIN))
class ListGrants:
    """Grants over organisations at or below one."""

    organisation_id: str = text(80)


@call("roster.grants_of", reply=tuple[GrantView, ...], grants=SERVICES)
class GrantsOf:
    """The grants a person holds now; the gateway asks when it signs."""

    person_id: str = text(80)
