"""A whole spreadsheet, sent in pieces: staged, checked, then written at one stroke, and taken back again."""
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.roster.sheets import RowFault
from wire.contracts.shape import bounded, shape, text

#: the sheets roster takes; the gateway's table of kinds says how each is read and called
SheetKind = Literal["organisations", "members", "positions"]
OFFICE = grants(office=Reach.WITHIN)


@shape
class SheetLine:
    """A line as read: its number in the user's file, and its cells as text."""

    row: int = bounded(1, 1_100_000)
    cells: tuple[str, ...] = text(400)


@shape
class SheetView:
    """A sheet 总数 / 可导入 / 错误 / 重复.

    ``importable`` lines could be written by themselves: with no fault anywhere, all but those that change nothing.
    ``state``: staging, checked, written, undone.
    """

    sheet_id: str
    kind: SheetKind
    state: Literal["staging", "checked", "written", "undone"]
    total: int
    new: int
    changed: int
    same: int
    wrong: int
    importable: int
    faults: int


@shape
class SheetFaults:
    faults: tuple[RowFault, ...]
    next: int


@shape
class Obstacle:
    """Why a line cannot be taken back: what was decided on it since."""

    row: int
    code: str
    sentence: str


@shape
class UndoView:
    """How far an undo is: ``prepared`` lines of ``lines``; done, or what stands in the way (the first of them).  ``next`` is the
    ``after`` of the next call."""

    sheet_id: str
    lines: int
    prepared: int
    next: int
    done: bool
    obstacles: tuple[Obstacle, ...]
    obstacles_in_all: int


@shape
class SheetSubject:
    """Whom or what a line of a sheet entered, by the name it has now."""

    row: int
    code: str
    subject_id: str
    name: str


@shape
class SheetSubjects:
    subjects: tuple[SheetSubject, ...]
    next: int


@call("roster.stage_lines", reply=SheetView, grants=OFFICE, writes=True)
class StageLines:
    """Send a piece of a sheet, about a thousand lines; ``columns`` names their cells.  Piece 0 begins the sheet anew, a piece
    sent again replaces itself.  Nothing is written to the roster."""

    sheet_id: str = text(80, least=1)
    kind: SheetKind
    columns: tuple[str, ...] = text(40)
    piece: int = bounded(0, 10_000)
    lines: tuple[SheetLine, ...]


@call("roster.check_sheet", reply=SheetView, grants=OFFICE, writes=True)
class CheckSheet:
    """All pieces are there: check what only the whole shows.  Again: the same answer."""

    sheet_id: str = text(80)


@call("roster.list_sheet_faults", reply=SheetFaults, grants=OFFICE)
class ListSheetFaults:
    """Every fault of a sheet by row, in pages; ``after`` is the ``next`` of the page before."""

    sheet_id: str = text(80)
    after: int = bounded(0, 2**31, default=0)
    limit: int = bounded(1, 2000, default=1000)


#: what a line is worth a look for, in the order in which it is told
HINT_SORTS = {"renamed": "改名", "moved": "调动、调整上级", "double": "可能重复登记", "probation": "预备期", "month": "日期只写了年月",
              "emptied": "清空", "altered": "修改"}
HintSort = Literal["renamed", "moved", "double", "probation", "month", "emptied", "altered"]


@shape
class RowHint:
    """Something about a line worth a look before it is written; it hinders nothing.  ``code``: the line's, in a sheet of positions
    the name where it has none.  ``sort``: see ``HINT_SORTS``."""

    row: int
    code: str
    sentence: str
    sort: HintSort = "double"


@shape
class HintCount:
    """How many lines there are of a sort."""

    sort: HintSort
    total: int


@shape
class SheetHints:
    """A page of them, by sort and then by row; ``total`` counts all, ``counts`` those of each sort that is there."""

    hints: tuple[RowHint, ...]
    total: int
    counts: tuple[HintCount, ...] = ()


@call("roster.list_sheet_hints", reply=SheetHints, grants=OFFICE)
class ListSheetHints:
    """Lines worth a look before they are written: whose entry will say another name or stand elsewhere; new members who may be here
    already under another code; probations over their term; dates of a month alone, with the day they are read as; what else a line
    empties or changes, from what to what.  ``after``: how many of them were read before."""

    sheet_id: str = text(80)
    limit: int = bounded(1, 5000, default=200)
    after: int = bounded(0, 2**31, default=0)


@call("roster.write_sheet", reply=SheetView, grants=OFFICE, writes=True)
class WriteSheet:
    """Write a checked sheet: all its lines or none; with ``right_only`` those that can be written by themselves.

    Again: nothing twice.  Refused (412) when what it was checked against has changed: stage and check it anew.
    """

    sheet_id: str = text(80)
    right_only: bool = False


@call("roster.list_sheet_subjects", reply=SheetSubjects, grants=OFFICE)
class ListSheetSubjects:
    """Whom or what a written sheet entered anew, by row, in pages: so that whoever takes it back can ask elsewhere what hangs on
    them.  ``after`` is the ``next`` of the page before."""

    sheet_id: str = text(80)
    after: int = bounded(0, 2**31, default=0)
    limit: int = bounded(1, 1000, default=1000)


@call("roster.undo_sheet", reply=UndoView, grants=OFFICE, writes=True)
class UndoSheet:
    """Take a written sheet back, within the policy's hours and if nothing was decided on its lines since: what was new leaves,
    what was changed is again as it was, as new versions.  Call with the ``next`` of the answer until it is done: the last call
    takes back all at one stroke."""

    sheet_id: str = text(80)
    after: int = bounded(0, 2**31, default=0)
