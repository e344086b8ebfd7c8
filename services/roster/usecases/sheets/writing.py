"""The stroke: what was prepared is poured into the tables and announced, all of it or nothing."""
from dataclasses import replace

from services.roster.usecases.sheets.kinds import KINDS
from services.roster.usecases.sheets.telling import permit, sheet_at_hand, view
from wire.contracts.calls import Stale
from wire.contracts.ports import Unit
from wire.contracts.roster import SheetView, WriteSheet

CHANGED_MEANWHILE = "检查之后名册有了变动，需要重新检查这个表格；没有写入任何内容。"


def write_sheet(unit: Unit, request: WriteSheet) -> SheetView:
    """Write a checked sheet.  A second call answers the same and announces nothing.

    No row passes through here: the database moves them, piece by piece, and the roster is held only for the last look
    whether every line still finds what it was checked against.  Where not: Stale, and nothing is written.
    """
    sheet = sheet_at_hand(unit, request.sheet_id)
    if sheet.state in ("written", "undone"):
        permit(unit, sheet)
        return view(sheet)
    sheet = sheet.writable(right_only=request.right_only)
    permit(unit, sheet)
    if not KINDS[sheet.kind].write(unit, sheet, sheet.id):
        raise Stale(CHANGED_MEANWHILE)
    unit.release(sheet.id)
    sheet = replace(sheet, state="written", written_at=unit.now)
    unit.books.sheets.save(sheet)
    unit.books.sheets.clear(sheet.id)
    return view(sheet)
