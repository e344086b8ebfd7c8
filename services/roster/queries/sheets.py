"""Every fault of a sheet, by row."""
from typing import Any

from sqlalchemy import select

from services.roster.storage.sheets import faults, sheets
from wire.contracts.calls import NotFound
from wire.contracts.roster import ListSheetFaults, RowFault, SheetFaults

NO_SHEET = "没有找到这次导入的内容，可能已经清理，请重新上传。"


def list_sheet_faults(unit: Any, request: ListSheetFaults) -> SheetFaults:
    """A page of faults in the order of rows."""
    sheet = unit.sql.execute(select(sheets.c.targets, sheets.c.person_id).where(sheets.c.id == request.sheet_id)).first()
    if sheet is None or not sheet.targets and sheet.person_id != unit.actor.person_id:
        raise NotFound(NO_SHEET)
    unit.permit_all(sheet.targets or [next((g.organisation_id for g in unit.actor.grants if g.role == "office"), "")])
    found = unit.sql.execute(select(faults).where(faults.c.sheet_id == request.sheet_id).order_by(
        faults.c.row, faults.c.place).offset(request.after).limit(request.limit + 1)).mappings().all()
    page = found[:request.limit]
    return SheetFaults(
        faults=tuple(RowFault(row=f["row"], column=f["column"], value=f["value"], sentence=f["sentence"]) for f in page),
        next=request.after + len(page) if len(found) > request.limit else 0)
