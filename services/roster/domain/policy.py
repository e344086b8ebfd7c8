"""What the rules leave to each county about the roster, with defaults; ``version`` is printed with what was decided by it."""
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

#: kinds of organisation that may have members of their own
PlaceKind = Literal["committee", "leading_group", "general_branch", "branch", "group"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPolicy:
    """How long a whole spreadsheet may be taken back 撤销, and how many organisations or positions one may hold."""

    title: ClassVar[str] = "表格导入"
    version: str = "default-2"
    undo_hours: Annotated[int, "导入后多少小时内可撤销"] = 24
    most_organisations: Annotated[int, "一张表最多几个党组织"] = 10_000
    most_positions: Annotated[int, "一张表最多几个职务"] = 20_000

    def __post_init__(self) -> None:
        if self.undo_hours < 0:
            raise ValueError("小时数不能小于 0。", "undo_hours")
        for name in ("most_organisations", "most_positions"):
            if getattr(self, name) < 1:
                raise ValueError("至少为 1。", name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RollPolicy:
    """Which kinds of organisation have members of their own: branches and party groups, not what stands above them; and how long a
    probation 预备期 lasts, and may be extended once."""

    title: ClassVar[str] = "党员名册"
    version: str = "default-2"
    holds_members: Annotated[tuple[PlaceKind, ...], "哪几类党组织直接放党员"] = ("branch", "group")
    probation_months: Annotated[int, "预备期（月）"] = 12
    extension_months: Annotated[int, "预备期最多延长几个月"] = 12

    def __post_init__(self) -> None:
        if not self.holds_members:
            raise ValueError("至少写一类党组织。", "holds_members")
        if not 1 <= self.probation_months <= 60:
            raise ValueError("预备期应为 1 到 60 个月。", "probation_months")
        if not 0 <= self.extension_months <= 60:
            raise ValueError("延长应为 0 到 60 个月。", "extension_months")


#: positions 职务 and roles as roster names them
PositionName = Literal["secretary", "deputy_in_charge", "first_secretary", "deputy", "committee", "clerk", "liaison"]
RoleGiven = Literal["clerk", "secretary", "superior", "liaison"]
Level = Literal["branch", "above"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gives:
    """A position in what has members of its own (``RollPolicy``), or in what stands above that, gives this role there."""

    position: Annotated[PositionName, "职务"]
    level: Annotated[Level, "哪一级"]
    role: Annotated[RoleGiven, "权限"]


_LEADS: tuple[PositionName, ...] = ("secretary", "deputy_in_charge", "first_secretary")
_HELP: tuple[Literal["clerk", "liaison"], ...] = ("clerk", "liaison")
_LEVELS: tuple[Level, ...] = ("branch", "above")


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionPolicy:
    """Which grants each position gives for as long as it lasts; those that decide wait for confirmation whatever stands here."""

    title: ClassVar[str] = "职务对应的权限"
    version: str = "default-1"
    gives: Annotated[tuple[Gives, ...], "任职即有的权限"] = (
        *(Gives(position=lead, level=level, role="secretary") for lead in _LEADS for level in _LEVELS),
        *(Gives(position=lead, level="above", role="superior") for lead in _LEADS),
        *(Gives(position=one, level=level, role=one) for one in _HELP for level in _LEVELS))

    def roles(self, position: str, level: str) -> tuple[str, ...]:
        """What this position gives there, each role once."""
        return tuple(dict.fromkeys(g.role for g in self.gives if (g.position, g.level) == (position, level)))


#: sectors as the contracts name them
Sector = Literal["rural", "community", "state_enterprise", "university", "school", "government", "institution", "healthcare", "research",
                 "culture", "private_enterprise", "social_organisation", "window"]
#: what another system may overwrite of an organisation, and of a member
SyncField = Literal["name", "kind", "sector", "parent_code", "system", "founded_on", "re_elected_on"]
SyncMemberField = Literal["name", "kind", "organisation_code", "post", "post_kind", "joined_on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermPolicy:
    """How long a term 任期 is by kind and sector, when its end is told, and how far it may be extended (A19)."""

    title: ClassVar[str] = "任期和换届"
    version: str = "default-1"
    county_years: Annotated[int, "县委任期（年）"] = 5
    committee_years: Annotated[int, "党委任期（年）"] = 5
    branch_years: Annotated[int, "党总支、党支部任期（年）"] = 3
    #: branches and general branches of villages and communities
    village_years: Annotated[int, "村、社区党总支、党支部任期（年）"] = 5
    long_sectors: Annotated[tuple[Sector, ...], "按村、社区任期的领域"] = ("rural", "community")
    due_within_days: Annotated[int, "届满前多少天提醒"] = 180
    extension_months: Annotated[int, "最多延期几个月"] = 12

    def __post_init__(self) -> None:
        for name in ("county_years", "committee_years", "branch_years", "village_years"):
            if not 1 <= getattr(self, name) <= 10:
                raise ValueError("任期应为 1 到 10 年。", name)
        if not 0 <= self.due_within_days <= 3650:
            raise ValueError("天数应为 0 到 3650。", "due_within_days")
        if not 0 <= self.extension_months <= 60:
            raise ValueError("延期应为 0 到 60 个月。", "extension_months")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnitPolicy:
    """Within how many months a new unit 新单位 has a Party organisation (A17)."""

    title: ClassVar[str] = "新单位组建"
    version: str = "default-1"
    months: Annotated[int, "几个月内组建"] = 3

    def __post_init__(self) -> None:
        if not 1 <= self.months <= 60:
            raise ValueError("期限应为 1 到 60 个月。", "months")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A layer 类别 representatives are invited by; the code travels and is kept, the label may be said otherwise later."""

    code: Annotated[str, "代号（字母，不再改）"]
    label: Annotated[str, "名称"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativePolicy:
    """Which strata 评议代表 are kept by."""

    title: ClassVar[str] = "评议代表类别"
    version: str = "default-1"
    strata: Annotated[tuple[Stratum, ...], "代表类别"] = (
        Stratum(code="households", label="户代表"), Stratum(code="masses", label="群众代表"), Stratum(code="users", label="服务对象"),
        Stratum(code="staff", label="职工代表"), Stratum(code="delegates", label="两代表一委员"))

    def __post_init__(self) -> None:
        codes, labels = [one.code for one in self.strata], [one.label.strip() for one in self.strata]
        if not self.strata:
            raise ValueError("至少写一个类别。", "strata")
        if not all(code.isascii() and code.isidentifier() and len(code) <= 40 for code in codes):
            raise ValueError("代号只用英文字母、数字和下划线，最多 40 个。", "strata")
        if not all(0 < len(label) <= 40 for label in labels):
            raise ValueError("每个类别都要有名称，最多 40 个字。", "strata")
        if len(set(codes)) < len(codes) or len(set(labels)) < len(labels):
            raise ValueError("代号和名称都不能重复。", "strata")


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPolicy:
    """What another system may overwrite of an organisation or a member that is here already.

    What was merged, dissolved or left here stays so.  A member's kind is this house's own by default, since becoming a full
    member is an act with a date; their standing and whereabouts are never another system's.
    """

    title: ClassVar[str] = "外部系统同步"
    version: str = "default-2"
    organisation_fields: Annotated[tuple[SyncField, ...], "可以覆盖的党组织信息"] = (
        "name", "sector", "parent_code", "system", "founded_on", "re_elected_on")
    member_fields: Annotated[tuple[SyncMemberField, ...], "可以覆盖的党员信息"] = (
        "name", "organisation_code", "post", "post_kind", "joined_on")
