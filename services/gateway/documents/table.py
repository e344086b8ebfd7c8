"""A table as a spreadsheet to hand out: every cell is text, so that nothing in it is ever a formula (X33)."""
import io
from collections.abc import Iterable, Sequence

import xlsxwriter

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: what a cell of a spreadsheet holds
CELL = 32_767


def workbook(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet with a header that stays in sight and filters; the rows are taken one by one."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                   "strings_to_numbers": False}) as book:
        page = book.add_worksheet(name[:31])
        bold, plain = book.add_format({"bold": True, "num_format": "@"}), book.add_format({"num_format": "@"})
        page.freeze_panes(1, 0)
        page.set_column(0, len(columns) - 1, 20)
        for place, word in enumerate(columns):
            page.write_string(0, place, word, bold)
        number = 0
        for number, row in enumerate(rows, 1):
            for place, word in enumerate(row):
                page.write_string(number, place, word[:CELL], plain)
        page.autofilter(0, 0, number, len(columns) - 1)
    return out.getvalue()
