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
