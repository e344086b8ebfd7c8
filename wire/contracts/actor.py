"""Who is asking: a person, another system or a service, with the grants they hold over which part of the tree.

The gateway signs the actor of every call (``wire.bus.signing``); each service checks it again against its own
directory, in the transaction that decides (X43, X49).
"""
from enum import StrEnum
from typing import Literal

from wire.contracts.shape import shape, text


class Role(StrEnum):
    """Grants 权限: each is held over one organisation."""

    MEMBER = "member"          # 党员本人
    CLERK = "clerk"            # 材料员: prepares and records, never decides or publishes
    SECRETARY = "secretary"    # 书记
    SUPERIOR = "superior"      # 上级书记: decides about the organisations below
    LIAISON = "liaison"        # 联络员: follows and reports, does not judge
    OFFICE = "office"          # 县委办 / 组织部: everything below
    AUDITOR = "auditor"        # 操作日志查阅: reads all, changes nothing
    OPERATOR = "operator"      # 系统运维: the system, no personal data
    SYSTEM = "system"          # 数据接口: another system with an API key; never decides


ROLE_LABELS = {
    Role.MEMBER: "党员", Role.CLERK: "材料员", Role.SECRETARY: "书记", Role.SUPERIOR: "上级书记", Role.LIAISON: "联络员",
    Role.OFFICE: "县级管理员", Role.AUDITOR: "操作日志查阅", Role.OPERATOR: "系统运维",
    Role.SYSTEM: "数据接口"}


#: roles that decide: a grant of one works only once it is confirmed above (X45)
DECIDING = (Role.SECRETARY, Role.SUPERIOR, Role.OFFICE)

#: what an API key may be given, each a piece of what other systems need; a call that keys may make names one of them
SCOPES = {
    "organisations:read": "读取党组织、条线、换届和新单位", "organisations:sync": "同步党组织", "members:read": "读取党员名册（含个人信息）",
    "members:sync": "同步党员", "posts:read": "读取职务、联系点和责任区", "pledges:read": "读取承诺、承诺书、台账和覆盖情况",
    "rankings:read": "读取践诺榜"}

#: who works with persons; whoever else may follow them is shown less (X18)
SEES_PERSONS = (Role.CLERK, Role.SECRETARY, Role.SUPERIOR, Role.OFFICE, Role.SYSTEM)

RoleName = Literal["member", "clerk", "secretary", "superior", "liaison", "office", "auditor", "operator", "system"]


class Reach(StrEnum):
    """How far a grant over one organisation reaches in an operation."""

    SELF = "self"        # only what is the actor's own
    OWN = "own"          # the organisation of the grant itself
    BELOW = "below"      # organisations strictly below it
    WITHIN = "within"    # it and everything below


@shape
class HeldGrant:
    """A grant as the actor carries it."""

    grant_id: str
    role: RoleName
    organisation_id: str


@shape
class Actor:
    """Who asks, signed by the gateway for one call.

    kind: person 人员, system 数据接口 (an API key, which holds a ``system`` grant and nothing else), service 服务 (journals
    between services), invitation 开通邀请 (sets the county up), public 公众 (reads what is public).  For whom somebody else
    acts (代录) is no part of it: the service that knows whose matter it is says so in the transaction that decides
    (``Unit.act_for``).
    """

    kind: Literal["person", "system", "service", "invitation", "public"]
    person_id: str = text(80, default="")
    name: str = text(80, default="")
    member_id: str = text(80, default="")
    grants: tuple[HeldGrant, ...] = ()
    address: str = text(60, default="")
    #: what an API key may do, of ``SCOPES``
    scopes: tuple[str, ...] = ()

    def acts_by(self, role: str) -> bool:
        """Whether a grant of this role counts for this kind of actor: a system's grant for a key, the others for people."""
        return (role == Role.SYSTEM) == (self.kind == "system")

    def holds(self, role: Role) -> bool:
        return self.acts_by(role) and any(g.role == role for g in self.grants)


PUBLIC = Actor(kind="public", name="公众")


def service_actor(service: str) -> Actor:
    """The actor of what a service does by itself: hearing an event, a timer, a journal call."""
    return Actor(kind="service", person_id=service, name=service)
