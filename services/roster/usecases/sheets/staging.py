"""A sheet arrives in pieces and is checked: what each line would do is known and prepared before anything is written."""
from dataclasses import fields, replace
from typing import Any

from services.roster.domain.sheet import Sheet, SheetWritten
from services.roster.usecases.sheets.kinds import KINDS, Staged
from services.roster.usecases.sheets.telling import NO_SHEET, permit, sheet_at_hand, view
from wire.contracts.calls import Invalid, NotFound
from wire.contracts.ports import Unit
from wire.contracts.roster import CheckSheet, SheetView, StageLines


def stage_lines(unit: Unit, request: StageLines) -> SheetView:
    """Keep a piece of a sheet, with what its lines would do; writes nothing to the roster.

    Piece 0 begins the sheet anew, so that a sheet whose ground has changed is simply sent again.  A piece sent again replaces
    itself.  Refuses a sheet that was written, one that is not the actor's to stage, and a later piece of one that has no beginning.
    """
    books = unit.books.sheets
    sheet = books.get(request.sheet_id, hold=True)
    if sheet is None and request.piece:
        raise NotFound(NO_SHEET)
    if sheet is not None:
        # whose it is is asked about this piece alone: all of it is asked about again before anything is written
        if sheet.person_id != unit.actor.person_id:
            permit(unit, sheet)
        if sheet.state in ("written", "undone"):
            raise SheetWritten
    if request.piece == 0 or sheet is None:
        books.forget(request.sheet_id)
        sheet = Sheet(id=request.sheet_id, kind=request.kind, person_id=unit.actor.person_id, created_at=unit.now)
    kind = KINDS[sheet.kind]
    rows = _rows(kind.row, request)
    staged = kind.stage(unit, sheet, request.piece, rows)
    sheet = _keep(unit, replace(sheet, state="staging"), request.piece, staged)
    return view(sheet)


def check_sheet(unit: Unit, request: CheckSheet) -> SheetView:
    """Check what only the whole sheet shows, and count.  A second call answers the same."""
    sheet = sheet_at_hand(unit, request.sheet_id)
    permit(unit, sheet)
    if sheet.state != "staging":
        return view(sheet)
    settle = KINDS[sheet.kind].settle
    if settle is not None:
        sheet = _keep(unit, sheet, 0, settle(unit, sheet))
    sheet = replace(unit.books.sheets.counted(sheet).checked(), edition=unit.books.organisations.edition())
    unit.books.sheets.save(sheet)
    return view(sheet)


def _rows(row: type, request: StageLines) -> tuple[Any, ...]:
    """The lines as the kind's own shape.  Refuses columns it does not have, and a line with more or fewer cells than columns."""
    known = {field.name for field in fields(row)} - {"row"}
    columns = request.columns
    if not set(columns) <= known or len(set(columns)) != len(columns) or any(len(line.cells) != len(columns) for line in request.lines):
        raise Invalid("这一段表格的列和内容对不上，请重新上传。")
    return tuple(row(row=line.row, **dict(zip(columns, line.cells, strict=True))) for line in request.lines)


def _keep(unit: Unit, sheet: Sheet, piece: int, staged: Staged) -> Sheet:
    """The sheet with these lines; whoever may not write them may not stage them either."""
    targets, lines, faults = staged
    sheet = replace(sheet, targets=tuple(dict.fromkeys((*sheet.targets, *targets))))
    permit(unit, replace(sheet, targets=tuple(targets)))
    unit.books.sheets.save(sheet)
    unit.books.sheets.keep(sheet.id, piece, lines, faults)
    return sheet
