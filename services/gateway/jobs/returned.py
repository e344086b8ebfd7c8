"""Gives a spreadsheet back with its faults in it: red cells, a comment on each, a column of reasons, a filter; and a column of
what is worth a look before it is written.

    python -m services.gateway.jobs.returned SECONDS MEMORY_BYTES KIND FILE FAULTS OUT ANNOTATED_ROWS INFLATED_BYTES

Up to so many rows an .xlsx is the user's own file, annotated; a larger one or an .xls becomes a fresh .xlsx of the same
layout.  ``FAULTS``: JSON ``{"faults": [{row, column, value, sentence}], "notes": [{row, sentence}]}``.  Says ``{"made": …}`` or ``{"refused": …}``.
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

REASON, NOTE = OURS = "要改的地方", "导入前请看"
RED, EDGE = "FFC7CE", "C00000"
#: comments in a fresh file; the column of reasons tells of every fault
COMMENTS = 5_000
Faults = dict[int, list[dict[str, Any]]]


def by_row(told: list[dict[str, Any]]) -> Faults:
    found: Faults = defaultdict(list)
    for fault in told:
        found[fault["row"]].append(fault)
    return found


def by_column(faults: Faults, notes: Faults) -> dict[str, dict[int, str]]:
    """Our columns that have something to say, each with its words by row."""
    said = {REASON: {row: reason(told) for row, told in faults.items()},
            NOTE: {row: "；".join(one["sentence"] for one in told) for row, told in notes.items()}}
    return {column: words for column, words in said.items() if words}


def reason(faults: list[dict[str, Any]]) -> str:
    """What is wrong in a row: column, what stands there, what to write instead."""
    return "；".join(f"【{f['column']}】{f['sentence']}" for f in faults)


def annotate(file: Path, out: Path, sheet: str, header: Header, labels: dict[str, int], faults: Faults, notes: Faults) -> None:
    """Mark the faults and write the notes in the user's own file; nothing else in it changes."""
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
    # given back a second time, the file has our columns already
    ours = {page.cell(top, c).value: c for c in range(1, last + 1) if page.cell(top, c).value in OURS}
    for row in range(top + 1, page.max_row + 1):
        for here in ours.values():
            if page.cell(row, here).value is not None:
                page.cell(row, here).value = None
    for column, words in by_column(faults, notes).items():
        if column not in ours:
            last += 1
            ours[column] = last
        page.cell(top, ours[column]).value = column
        page.column_dimensions[get_column_letter(ours[column])].width = 60
        for row, word in words.items():
            page.cell(row, ours[column]).value = word
    for row, wrong in faults.items():
        for fault in wrong:
            place = labels.get(fault["column"])
            if place is not None:
                cell = page.cell(row, place + 1)
                cell.fill = red
                cell.comment = Comment(fault["sentence"], "践诺", width=280, height=90)
    page.auto_filter.ref = f"A{top}:{get_column_letter(last)}{max(page.max_row, top)}"
    book.active = book.index(page)
    book.save(out)


def fresh(rows: Any, out: Path, header: Header, labels: dict[str, int], faults: Faults, notes: Faults) -> None:
    """The same rows in the same places, in a new file; strings are written as strings (T26)."""
    import xlsxwriter

    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet("填写")
        plain = book.add_format({"num_format": "@"})
        red = book.add_format({"num_format": "@", "bg_color": f"#{RED}", "border": 1, "border_color": f"#{EDGE}"})
        bold = book.add_format({"bold": True, "bg_color": "#F3E3E1", "border": 1})
        width, count, comments, ours = 0, 0, 0, by_column(faults, notes)
        for number, row in enumerate(rows):
            words, wrong = [text(value) for value in row], faults.get(number + 1, [])
            if number <= header.row:
                width = max(width, len(words), max(labels.values()) + 1)
                if number == header.row:
                    width = len(words) - next((n for n, word in enumerate(reversed(words)) if word not in OURS), 0)
                    words = [*words[:width], *ours]
                    page.set_column(width, width + len(ours) - 1, 60)
            at_fault = {labels[f["column"]]: f["sentence"] for f in wrong if f["column"] in labels}
            words = words if number == header.row else words[:width]
            for place in range(max(len(words), 1 + max(at_fault, default=-1))):
                word = words[place] if place < len(words) else ""
                page.write_string(number, place, word, bold if number == header.row else red if place in at_fault else plain)
                if place in at_fault and comments < COMMENTS:
                    comments += 1
                    page.write_comment(number, place, at_fault[place], {"x_scale": 2})
            for place, told in enumerate(ours.values(), width):
                if number + 1 in told:
                    page.write_string(number, place, told[number + 1], red if told is ours.get(REASON) else plain)
            count = number
        page.autofilter(header.row, 0, max(count, header.row), width + len(ours) - 1)
        page.freeze_panes(header.row + 1, 0)


def made(kind: str, file: Path, told: dict[str, list[dict[str, Any]]], out: Path, most: int, inflated: int) -> str:
    """How it was made: ``own`` the user's own file, ``fresh`` a new one.  Raises Refused, MemoryError."""
    columns = kind_of(kind).columns
    looked: Looked = look_into(file, inflated=inflated, rows=1_048_576)
    name, header, rows = find(columns, file, looked)
    words = {column.field: column.label for column in columns}
    labels = {words[f]: place for f, place in header.places.items()}
    faults, notes = by_row(told["faults"]), by_row(told["notes"])
    if not looked.old and looked.rows_of(name) <= most:
        try:
            annotate(file, out, name, header, labels, faults, notes)
            return "own"
        except Exception:
            # whatever that library stumbles over in a file, a fresh one can be made of its rows
            out.unlink(missing_ok=True)
    fresh(rows, out, header, labels, faults, notes)
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
