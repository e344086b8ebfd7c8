"""A spreadsheet on its way into the roster: staged in pieces, checked, written at one stroke, perhaps taken back."""
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.roster.domain.grant import OFFICE
from services.roster.domain.refusals import Refusal

#: what a line would do; ``waits``: it is right, but something it stands under is not; ``moved``: no line of the file, but changed
#: because of one
NEW, CHANGED, SAME, WRONG, WAITS, MOVED = "new", "changed", "same", "wrong", "waits", "moved"
WRITES = (NEW, CHANGED, MOVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``subject`` and ``version``: the aggregate as the line would leave it; ``place_id``: the organisation it must find there."""

    row: int
    code: str
    verdict: str
    subject: str = ""
    version: int = 0
    place_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """``targets``: the organisations whose keeper must allow it; ``edition``: the tree it was checked against."""

    id: str
    kind: str
    state: str = "staging"
    person_id: str
    targets: tuple[str, ...] = ()
    edition: str = ""
    total: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    wrong: int = 0
    importable: int = 0
    faults: int = 0
    created_at: datetime
    written_at: datetime | None = None

    def asked_at(self, actor: Any) -> tuple[str, ...]:
        """Where whoever has to do with it needs a grant: in every part of the tree it touches.  One that touches none is there for
        whoever staged it only, and asked about where their office is; nowhere for anybody else."""
        if self.targets or self.person_id != actor.person_id:
            return self.targets
        return (next((grant.organisation_id for grant in actor.grants if grant.role == OFFICE), ""),)

    def checked(self) -> "Sheet":
        """Ready to be written.  Refused for one that was written already."""
        if self.state in ("written", "undone"):
            raise SheetWritten
        return replace(self, state="checked")

    def writable(self, *, right_only: bool) -> "Sheet":
        """Itself, when it may be written.  Refused before it was checked, and with faults unless only what is right is wanted."""
        if self.state != "checked":
            raise NotChecked
        if self.wrong and not right_only:
            raise HasFaults(self.wrong)
        return self

    def undoable(self, now: datetime, hours: int) -> "Sheet":
        """Itself, while it may be taken back."""
        if self.state != "written" or self.written_at is None:
            raise NotWritten
        if now > self.written_at + timedelta(hours=hours):
            raise TooLate(hours)
        return self

    def over(self, now: datetime, hours: int) -> bool:
        """Whether there is nothing more to be taken back."""
        return self.state != "written" or self.written_at is None or now > self.written_at + timedelta(hours=hours)


class SheetWritten(Refusal):
    code = "sheet_written"

    def __init__(self) -> None:
        super().__init__("这个表格已经导入过，不能再改；如要改，请改好表格后重新上传。")


class NotChecked(Refusal):
    code = "sheet_not_checked"

    def __init__(self) -> None:
        super().__init__("这个表格还没有检查完，请等检查结束后再导入。")


class HasFaults(Refusal):
    code = "sheet_has_faults"

    def __init__(self, wrong: int) -> None:
        super().__init__(f"有 {wrong} 行需要改正，没有写入任何内容。请改好后重新上传，或者选择先导入正确的行。")


class TooManyLines(Refusal):
    code, status = "too_many_lines", 422

    def __init__(self, most: int, what: str) -> None:
        super().__init__(f"一个表格最多 {most} {what}")


class NotWritten(Refusal):
    code = "sheet_not_written"

    def __init__(self) -> None:
        super().__init__("这次导入没有写入内容，或已经撤销，不需要撤销。")


class TooLate(Refusal):
    code = "undo_too_late"

    def __init__(self, hours: int) -> None:
        super().__init__(f"导入已超过 {hours} 小时，不能整批撤销；请逐条改正，或改好表格后重新上传。")
