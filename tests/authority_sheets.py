"""Requests of whole spreadsheets for the authority matrix: each acts on a sheet the administrator has staged."""
import secrets

from tests.fakes_roster import office
from wire.contracts.roster import (
    CheckSheet, ListSheetFaults, ListSheetHints, ListSheetSubjects, SheetLine, StageLines, UndoSheet, WriteSheet,
)

COLUMNS = ("code", "name", "kind", "organisation_code")


def _staging(house, organisation_id: str) -> StageLines:
    """One new member for the organisation."""
    with house.reading("roster") as unit:
        code = unit.books.organisations.get(organisation_id).code
    line = SheetLine(row=2, cells=(f"M{secrets.token_hex(4)}", "何小满", "正式党员", code))
    return StageLines(sheet_id=f"s_{secrets.token_hex(4)}", kind="members", columns=COLUMNS, piece=0, lines=(line,))


def _staged(house, organisation_id: str, *further: type) -> str:
    with house.reading("roster") as unit:
        root = unit.books.organisations.root()
        held = unit.books.grants.holders(root.id, "office")[0]
    administrator, request = office(root.id, held.id, held.person_id), _staging(house, organisation_id)
    house.call(administrator, request)
    for call in further:
        house.call(administrator, call(sheet_id=request.sheet_id))
    return request.sheet_id


FACTORIES = {
    StageLines: _staging,
    CheckSheet: lambda house, organisation_id: CheckSheet(sheet_id=_staged(house, organisation_id)),
    ListSheetFaults: lambda house, organisation_id: ListSheetFaults(sheet_id=_staged(house, organisation_id)),
    ListSheetHints: lambda house, organisation_id: ListSheetHints(sheet_id=_staged(house, organisation_id)),
    ListSheetSubjects: lambda house, organisation_id: ListSheetSubjects(
        sheet_id=_staged(house, organisation_id, CheckSheet, WriteSheet)),
    WriteSheet: lambda house, organisation_id: WriteSheet(sheet_id=_staged(house, organisation_id, CheckSheet)),
    UndoSheet: lambda house, organisation_id: UndoSheet(sheet_id=_staged(house, organisation_id, CheckSheet, WriteSheet)),
}
