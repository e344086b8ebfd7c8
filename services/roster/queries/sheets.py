"""What there is to know of a sheet, by row: every fault; what is worth a look; whom or what it entered."""
from typing import Any

from sqlalchemy import func, select

from services.roster.storage.members import members
from services.roster.storage.organisations import organisations
from services.roster.storage.positions import positions
from services.roster.storage.sheets import SheetBook, faults, hints, lines
from wire.contracts.calls import NotFound
from wire.contracts.roster import (
    HINT_SORTS, HintCount, ListSheetFaults, ListSheetHints, ListSheetSubjects, RowFault, RowHint, SheetFaults, SheetHints, SheetSubject,
    SheetSubjects,
)

NO_SHEET = "没有找到这次导入的内容，可能已经清理，请重新上传。"
#: sorts by the number they are kept by
SORTS = tuple(HINT_SORTS)
#: where the subjects of a kind are, and what they are called
CALLED = {"organisations": (organisations, organisations.c.name), "members": (members, members.c.name),
          "positions": (positions, positions.c.person_name)}


def list_sheet_faults(unit: Any, request: ListSheetFaults) -> SheetFaults:
    """A page of faults in the order of rows."""
    _permitted(unit, request.sheet_id)
    found = unit.sql.execute(select(faults).where(faults.c.sheet_id == request.sheet_id).order_by(
        faults.c.row, faults.c.place).offset(request.after).limit(request.limit + 1)).mappings().all()
    page = found[:request.limit]
    return SheetFaults(
        faults=tuple(RowFault(row=f["row"], column=f["column"], value=f["value"], sentence=f["sentence"]) for f in page),
        next=request.after + len(page) if len(found) > request.limit else 0)


def list_sheet_hints(unit: Any, request: ListSheetHints) -> SheetHints:
    """A page of them, by sort and then by row, and how many there are of each sort and in all."""
    _permitted(unit, request.sheet_id)
    many = unit.sql.execute(select(hints.c.sort, func.count().label("total")).where(
        hints.c.sheet_id == request.sheet_id).group_by(hints.c.sort).order_by(hints.c.sort)).all()
    page = unit.sql.execute(select(hints).where(hints.c.sheet_id == request.sheet_id).order_by(
        hints.c.sort, hints.c.row, hints.c.place).offset(request.after).limit(request.limit)).mappings()
    return SheetHints(
        hints=tuple(RowHint(row=h["row"], code=h["code"], sentence=h["hint"], sort=SORTS[h["sort"]]) for h in page),
        total=sum(total for _, total in many), counts=tuple(HintCount(sort=SORTS[sort], total=total) for sort, total in many))


def list_sheet_subjects(unit: Any, request: ListSheetSubjects) -> SheetSubjects:
    """A page of what it entered anew, in the order of rows; nothing before it is written."""
    kind, state = _permitted(unit, request.sheet_id)
    table, name = CALLED[kind]
    found = unit.sql.execute(
        select(lines.c.row, lines.c.code, lines.c.subject, name.label("name")).select_from(lines.join(table, table.c.id == lines.c.subject))
        .where(lines.c.sheet_id == request.sheet_id, lines.c.verdict == "new", lines.c.row > request.after)
        .order_by(lines.c.row).limit(request.limit + 1)).all() if state == "written" else []
    page = found[:request.limit]
    return SheetSubjects(subjects=tuple(SheetSubject(row=row, code=code, subject_id=id_, name=called) for row, code, id_, called in page),
                         next=page[-1].row if len(found) > request.limit else 0)


def _permitted(unit: Any, sheet_id: str) -> tuple[str, str]:
    """Ask wherever the sheet says; its kind and state."""
    sheet = SheetBook(unit.sql).get(sheet_id)
    places = sheet.asked_at(unit.actor) if sheet is not None else ()
    if sheet is None or not places:
        raise NotFound(NO_SHEET)
    unit.permit_all(places)
    return sheet.kind, sheet.state
