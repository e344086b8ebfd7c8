"""Members 党员 and whoever else takes part: their facts, how they are shown and listed."""
from datetime import date
from typing import Literal

from wire.contracts.calls import call
from wire.contracts.event import Facts, event
from wire.contracts.roster.organisations import READERS
from wire.contracts.shape import bounded, shape, text

MemberKind = Literal["member", "probationary", "activist", "cadre"]
PostKind = Literal["leader", "staff", "without", "retired", "student", "elder", "owner"]

MEMBER_KINDS = {"member": "正式党员", "probationary": "预备党员", "activist": "入党积极分子", "cadre": "非党干部"}
POST_KINDS = {"leader": "领导干部", "staff": "在岗", "without": "无职党员", "retired": "离退休", "student": "学生",
              "elder": "三老党员", "owner": "党员业主"}


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
class MemberPage:
    members: tuple[MemberView, ...]
    total: int
    next: str


@call("roster.list_members", reply=MemberPage, grants=READERS)
class ListMembers:
    """Members at or below an organisation by surname; search by name, code or pinyin initials."""

    organisation_id: str = text(80)
    search: str = text(60, default="")
    after: str = text(400, default="")
    limit: int = bounded(1, 500, default=100)
