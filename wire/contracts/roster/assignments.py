"""Who looks after which organisation: 联系点, 分管, 定点联系, and the leading group 领导小组 (A15, A16)."""
from datetime import date
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.roster.organisations import READERS
from wire.contracts.shape import bounded, shape, text

AssignmentKind = Literal["contact_point", "in_charge", "fixed_contact", "group_head", "group_deputy", "group_member", "group_clerk",
                         "group_liaison"]
LeaderRank = Literal["", "county", "deputy_county", "section", "deputy_section", "grassroots"]
ASSIGNMENT_KINDS = {
    "contact_point": "领导联系点", "in_charge": "分管", "fixed_contact": "定点联系", "group_head": "领导小组组长", "group_deputy": "领导小组副组长",
    "group_member": "领导小组成员", "group_clerk": "领导小组材料员", "group_liaison": "领导小组联络员"}
#: from the highest down: statistics ask for those of a rank and above
LEADER_RANKS = {"county": "县处级正职", "deputy_county": "县处级副职", "section": "乡科级正职", "deputy_section": "乡科级副职",
                "grassroots": "基层", "": "未填职级"}
ASSIGNERS = grants(superior=Reach.WITHIN, office=Reach.WITHIN)


@shape
class AssignmentView:
    """``member_code`` tells two members of one name apart, where one reads; empty for whoever is no member."""

    assignment_id: str
    kind: AssignmentKind
    organisation_id: str
    organisation_name: str
    person_id: str
    person_name: str
    member_id: str
    rank: LeaderRank
    since: date
    until: date | None
    version: int
    member_code: str = ""


@shape
class AssignmentPage:
    assignments: tuple[AssignmentView, ...]
    total: int
    next: str


@call("roster.assign", reply=AssignmentView, grants=ASSIGNERS, writes=True)
class Assign:
    """A person looks after an organisation from that day (today).  The same again answers the one there is.

    A member is named by ``member_id``, somebody else by ``person_id``, or by name alone when new.  ``another``: a new person
    who only shares somebody's name.
    """

    kind: AssignmentKind
    organisation_id: str = text(80, least=1, label="党组织")
    member_id: str = text(80, default="")
    person_id: str = text(80, default="")
    person_name: str = text(40, default="")
    another: bool = False
    rank: LeaderRank = ""
    since: date | None = None


@call("roster.end_assignment", reply=AssignmentView, grants=ASSIGNERS, writes=True)
class EndAssignment:
    assignment_id: str = text(80)
    until: date | None = None


@call("roster.list_assignments", reply=AssignmentPage, grants=READERS, scope="posts:read")
class ListAssignments:
    """Over organisations at or below one, in tree order; ``past``: those that are over, too; ``directly``: of this one only."""

    organisation_id: str = text(80)
    kind: Literal["", AssignmentKind] = ""
    search: str = text(60, default="")
    directly: bool = False
    past: bool = False
    after: str = text(2400, default="")
    limit: int = bounded(1, 500, default=100)
