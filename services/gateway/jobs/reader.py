"""Reads an uploaded spreadsheet: runs as a process of its own with little memory and time, and trusts nothing in the file.

    python -m services.gateway.jobs.reader SECONDS MEMORY_BYTES KIND FILE ROWS INFLATED_BYTES

Writes a JSON object per line: first ``{"fields", "expected", "header", "sheet", "places"}``, then pieces ``{"lines":
[[row, [cells]], …]}``, at the end ``{"end": rows}``; or ``{"refused": sentence}`` at any point.
"""
import json
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from services.gateway.jobs.archive import DAMAGED, ENCRYPTED, TOO_BIG, Looked, Refused, look_into
from services.gateway.jobs.columns import EXAMPLE, HEADER_WITHIN, Column, Header, NoHeader, header_in
from services.gateway.jobs.confined import confine
from services.gateway.jobs.kinds import kind_of

NO_SHEET = "没有找到表头。请在表格前几行写上列名（例如“编号”“{}”），或下载模板填写。"
#: lines a piece; characters a cell is cut to: more is wrong in every column
PIECE, LONGEST = 1_000, 400
_UNSHOWN = re.compile(r"[^\S ]")


def told(kind: str, file: Path, *, most_rows: int, inflated: int) -> Iterator[dict[str, Any]]:
    """What is in the first sheet that has the columns of this kind.  Raises Refused."""
    columns = kind_of(kind).columns
    # rows that are there but empty cost as much to read as full ones
    looked = look_into(file, inflated=inflated, rows=3 * most_rows)
    name, header, cells = find(columns, file, looked)
    yield {"fields": list(header.places), "expected": looked.rows_of(name), "header": header.row, "sheet": name, "places": header.places}
    count, piece = 0, []
    for line in lines(header, cells, looked.formulas_of(name)):
        count += 1
        if count > most_rows:
            raise Refused(f"一次最多导入 {most_rows} 行，请分成几个文件上传。")
        piece.append(line)
        if len(piece) == PIECE:
            yield {"lines": piece}
            piece = []
    if not count:
        raise Refused("表头下面没有内容，请填写后再上传。")
    yield {"lines": piece}
    yield {"end": count}


def find(columns: tuple[Column, ...], file: Path, looked: Looked) -> tuple[str, Header, Iterator[list[Any]]]:
    """The sheet that has these columns: its name, where they stand, and its rows from the first one on."""
    for name, rows in sheets(file):
        first = list(islice(rows, HEADER_WITHIN))
        try:
            header = header_in(columns, [[text(c) for c in row] for row in first])
        except NoHeader as sentence:
            raise Refused(f"工作表“{name}”：{sentence}") from None
        if header is not None:
            return name, header, _again(first, rows)
    raise Refused(NO_SHEET.format(columns[1].label))


def lines(header: Header, rows: Iterator[list[Any]], formulas: dict[tuple[int, int], str]) -> Iterator[list[Any]]:
    """The lines below the header as ``[row, [cells]]``; blank ones and the template's example are passed over.

    A formula shows one thing here and another there, so it is told as what it is and not as what it gave.
    """
    places = list(header.places.values())
    code = list(header.places).index("code") if "code" in header.places else -1
    for number, row in enumerate(rows, 1):
        if number <= header.row + 1:
            continue
        found = [text(row[place]) if place < len(row) else "" for place in places]
        if formulas:
            found = [f"={formulas[number, place]}" if (number, place) in formulas else word
                     for word, place in zip(found, places, strict=True)]
        if any(found) and not (code >= 0 and found[code].startswith(EXAMPLE)):
            yield [number, [word[:LONGEST] for word in found]]


def text(value: Any) -> str:
    """A cell as it reads on the screen; characters no database holds become nothing."""
    if type(value) is str:
        return value.strip() if value.isprintable() else "".join(
            c for c in _UNSHOWN.sub(" ", value) if c.isprintable() or c == " ").strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        # from 16 digits on the last ones are lost: what is left reads like what the table shows, and is refused as a code
        return f"{value:.14e}" if abs(value) >= 1e15 else str(int(value)) if value == value and value == int(value) else repr(value)
    if isinstance(value, (datetime, date)):
        return value.strftime("%Y-%m-%d")
    return text(str(value))


def sheets(file: Path) -> Iterator[tuple[str, Iterator[list[Any]]]]:
    """Every sheet with its rows, read as they are asked for."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(file))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            # rows above the first filled one are told, columns left of it are not
            left = [""] * (sheet.start[1] if sheet.start else 0)
            yield name, (left + row for row in sheet.iter_rows())
    except CalamineError as error:
        raise Refused(ENCRYPTED if "assword" in str(error) else DAMAGED) from None
    except (MemoryError, OverflowError):
        raise Refused(TOO_BIG) from None
    except (ValueError, OSError):
        raise Refused(DAMAGED) from None


def _again(first: list[list[Any]], rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    yield from first
    yield from rows


def main(words: list[str]) -> None:
    confine(*map(int, words[:2]))
    kind, file, most_rows, inflated = words[2], Path(words[3]), int(words[4]), int(words[5])

    def say(one: dict[str, Any]) -> None:
        sys.stdout.buffer.write(json.dumps(one, ensure_ascii=False).encode() + b"\n")
        sys.stdout.buffer.flush()

    try:
        for one in told(kind, file, most_rows=most_rows, inflated=inflated):
            say(one)
    except Refused as sentence:
        say({"refused": str(sentence)})
    except MemoryError:
        say({"refused": TOO_BIG})


if __name__ == "__main__":
    main(sys.argv[1:])
