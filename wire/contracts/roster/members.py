"""Members 党员 and whoever else takes part: their facts, how they are shown and listed."""
from datetime import date
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import Grants, call, grants
from wire.contracts.event import Facts, event
from wire.contracts.roster.organisations import READERS
from wire.contracts.shape import bounded, shape, text

MemberKind = Literal["member", "probationary", "activist", "cadre"]
PostKind = Literal["leader", "staff", "without", "retired", "student", "elder", "owner"]
Rank = Literal["", "county", "deputy_county", "section", "deputy_section", "grassroots"]
Standing = Literal["normal", "correcting", "persuading", "probation", "suspended"]
Whereabouts = Literal["home", "inflow", "outside", "unreachable"]
Lack = Literal["management", "education", "life", "role"]
Leaving = Literal["", "died", "expelled", "removed", "persuaded", "withdrew", "moved_out", "by_mistake", "merged"]

MEMBER_KINDS = {"member": "正式党员", "probationary": "预备党员", "activist": "入党积极分子", "cadre": "非党干部"}
POST_KINDS = {"leader": "领导干部", "staff": "在岗", "without": "无职党员", "retired": "离退休", "student": "学生",
              "elder": "三老党员", "owner": "党员业主"}
RANKS = {"county": "县处级正职", "deputy_county": "县处级副职", "section": "乡科级正职", "deputy_section": "乡科级副职",
         "grassroots": "村（社区）班子"}
STANDINGS = {"normal": "正常", "correcting": "限期改正", "persuading": "劝其退党", "probation": "留党察看", "suspended": "停止党籍"}
WHEREABOUTS = {"home": "未流动", "inflow": "县内流动", "outside": "县外流动", "unreachable": "失联"}
LACKS = {"management": "无管理", "education": "无教育", "life": "无组织生活", "role": "无作用发挥"}
LEAVINGS = {"died": "去世", "expelled": "开除党籍", "removed": "除名", "persuaded": "劝退", "withdrew": "退党", "moved_out": "转出本县",
            "by_mistake": "误登记", "merged": "并入另一名册"}


@shape
class MemberFacts(Facts):
    """A member 党员, or somebody who takes part: 预备党员, 入党积极分子, 非党干部.  No phone number, no identity number.

    ``duty`` 设岗定责 of somebody without a post; ``nameplate_on`` 挂牌亮身份 since; ``whereabouts`` of a floating member
    流动党员: ``inflow_id`` the organisation in the county where they pledge (A7), ``outside_place`` outside it; ``lacks`` 四无
    (A21); ``residence_id`` the community reported to 双报到, confirmed by it or not yet (A9); ``transfer_to_id`` 关系接转中;
    ``merged_into`` the member who was entered twice and is kept.
    """

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
    rank: Rank = ""
    duty: str = text(100, default="")
    full_on: date | None = None
    nameplate_on: date | None = None
    standing: Standing = "normal"
    standing_on: date | None = None
    whereabouts: Whereabouts = "home"
    whereabouts_on: date | None = None
    inflow_id: str = text(80, default="")
    outside_place: str = text(100, default="")
    lacks: tuple[Lack, ...] = ()
    residence_id: str = text(80, default="")
    residence_on: date | None = None
    residence_confirmed_on: date | None = None
    transfer_to_id: str = text(80, default="")
    transfer_on: date | None = None
    left_on: date | None = None
    left_because: Leaving = ""
    merged_into: str = text(80, default="")


@event("roster.member.registered.v1", key="member_id")
class MemberRegistered(MemberFacts):
    """Somebody is entered in the roll."""


@event("roster.member.changed.v1", key="member_id")
class MemberChanged(MemberFacts):
    """Something about them changed, but not where they belong."""


@event("roster.member.moved.v1", key="member_id")
class MemberMoved(MemberFacts):
    """They belong to another organisation from now on; what they did before stays where it was done."""


@event("roster.member.merged.v1", key="member_id")
class MemberMerged(MemberFacts):
    """This entry was one person's second; ``merged_into`` is the one that is kept."""


@event("roster.member.left.v1", key="member_id")
class MemberLeft(MemberFacts):
    """They left the roll: died, expelled, moved out of the county …"""


def masked_name(word: str) -> str:
    """张三丰 as 张**."""
    return word[:1] + "*" * (len(word) - 1)


def masked_code(word: str) -> str:
    return word[:2] + "*" * (len(word) - 2)


