"""What is said about a sheet, and who may have to do with it."""
from services.roster.domain.sheet import Sheet
from wire.contracts.calls import NotFound
from wire.contracts.ports import Unit
from wire.contracts.roster import SheetView

NO_SHEET = "没有找到这次导入的内容，可能已经清理，请重新上传。"


def sheet_at_hand(unit: Unit, sheet_id: str) -> Sheet:
    """The sheet, held until the unit ends."""
    sheet = unit.books.sheets.get(sheet_id, hold=True)
    if sheet is None:
        raise NotFound(NO_SHEET)
    return sheet


def permit(unit: Unit, sheet: Sheet) -> None:
    """Ask wherever the sheet says; where that is nowhere, it is not there for them."""
    places = sheet.asked_at(unit.actor)
    if not places:
        raise NotFound(NO_SHEET)
    unit.permit_all(places)


def view(sheet: Sheet) -> SheetView:
    return SheetView(
        sheet_id=sheet.id, kind=sheet.kind, state=sheet.state, total=sheet.total, new=sheet.new, changed=sheet.changed,
        same=sheet.same, wrong=sheet.wrong, importable=sheet.importable, faults=sheet.faults)
