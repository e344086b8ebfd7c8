"""Who receives the lines of a spreadsheet, and what it says of them."""
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from wire.contracts import roster as r
from wire.contracts.shape import dump

#: asks a service for the person whose job it is: ``ask(request, key="")``
Ask = Callable[..., Any]
STROKE_SECONDS = 55.0


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
    """What a kind of spreadsheet needs.  ``job`` names the sheet; every step may be asked for twice."""

    def stage(self, ask: Ask, job: str, piece: int, columns: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
        """Take a piece, each line as ``[row, [cells]]``; piece 0 begins anew."""

    def check(self, ask: Ask, job: str) -> Counted: ...

    def faults(self, ask: Ask, job: str) -> Iterator[dict[str, Any]]:
        """row, column, value, sentence."""

    def write(self, ask: Ask, job: str, *, right_only: bool) -> Counted:
        """All lines, or with ``right_only`` those that can be written by themselves.  Raises a refusal of status 412 when it has
        to be staged and checked anew."""

    def undo(self, ask: Ask, job: str) -> Iterator[tuple[int, int, Sequence[dict[str, Any]]]]:
        """Step by step: prepared, of how many, and what stands in the way; it is done when the steps end without the last."""


class RosterSheets:
    """Organisations and members, and whatever else roster takes."""

    def __init__(self, kind: str):
        self._kind = kind

    def stage(self, ask: Ask, job: str, piece: int, columns: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
        ask(r.StageLines(sheet_id=job, kind=self._kind, columns=tuple(columns), piece=piece, lines=tuple(
            r.SheetLine(row=row, cells=tuple(cells)) for row, cells in lines)), key=f"stage-{piece}")

    def check(self, ask: Ask, job: str) -> Counted:
        return _counted(ask(r.CheckSheet(sheet_id=job), key="check"))

    def faults(self, ask: Ask, job: str) -> Iterator[dict[str, Any]]:
        after = 0
        while True:
            page = ask(r.ListSheetFaults(sheet_id=job, after=after))
            yield from (dump(fault) for fault in page.faults)
            if not (after := page.next):
                return

    def write(self, ask: Ask, job: str, *, right_only: bool) -> Counted:
        return _counted(ask(r.WriteSheet(sheet_id=job, right_only=right_only), key="write", deadline=STROKE_SECONDS))

    def undo(self, ask: Ask, job: str) -> Iterator[tuple[int, int, Sequence[dict[str, Any]]]]:
        after, done = 0, False
        while not done:
            told = ask(r.UndoSheet(sheet_id=job, after=after), key=f"undo-{after}", deadline=STROKE_SECONDS)
            yield told.prepared, told.lines, [dump(one) | {"in_all": told.obstacles_in_all} for one in told.obstacles]
            after, done = told.next, told.done or bool(told.obstacles)


def _counted(view: r.SheetView) -> Counted:
    return Counted(total=view.total, importable=view.importable, wrong=view.wrong, repeated=view.same, new=view.new, changed=view.changed)
