"""What the rules leave to each county about the roster, with defaults; ``version`` is printed with what was decided by it."""
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

#: kinds of organisation that may have members of their own
PlaceKind = Literal["committee", "leading_group", "general_branch", "branch", "group"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPolicy:
    """How long a whole spreadsheet may be taken back 撤销, and how many organisations one may hold."""

    title: ClassVar[str] = "表格导入"
    version: str = "default-1"
    undo_hours: Annotated[int, "导入后多少小时内可撤销"] = 24
    most_organisations: Annotated[int, "一张表最多几个党组织"] = 10_000

    def __post_init__(self) -> None:
        if self.undo_hours < 0:
            raise ValueError("小时数不能小于 0。", "undo_hours")
        if self.most_organisations < 1:
            raise ValueError("至少为 1。", "most_organisations")


@dataclass(frozen=True, slots=True, kw_only=True)
class RollPolicy:
    """Which kinds of organisation have members of their own: branches and party groups, not what stands above them."""

    title: ClassVar[str] = "党员名册"
    version: str = "default-1"
    holds_members: Annotated[tuple[PlaceKind, ...], "哪几类党组织直接放党员"] = ("branch", "group")

    def __post_init__(self) -> None:
        if not self.holds_members:
            raise ValueError("至少写一类党组织。", "holds_members")


#: positions 职务 and roles as roster names them
PositionName = Literal["secretary", "deputy_in_charge", "first_secretary", "deputy", "committee", "clerk", "liaison"]
RoleGiven = Literal["clerk", "secretary", "superior", "liaison"]
Level = Literal["branch", "above"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gives:
    """A position in a branch or party group, or in what stands above the branches, gives this role there."""

    position: Annotated[PositionName, "职务"]
    level: Annotated[Level, "哪一级（branch 党支部，above 党支部以上）"]
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
