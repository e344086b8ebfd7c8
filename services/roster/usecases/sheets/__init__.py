"""A whole spreadsheet in pieces: staged, checked, written at one stroke, taken back; one file per kind of sheet."""
from services.roster.usecases.sheets.staging import check_sheet, stage_lines
from services.roster.usecases.sheets.sweeping import close_old_sheets
from services.roster.usecases.sheets.undoing import undo_sheet
from services.roster.usecases.sheets.writing import write_sheet

__all__ = ["check_sheet", "close_old_sheets", "stage_lines", "undo_sheet", "write_sheet"]
