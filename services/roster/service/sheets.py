"""The doors of whole spreadsheets."""
from services.roster import queries, usecases
from wire.bus.calls import answers
from wire.contracts.roster import CheckSheet, DropSheet, ListSheetFaults, StageLines, UndoSheet, WriteSheet


class SheetDoors:
    @answers(StageLines)
    def stage_lines(self, unit, request):
        return usecases.stage_lines(unit, request)

    @answers(CheckSheet)
    def check_sheet(self, unit, request):
        return usecases.check_sheet(unit, request)

    @answers(ListSheetFaults)
    def list_sheet_faults(self, unit, request):
        return queries.list_sheet_faults(unit, request)

    @answers(WriteSheet)
    def write_sheet(self, unit, request):
        return usecases.write_sheet(unit, request)

    @answers(UndoSheet)
    def undo_sheet(self, unit, request):
        return usecases.undo_sheet(unit, request)

    @answers(DropSheet)
    def drop_sheet(self, unit, request):
        return usecases.drop_sheet(unit, request)
