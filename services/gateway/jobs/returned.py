"""Gives a spreadsheet back with its faults in it: red cells, a comment on each, a column of reasons, a filter; and a column of
what is worth a look before it is written.

    python -m services.gateway.jobs.returned SECONDS MEMORY_BYTES KIND FILE FAULTS OUT ANNOTATED_ROWS INFLATED_BYTES

Up to so many rows an .xlsx is the user's own file, annotated; a larger one or an .xls becomes a fresh .xlsx of the same
layout.  ``FAULTS``: JSON ``{"faults": [{row, column, value, sentence}], "notes": [{row, sentence}]}``.  Says ``{"made": …}`` or ``{"refused": …}``.
"""
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from services.gateway.jobs.archive import TOO_BIG, Looked, Refused, look_into
from services.gateway.jobs.columns import Header
from services.gateway.jobs.confined import confine
from services.gateway.jobs.kinds import kind_of
from services.gateway.jobs.reader import find, text

REASON, NOTE = OURS = "要改的地方", "导入前请看"
#: whose the comments are: known again by it when the file comes back
AUTHOR = "践诺"
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


def ours_in(words: Sequence[str], said: Iterable[str]) -> dict[str, int]:
    """Where our columns stand in a header, from 0: wherever it has them from the time before, else after all others."""
    there = {word: place for place, word in enumerate(words) if word in OURS}
    return there | {column: place for place, column in enumerate((one for one in said if one not in there), len(words))}


def annotate(file: Path, out: Path, sheet: str, header: Header, labels: dict[str, int], faults: Faults, notes: Faults) -> None:
    """Mark the faults and write the notes in the user's own file, without what we marked and wrote there before; nothing else in it
    changes."""
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    # opened here: by its name it would be refused, which has no ending
    with file.open("rb") as stream:
        book = load_workbook(stream)
    page, red = book[sheet], PatternFill("solid", start_color=RED, end_color=RED)
    top, said = header.row + 1, by_column(faults, notes)
    words = [str(page.cell(top, place).value or "") for place in range(1, page.max_column + 1)]
    ours = ours_in(words, said)
    _clean(page, top, {place for place, word in enumerate(words) if word in OURS}, set(labels.values()))
    for column, told in said.items():
        page.cell(top, ours[column] + 1).value = column
        page.column_dimensions[get_column_letter(ours[column] + 1)].width = 60
        for row, word in told.items():
            page.cell(row, ours[column] + 1).value = word
    for row, wrong in faults.items():
        for fault in wrong:
            place = labels.get(fault["column"])
            if place is not None:
                cell = page.cell(row, place + 1)
                cell.fill = red
                cell.comment = Comment(fault["sentence"], AUTHOR, width=280, height=90)
    page.auto_filter.ref = f"A{top}:{get_column_letter(page.max_column)}{max(page.max_row, top)}"
    book.active = book.index(page)
    book.save(out)


def _clean(page: Any, top: int, ours: set[int], theirs: set[int]) -> None:
    """Take off what we put there the time before: the words of our columns; our comments, our red and its edge.

    The red is Excel's own for what is bad: without a comment of ours it is ours only in a file that we gave back.
    """
    from openpyxl.styles import Border, PatternFill

    for row in range(top + 1, page.max_row + 1):
        for place in ours | theirs:
            cell = page.cell(row, place + 1)
            if place in ours and cell.value is not None:
                cell.value = None
            commented = cell.comment is not None and cell.comment.author == AUTHOR
            if commented:
                cell.comment = None
            if (commented or ours) and cell.fill.fill_type == "solid" and str(cell.fill.start_color.rgb).endswith(RED):
                cell.fill = PatternFill()
                edge = cell.border.left and cell.border.left.color
                if edge and str(edge.rgb).endswith(EDGE):
                    cell.border = Border()


def fresh(rows: Any, out: Path, header: Header, labels: dict[str, int], faults: Faults, notes: Faults) -> None:
    """The same rows in the same places, in a new file; strings are written as strings (T26)."""
    import xlsxwriter

    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet("填写")
        page.set_comments_author(AUTHOR)
        plain = book.add_format({"num_format": "@"})
        red = book.add_format({"num_format": "@", "bg_color": f"#{RED}", "border": 1, "border_color": f"#{EDGE}"})
        bold = book.add_format({"bold": True, "bg_color": "#F3E3E1", "border": 1})
        count, width, comments, said = 0, 0, 0, by_column(faults, notes)
        ours: dict[str, int] = {}
        for number, row in enumerate(rows):
            words, told = [text(value) for value in row], {}
            at_fault = {labels[f["column"]]: f["sentence"] for f in faults.get(number + 1, []) if f["column"] in labels}
            if number == header.row:
                words += [""] * (1 + max(labels.values()) - len(words))
                ours = ours_in(words, said)
                words += [column for column in said if column not in words]
                width = len(words)
                for place in ours.values():
                    page.set_column(place, place, 60)
            elif number > header.row:
                told = {place: said.get(column, {}).get(number + 1, "") for column, place in ours.items()}
            for place in range(max(len(words), 1 + max((*at_fault, *told), default=-1))):
                word = told.get(place, words[place] if place < len(words) else "")
                if place in told and not word:
                    continue
                wrong = place in at_fault or (place in told and place == ours.get(REASON))
                page.write_string(number, place, word, bold if number == header.row else red if wrong else plain)
                if place in at_fault and comments < COMMENTS:
                    comments += 1
                    page.write_comment(number, place, at_fault[place], {"x_scale": 2})
            count = number
        page.autofilter(header.row, 0, max(count, header.row), width - 1)
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
