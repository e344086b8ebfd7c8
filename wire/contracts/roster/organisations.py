"""Organisations 党组织: their facts, how they are shown and listed; the founding of a county."""
from datetime import date
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import INVITED, call, grants
from wire.contracts.event import Facts, event
from wire.contracts.shape import bounded, shape, text

OrganisationKind = Literal["county_committee", "committee", "leading_group", "general_branch", "branch", "group"]
Sector = Literal["rural", "community", "state_enterprise", "university", "school", "government", "institution",
                 "healthcare", "research", "culture", "private_enterprise", "social_organisation", "window"]

ORGANISATION_KINDS = {"county_committee": "县委", "committee": "党委", "leading_group": "党组", "general_branch": "党总支",
                      "branch": "党支部", "group": "党小组"}
OrganisationForm = Literal["ordinary", "joint", "temporary", "functional"]
OrganisationState = Literal["active", "dissolved", "merged"]
#: what stands before 党支部
ORGANISATION_FORMS = {"ordinary": "", "joint": "联合", "temporary": "临时", "functional": "功能型"}
#: a kind as it is written, with the form of a branch in it
KINDS_AND_FORMS = ORGANISATION_KINDS | {
    f"branch.{form}": f"{word}党支部" for form, word in ORGANISATION_FORMS.items() if word}
ORGANISATION_STATES = {"active": "在册", "dissolved": "已撤销", "merged": "已并入他处"}
SECTORS = {"rural": "农村", "community": "社区", "state_enterprise": "国有企业", "university": "高等学校", "school": "中小学、职校",
           "government": "机关", "institution": "事业单位", "healthcare": "医疗卫生", "research": "科研", "culture": "文化",
           "private_enterprise": "非公企业", "social_organisation": "社会组织", "window": "窗口单位"}
#: who looks over what others hold and what holds for them: grants, policies
OVERSEERS = grants(office=Reach.WITHIN, auditor=Reach.WITHIN)
#: who may look at the roster, and how far
READERS = grants(clerk=Reach.OWN, secretary=Reach.OWN, liaison=Reach.WITHIN, superior=Reach.WITHIN, office=Reach.WITHIN, auditor=Reach.WITHIN,
                 system=Reach.WITHIN)


def kind_word(kind: str, form: str) -> str:
    """What an organisation is, with the form of a branch in the word: 联合党支部."""
    return KINDS_AND_FORMS.get(f"{kind}.{form}", ORGANISATION_KINDS[kind])


@shape
class OrganisationFacts(Facts):
    """An organisation 党组织.  ``path`` is the ids from the root down to itself, ``/org_a/org_b/``: "at or below" is a prefix.

    ``form`` of a branch: 联合, 临时, 功能型; ``system_id`` its system 条线 (A20), "" for none; ``extended_until`` 延期换届.
    """

    organisation_id: str = text(80)
    code: str = text(40)
    name: str = text(100)
    kind: OrganisationKind
    sector: Sector
    parent_id: str | None
    path: str = text(2000)
    founded_on: date | None = None
    re_elected_on: date | None = None
    state: OrganisationState = "active"
    form: OrganisationForm = "ordinary"
    system_id: str = text(80, default="")
    extended_until: date | None = None
    extension_reason: str = text(400, default="")
    merged_into: str = text(80, default="")
    ended_on: date | None = None
    ended_because: str = text(400, default="")


@event("roster.organisation.registered.v1", key="organisation_id")
class OrganisationRegistered(OrganisationFacts):
    """A new organisation stands in the tree."""


@event("roster.organisation.changed.v1", key="organisation_id")
class OrganisationChanged(OrganisationFacts):
    """Its name, place, sector, system or dates changed."""


@event("roster.organisation.merged.v1", key="organisation_id")
class OrganisationMerged(OrganisationFacts):
    """It became part of another, ``merged_into``; its members and what hung below are told by events of their own."""


@event("roster.organisation.dissolved.v1", key="organisation_id")
class OrganisationDissolved(OrganisationFacts):
    """It ended, with nobody in it and nothing below."""


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
    form: OrganisationForm = "ordinary"
    system_id: str = ""
    extended_until: date | None = None
    extension_reason: str = ""
    merged_into: str = ""
    ended_on: date | None = None
    ended_because: str = ""


@shape
class OrganisationPage:
    organisations: tuple[OrganisationView, ...]
    next: str
    total: int = 0


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


@call("roster.list_organisations", reply=OrganisationPage, grants=READERS, scope="organisations:read")
class ListOrganisations:
    """Organisations at or below one, in tree order; ``after`` is the ``next`` of the page before.

    Searched by name, code or the beginning of the pinyin initials; filtered by kind, sector, system and state ("" for any).
    ``directly``: only those that stand directly under it.
    """

    organisation_id: str = text(80)
    search: str = text(60, default="")
    kind: Literal["", OrganisationKind] = ""
    form: Literal["", OrganisationForm] = ""
    sector: str = text(40, default="")
    system_id: str = text(80, default="")
    state: Literal["", OrganisationState] = "active"
    directly: bool = False
    after: str = text(2000, default="")
    limit: int = bounded(1, 500, default=100)
