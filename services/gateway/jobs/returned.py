"""Gives a spreadsheet back with its faults in it: red cells, a comment on each, a column of reasons, a filter.

    python -m services.gateway.jobs.returned SECONDS MEMORY_BYTES KIND FILE FAULTS OUT ANNOTATED_ROWS INFLATED_BYTES

Up to so many rows an .xlsx is the user's own file, annotated; a larger one or an .xls becomes a fresh .xlsx of the same
layout.  ``FAULTS``: a JSON list of ``{row, column, value, sentence}``.  Says ``{"made": …}`` or ``{"refused": …}``.
"""
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from services.gateway.jobs.archive import TOO_BIG, Looked, Refused, look_into
from services.gateway.jobs.columns import Header
from services.gateway.jobs.confined import confine
from services.gateway.jobs.kinds import kind_of
from services.gateway.jobs.reader import find, text

REASON = "要改的地方"
RED, EDGE = "FFC7CE", "C00000"
#: comments in a fresh file; the column of reasons tells of every fault
COMMENTS = 5_000
Faults = dict[int, list[dict[str, Any]]]


def by_row(told: list[dict[str, Any]]) -> Faults:
    found: Faults = defaultdict(list)
    for fault in told:
        found[fault["row"]].append(fault)
    return found


def reason(faults: list[dict[str, Any]]) -> str:
    """What is wrong in a row: column, what stands there, what to write instead."""
    return "；".join(f"【{f['column']}】{f['sentence']}" for f in faults)


def annotate(file: Path, out: Path, sheet: str, header: Header, labels: dict[str, int], faults: Faults) -> None:
    """Mark the faults in the user's own file; nothing else in it changes."""
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    # opened here: by its name it would be refused, which has no ending
    with file.open("rb") as stream:
        book = load_workbook(stream)
    page, red = book[sheet], PatternFill("solid", start_color=RED, end_color=RED)
    top = header.row + 1
    last = page.max_column
    # given back a second time, the file has the column already
    here = next((c for c in range(1, last + 1) if page.cell(top, c).value == REASON), last + 1)
    for row in range(top, page.max_row + 1):
        if page.cell(row, here).value is not None:
            page.cell(row, here).value = None
    page.cell(top, here).value = REASON
    page.column_dimensions[get_column_letter(here)].width = 60
    for row, wrong in faults.items():
        page.cell(row, here).value = reason(wrong)
        for fault in wrong:
            place = labels.get(fault["column"])
            if place is not None:
                cell = page.cell(row, place + 1)
                cell.fill = red
                cell.comment = Comment(fault["sentence"], "践诺", width=280, height=90)
    page.auto_filter.ref = f"A{top}:{get_column_letter(here)}{max(page.max_row, top)}"
    book.active = book.index(page)
    book.save(out)


def fresh(rows: Any, out: Path, header: Header, labels: dict[str, int], faults: Faults) -> None:
    """The same rows in the same places, in a new file; strings are written as strings (T26)."""
    import xlsxwriter

    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet("填写")
        plain = book.add_format({"num_format": "@"})
        red = book.add_format({"num_format": "@", "bg_color": f"#{RED}", "border": 1, "border_color": f"#{EDGE}"})
        bold = book.add_format({"bold": True, "bg_color": "#F3E3E1", "border": 1})
        width, count, comments = 0, 0, 0
        for number, row in enumerate(rows):
            words, wrong = [text(value) for value in row], faults.get(number + 1, [])
            if number <= header.row:
                width = max(width, len(words), max(labels.values()) + 1)
                if number == header.row:
                    width = len(words) - (words[-1:] == [REASON])
                    words = [*words[:width], REASON]
                    page.set_column(width, width, 60)
            at_fault = {labels[f["column"]]: f["sentence"] for f in wrong if f["column"] in labels}
            for place in range(max(len(words[:width + 1]), 1 + max(at_fault, default=-1))):
                word = words[place] if place < len(words) else ""
                if place == width and number > header.row:
                    continue
                page.write_string(number, place, word, bold if number == header.row else red if place in at_fault else plain)
                if place in at_fault and comments < COMMENTS:
                    comments += 1
                    page.write_comment(number, place, at_fault[place], {"x_scale": 2})
            if wrong:
                page.write_string(number, width, reason(wrong), red)
            count = number
        page.autofilter(header.row, 0, max(count, header.row), width)
        page.freeze_panes(header.row + 1, 0)


def made(kind: str, file: Path, told: list[dict[str, Any]], out: Path, most: int, inflated: int) -> str:
    """How it was made: ``own`` the user's own file, ``fresh`` a new one.  Raises Refused, MemoryError."""
    columns = kind_of(kind).columns
    looked: Looked = look_into(file, inflated=inflated, rows=1_048_576)
    name, header, rows = find(columns, file, looked)
    words = {column.field: column.label for column in columns}
    labels = {words[f]: place for f, place in header.places.items()}
    faults = by_row(told)
    if not looked.old and looked.rows_of(name) <= most:
        try:
            annotate(file, out, name, header, labels, faults)
            return "own"
        except Exception:
            # whatever that library stumbles over in a file, a fresh one can be made of its rows
            out.unlink(missing_ok=True)
    fresh(rows, out, header, labels, faults)
    return "fresh"


def main(words: list[str]) -> None:
    confine(*map(int, words[:2]))
    kind, file, faults, out, most, inflated = words[2], Path(words[3]), Path(words[4]), Path(words[5]), int(words[6]), int(words[7])
    try:
        told = {"made": made(kind, file, json.loads(faults.read_bytes()), out, most, inflated)}
    except Refused as sentence:
        told = {"refused": str(sentence)}
    except MemoryError:
        told = {"refused": TOO_BIG}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