@shape
class MemberView:
    """``masked``: told to somebody who follows or reads logs and need not know the person: name and code in part, no dates of the
    Party life, standing, place outside nor reason of leaving (X18)."""

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
    rank: Rank = ""
    duty: str = ""
    full_on: date | None = None
    nameplate_on: date | None = None
    standing: Standing = "normal"
    standing_on: date | None = None
    whereabouts: Whereabouts = "home"
    whereabouts_on: date | None = None
    inflow_id: str = ""
    outside_place: str = ""
    lacks: tuple[Lack, ...] = ()
    residence_id: str = ""
    residence_on: date | None = None
    residence_confirmed_on: date | None = None
    transfer_to_id: str = ""
    transfer_on: date | None = None
    left_on: date | None = None
    left_because: Leaving = ""
    merged_into: str = ""
    masked: bool = False


@shape
class MemberPage:
    members: tuple[MemberView, ...]
    total: int
    next: str


@call("roster.list_members", reply=MemberPage, grants=READERS, scope="members:read")
class ListMembers:
    """Members at or below an organisation by surname; search by name, code or pinyin initials.

    The code of an entry that was merged finds the member it was merged into.  ``floating``: all of them, whatever kind.
    ``place``: who belongs there or below; to this very organisation or one of its party groups (``own``); or who floats in, reports
    to it 双报到 or is being transferred there, from anywhere.  Who sees members masked is refused ``standing`` and those who left.
    """

    organisation_id: str = text(80)
    search: str = text(60, default="")
    after: str = text(400, default="")
    limit: int = bounded(1, 500, default=100)
    kind: Literal["", MemberKind] = ""
    post_kind: Literal["", PostKind] = ""
    whereabouts: Literal["", "floating", Whereabouts] = ""
    standing: Literal["", Standing] = ""
    nameplate: Literal["", "shown", "not_shown"] = ""
    state: Literal["active", "left"] = "active"
    place: Literal["home", "own", "inflow", "residence", "incoming"] = "home"


#: as READERS, and everybody their own entry
OWN_READERS = Grants(roles=(*READERS.roles, *grants(member=Reach.SELF).roles))


@shape
class MemberAct:
    """What was done about a member, from when it holds, and why: the dated register behind their entry."""

    act: str
    happened_on: date
    note: str
    acted_by_name: str


@shape
class MemberDetail:
    """An entry with the names of the organisations in it, and its register, newest first; ``version`` is the entry's."""

    member: MemberView
    inflow_name: str
    residence_name: str
    transfer_to_name: str
    merged_into_name: str
    acts: tuple[MemberAct, ...]
    version: int = 0


@call("roster.read_member", reply=MemberDetail, grants=OWN_READERS, scope="members:read")
class ReadMember:
    """One entry of the roll; one that was merged says into whom.  Named by its id, or by its own code, which leads to the kept
    entry where it was merged."""

    member_id: str = text(80, default="")
    code: str = text(40, default="")


@shape
class Birthday:
    """A political birthday 政治生日: ``day`` of the month, ``years`` in the Party when it comes round this year.
    To somebody who need not know the person (X18) the name in part, and no year: no ``joined_on``, and 0 ``years``."""

    member_id: str
    name: str
    organisation_id: str
    organisation_name: str
    joined_on: date | None
    day: int
    years: int


@shape
class BirthdayMonth:
    """A page of the month's; ``total`` counts those the search found in it, ``months`` how many fall in each month, January first,
    whatever is searched for."""

    month: int
    birthdays: tuple[Birthday, ...]
    months: tuple[int, ...]
    total: int = 0
    next: str = ""


@call("roster.list_birthdays", reply=BirthdayMonth, grants=READERS, scope="members:read")
class ListBirthdays:
    """Whose joining anniversary 政治生日 falls in a month (K4), by day, at or below an organisation; members and probationary ones.
    Searched by name, code, pinyin initials or the organisation's name."""

    organisation_id: str = text(80)
    month: int = bounded(1, 12)
    search: str = text(60, default="")
    after: str = text(400, default="")
    limit: int = bounded(1, 500, default=100)


@shape
class Defect:
    """Why a member is on the list of A21, in words, and since when."""

    member_id: str
    name: str
    organisation_id: str
    organisation_name: str
    kind: str
    sentence: str
    since_on: date | None


@shape
class DefectPage:
    """Defects of a page of members; ``total`` counts the members found, on all pages."""

    items: tuple[Defect, ...]
    total: int
    next: str


@call("roster.list_defects", reply=DefectPage, grants=READERS, scope="members:read")
class ListDefects:
    """四无 and 两头挂空 by name (A21): floating members without management, education, organisational life or a role, unreachable
    ones, and those whose relation hangs between two places; in tree order and by surname, so many members a page.  Searched as
    ``ListBirthdays``."""

    organisation_id: str = text(80)
    search: str = text(60, default="")
    after: str = text(2400, default="")
    limit: int = bounded(1, 500, default=100)
