"""The doors of whole spreadsheets."""
from datetime import timedelta

from services.roster import queries, usecases
from wire.bus.calls import answers
from wire.bus.sets import PAGE
from wire.bus.timer import every, to_the_end
from wire.contracts.roster import CheckSheet, ListSheetFaults, ListSheetHints, ListSheetSubjects, StageLines, UndoSheet, WriteSheet


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

    @answers(ListSheetHints)
    def list_sheet_hints(self, unit, request):
        return queries.list_sheet_hints(unit, request)

    @answers(ListSheetSubjects)
    def list_sheet_subjects(self, unit, request):
        return queries.list_sheet_subjects(unit, request)

    @answers(WriteSheet)
    def write_sheet(self, unit, request):
        return usecases.write_sheet(unit, request)

    @answers(UndoSheet)
    def undo_sheet(self, unit, request):
        return usecases.undo_sheet(unit, request)

    @every(900.0, alone=True)
    def sweep(self):
        """Sheets nobody comes back to go, piece by piece (X38)."""
        with self.bus.writing() as unit:
            usecases.close_old_sheets(unit, unit.now - timedelta(days=self.bus.settings.prepared_days))
        to_the_end(self._sweep_lines, PAGE)

    def _sweep_lines(self):
        with self.bus.writing() as unit:
            return unit.books.sheets.sweep()
