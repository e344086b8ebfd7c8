"""Who receives the lines of a spreadsheet, and what it says of them."""
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from services.gateway.jobs import elsewhere
from wire.contracts import roster as r
from wire.contracts.shape import dump

if TYPE_CHECKING:
    from services.gateway.jobs.working import Task

STROKE_SECONDS = 55.0
#: obstacles told
TOLD = 200
#: notes asked for at a time: the longest of them still fit a reply
NOTES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """总数 / 可导入 / 错误 / 重复, and how many of the importable are new or changed."""

    total: int
    importable: int
    wrong: int
    repeated: int
    new: int
    changed: int


class Receiver(Protocol):
    """What a kind of spreadsheet needs.  The task is the job at hand, whose id names the sheet; every step may be asked for twice."""

    def stage(self, task: "Task", piece: int, columns: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
        """Take a piece, each line as ``[row, [cells]]``; piece 0 begins anew."""

    def check(self, task: "Task") -> Counted: ...

    def faults(self, task: "Task") -> Iterator[dict[str, Any]]:
        """row, column, value, sentence."""

    def notes(self, task: "Task") -> Iterator[dict[str, Any]]:
        """row, code, sentence, sort of what is worth a look before it is written."""

    def write(self, task: "Task", *, right_only: bool) -> Counted:
        """All lines, or with ``right_only`` those that can be written by themselves.  Raises a refusal of status 412 when it has
        to be staged and checked anew."""

    def undo(self, task: "Task") -> Iterator[tuple[int, int, Sequence[dict[str, Any]]]]:
        """Step by step: prepared, of how many, and what stands in the way; it is done when the steps end without the last."""


class RosterSheets:
    """Organisations and members, and whatever else roster takes."""

    def __init__(self, kind: r.SheetKind):
        self._kind = kind

    def stage(self, task: "Task", piece: int, columns: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
        task.ask(r.StageLines(sheet_id=task.job.id, kind=self._kind, columns=tuple(columns), piece=piece, lines=tuple(
            r.SheetLine(row=row, cells=tuple(cells)) for row, cells in lines)), key=f"stage-{piece}")

    def check(self, task: "Task") -> Counted:
        return _counted(task.ask(r.CheckSheet(sheet_id=task.job.id), key="check"))

    def faults(self, task: "Task") -> Iterator[dict[str, Any]]:
        after = 0
        while True:
            page = task.ask(r.ListSheetFaults(sheet_id=task.job.id, after=after))
            yield from (dump(fault) for fault in page.faults)
            if not (after := page.next):
                return

    def notes(self, task: "Task") -> Iterator[dict[str, Any]]:
        after, total = 0, 1
        while after < total:
            page = task.ask(r.ListSheetHints(sheet_id=task.job.id, limit=NOTES, after=after))
            yield from (dump(hint) for hint in page.hints)
            after, total = after + NOTES, page.total

    def write(self, task: "Task", *, right_only: bool) -> Counted:
        return _counted(task.ask(r.WriteSheet(sheet_id=task.job.id, right_only=right_only), key="write", deadline=STROKE_SECONDS))

    def undo(self, task: "Task") -> Iterator[tuple[int, int, Sequence[dict[str, Any]]]]:
        after, lines, done = 0, -1, False
        while not done:
            # before it begins, and again before the last call, which takes all back
            if after in (0, lines) and (found := elsewhere.obstacles(task, self._kind)):
                yield 0, max(lines, 0), [dump(one) | {"in_all": len(found)} for one in found[:TOLD]]
                return
            told = task.ask(r.UndoSheet(sheet_id=task.job.id, after=after), key=f"undo-{after}", deadline=STROKE_SECONDS)
            yield told.prepared, told.lines, [dump(one) | {"in_all": told.obstacles_in_all} for one in told.obstacles]
            after, lines, done = told.next, told.lines, told.done or bool(told.obstacles)


def _counted(view: r.SheetView) -> Counted:
    return Counted(total=view.total, importable=view.importable, wrong=view.wrong, repeated=view.same, new=view.new, changed=view.changed)
