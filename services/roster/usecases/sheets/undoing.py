"""A written sheet is taken back: thought about in pieces, then made undone at one stroke, or not at all."""
from dataclasses import replace

from services.roster.domain.policy import SheetPolicy
from services.roster.usecases.sheets.kinds import KINDS
from services.roster.usecases.sheets.telling import permit, sheet_at_hand
from wire.contracts.calls import Stale
from wire.contracts.ports import Unit
from wire.contracts.roster import Obstacle, UndoSheet, UndoView

CHANGED_MEANWHILE = "撤销期间名册有了变动，没有撤销任何内容，请重新撤销。"
#: lines thought about in one call; obstacles told
PIECE, TOLD = 1000, 200


def undo_sheet(unit: Unit, request: UndoSheet) -> UndoView:
    """Prepare the next lines, or take all back when they are prepared.  After it is done a call answers the same.

    Refuses after the policy's hours; answers with the obstacles where something was decided on a line since, and then nothing
    is taken back.
    """
    sheet = sheet_at_hand(unit, request.sheet_id)
    permit(unit, sheet)
    books, kind = unit.books.sheets, KINDS[sheet.kind]
    batch = books.undoing(sheet.id)
    lines = books.count_written(sheet.id)
    if sheet.state == "undone":
        return UndoView(sheet_id=sheet.id, lines=lines, prepared=lines, done=True, next=0, obstacles=(), obstacles_in_all=0)
    target = sheet.targets[0] if sheet.targets else ""
    sheet = sheet.undoable(unit.now, unit.policy(SheetPolicy, target).undo_hours)
    if request.after == 0:
        books.clear(batch)
        if found := kind.obstacles(unit, sheet):
            told = tuple(Obstacle(row=row, code=code, sentence=sentence) for row, code, sentence in found[:TOLD])
            return UndoView(sheet_id=sheet.id, lines=lines, prepared=0, done=False, next=0, obstacles=told, obstacles_in_all=len(found))
    piece = books.written_lines(sheet.id, request.after, PIECE)
    if piece:
        kind.take_back(unit, batch, request.after, piece)
        prepared = request.after + len(piece)
        return UndoView(sheet_id=sheet.id, lines=lines, prepared=prepared, done=False, next=prepared, obstacles=(), obstacles_in_all=0)
    # from here on every line is a version further
    books.advance(sheet.id)
    if not kind.write(unit, sheet, batch) or kind.obstacles(unit, sheet):
        raise Stale(CHANGED_MEANWHILE)
    unit.release(batch)
    books.save(replace(sheet, state="undone"))
    books.clear(batch)
    return UndoView(sheet_id=sheet.id, lines=lines, prepared=lines, done=True, next=0, obstacles=(), obstacles_in_all=0)
