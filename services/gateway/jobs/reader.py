"""Reads an uploaded spreadsheet: runs as a process of its own with little memory and time, and trusts nothing in the file.

    python -m services.gateway.jobs.reader KIND FILE ROWS INFLATED_BYTES SECONDS MEMORY_BYTES

Prints one JSON object: ``rows`` (with their number in the file) and ``faults``, or ``refused`` with a sentence.
"""
import json
import re
import resource
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from services.gateway.jobs.columns import EXAMPLE, KINDS, Header, NoHeader, header_in

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOT_ONE = "这不是 Excel 表格（.xlsx 或 .xls）。请用 Excel 或 WPS 另存为 .xlsx 后再上传。"
ENCRYPTED = "这个表格设了打开密码，系统读不了。请取消密码、保存后再上传。"
MACRO = "这个表格带宏，为安全起见不接收。请另存为不带宏的 .xlsx 后再上传。"
TOO_BIG = "这个表格展开后太大，系统不接收。请删去图片、空白区域和多余的工作表，或分成几个文件上传。"
DAMAGED = "这个表格已损坏，打不开。请用 Excel 或 WPS 打开、另存为 .xlsx 后再上传。"
NO_SHEET = "没有找到表头。请在表格前几行写上列名（例如“编号”“{}”），或下载模板填写。"
FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f[\s>/]')
PIECE = 65_536


class Refused(Exception):
    """The file is not taken; the message says what to do."""


def read(kind: str, file: Path, *, most_rows: int, inflated: int) -> dict[str, Any]:
    """The rows of the first sheet that has the columns of this kind.  Raises Refused."""
    with file.open("rb") as start:
        magic = start.read(8)
    if magic.startswith(ZIP):
        _look_into_zip(file, inflated)
    elif magic == OLE:
        _look_into_ole(file.read_bytes())
    else:
        raise Refused(NOT_ONE)
    for name, cells in _sheets(file):
        try:
            header = header_in(kind, [[_text(c) for c in row] for row in cells[:20]])
        except NoHeader as sentence:
            raise Refused(f"工作表“{name}”：{sentence}") from None
        if header is not None:
            if magic.startswith(ZIP):
                _no_formulas(file, name)
            return _rows(kind, header, cells, most_rows)
    raise Refused(NO_SHEET.format(KINDS[kind][1].label))


def _rows(kind: str, header: Header, cells: list[list[Any]], most_rows: int) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    faults: list[dict[str, Any]] = []
    columns = [(c, header.places[c.field]) for c in KINDS[kind] if c.field in header.places]
    for number, row in enumerate(cells[header.row + 1:], header.row + 2):
        found = {column.field: _text(row[place]) if place < len(row) else "" for column, place in columns}
        if not any(found.values()) or found["code"].startswith(EXAMPLE):
            continue
        for column, _ in columns:
            value = found[column.field]
            if len(value) > column.limit:
                faults.append({"row": number, "column": column.label, "value": value[:60],
                               "sentence": f"最多 {column.limit} 个字，现在 {len(value)} 个字，请缩短。"})
                found[column.field] = value[:column.limit]
        rows.append({"row": number, **found})
        if len(rows) > most_rows:
            raise Refused(f"一次最多导入 {most_rows} 行，请分成几个文件上传。")
    if not rows:
        raise Refused("表头下面没有内容，请填写后再上传。")
    return {"rows": rows, "faults": faults}


def _text(value: Any) -> str:
    """A cell as it reads on the screen; characters no database holds become nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value == value and abs(value) < 1e15 and value == int(value) else repr(value)
    if isinstance(value, (datetime, date)):
        return value.strftime("%Y-%m-%d")
    return "".join(c for c in str(value) if c.isprintable() or c == " ").strip()


def _sheets(file: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(file))
        for name in book.sheet_names:
            yield name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise Refused(ENCRYPTED if "assword" in str(error) else DAMAGED) from None
    except (MemoryError, OverflowError):
        raise Refused(TOO_BIG) from None
    except (ValueError, OSError):
        raise Refused(DAMAGED) from None


def _look_into_zip(file: Path, inflated: int) -> None:
    """Count what the archive really holds, not what it says; look for macros and for what is no workbook."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError):
        raise Refused(DAMAGED) from None
    names = {entry.filename for entry in entries}
    if len(entries) > 2_000 or sum(entry.file_size for entry in entries) > inflated:
        raise Refused(TOO_BIG)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(ENCRYPTED)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused(MACRO)
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refused(NOT_ONE)
    left = inflated
    with file.open("rb") as raw:
        for entry in entries:
            left -= _inflated(raw, entry, left)
            if left < 0:
                raise Refused(TOO_BIG)


def _inflated(raw: Any, entry: zipfile.ZipInfo, most: int) -> int:
    """How many bytes the entry inflates to, counted no further than just above ``most``."""
    raw.seek(entry.header_offset)
    head = raw.read(30)
    if len(head) < 30 or head[:4] != ZIP:
        raise Refused(DAMAGED)
    name, extra = struct.unpack("<HH", head[26:30])
    raw.seek(entry.header_offset + 30 + name + extra)
    if entry.compress_type == zipfile.ZIP_STORED:
        return entry.compress_size
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise Refused(DAMAGED)
    stream, left, size = zlib.decompressobj(-15), entry.compress_size, 0
    try:
        while (left or stream.unconsumed_tail) and not stream.eof and size <= most:
            piece = stream.unconsumed_tail or raw.read(min(PIECE, left))
            if not stream.unconsumed_tail:
                left -= len(piece)
                if not piece:
                    raise Refused(DAMAGED)
            size += len(stream.decompress(piece, 16 * PIECE))
    except zlib.error:
        raise Refused(DAMAGED) from None
    return size


def _look_into_ole(data: bytes) -> None:
    """The old format and encrypted new ones share a container; its directory holds names in UTF-16."""
    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise Refused(ENCRYPTED)
    if holds("_VBA_PROJECT"):
        raise Refused(MACRO)
    if not (holds("Workbook") or holds("Book")):
        raise Refused(NOT_ONE)


def _no_formulas(file: Path, sheet: str) -> None:
    """A formula shows one thing here and another there: only values are taken."""
    with zipfile.ZipFile(file) as archive:
        for entry in archive.namelist():
            if entry.startswith("xl/worksheets/") and entry.endswith(".xml") and (found := FORMULA.search(archive.read(entry))):
                raise Refused(f"第 {found[2].decode()} 行 {found[1].decode()} 列是公式。请复制该列，用“选择性粘贴—数值”变成文字后再上传。")


def main(words: list[str]) -> None:
    kind, file, most_rows, inflated, seconds, memory = words[0], Path(words[1]), *map(int, words[2:6])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        found = read(kind, file, most_rows=most_rows, inflated=inflated)
    except Refused as sentence:
        found = {"refused": str(sentence)}
    except MemoryError:
        found = {"refused": TOO_BIG}
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
