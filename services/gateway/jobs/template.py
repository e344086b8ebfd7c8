"""The spreadsheet to fill in: an instructions sheet, the columns with dropdowns and text format, one example row."""
import io
from datetime import UTC, datetime

import xlsxwriter

from services.gateway.jobs.columns import EXAMPLE
from services.gateway.jobs.kinds import kind_of

#: rows with dropdowns: more than any county fills in at once
ROWS = 60_000
#: when a template says it was made
MADE = datetime(2026, 1, 1, tzinfo=UTC)


def made(kind: str) -> bytes:
    """The template of this kind.  Strings are written as strings: nothing in it becomes a formula (T26)."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # the same template is the same file, whenever it is taken
    book.set_properties({"created": MADE})
    head = book.add_format({"bold": True, "bg_color": "#F3E3E1", "border": 1, "text_wrap": True, "valign": "vcenter"})
    text = book.add_format({"num_format": "@"})
    grey = book.add_format({"num_format": "@", "font_color": "#777777", "italic": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet, notes = book.add_worksheet("填写"), book.add_worksheet("说明")
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(kind_of(kind).columns):
        sheet.set_column(place, place, max(14, len(column.label) * 2 + 6), text)
        sheet.write_string(0, place, column.label + ("*" if column.required else ""), head)
        sheet.write_string(1, place, column.example, grey)
        if column.choices:
            sheet.data_validation(1, place, ROWS, place, {
                "validate": "list", "source": list(column.choices), "error_title": "请从下拉框里选",
                "error_message": "这一列只能选下拉框里的内容。"})
    for number, (name, words) in enumerate(_instructions(kind)):
        notes.write_string(number, 0, name, head)
        notes.write_string(number, 1, words, wrap)
    notes.set_column(0, 0, 18)
    notes.set_column(1, 1, 80)
    book.close()
    return out.getvalue()


def _instructions(kind: str) -> list[tuple[str, str]]:
    lines = [("怎么填", f"在“填写”表里从第 3 行开始填；第 2 行是示例，编号以“{EXAMPLE}”开头的行不会导入。带 * 的列必填。"),
             ("列的顺序", "可以调整，也可以多出别的列；空行会跳过。"),
             ("重复上传", kind_of(kind).again),
             ("有错误时", "只要有一行不对，就什么都不写入；您会拿回自己的表格，错的格子标红、带批注，“要改的地方”一列写明怎么改。也可先导入正确的。"),
             ("公式", "只收内容，不收公式。用到公式的列，请先复制，再用“选择性粘贴—数值”贴回。")]
    for column in kind_of(kind).columns:
        choices = f"可填：{'、'.join(column.choices)}。" if column.choices else ""
        lines.append((column.label, f"{'必填。' if column.required else '可以空着。'}{column.help + '。' if column.help else ''}{choices}"))
    return lines
