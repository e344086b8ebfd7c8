"""Looks into an uploaded file before a spreadsheet library opens it: what it really is, and how much it really holds (T25).

The archive is inflated piece by piece while counting, so what it says of itself is not believed; macros, passwords, entities
and formulas are seen on the way.
"""
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOT_ONE = "这不是 Excel 表格（.xlsx 或 .xls）。请用 Excel 或 WPS 另存为 .xlsx 后再上传。"
ENCRYPTED = "这个表格设了打开密码，系统读不了。请取消密码、保存后再上传。"
MACRO = "这个表格带宏，为安全起见不接收。请另存为不带宏的 .xlsx 后再上传。"
TOO_BIG = "这个表格展开后太大，系统不接收。请删去图片、空白区域和多余的工作表，或分成几个文件上传。"
TOO_MANY = "这个表格的行太多（连空行一共超过 {} 行）。请删去下面的空行，或分成几个文件上传。"
DAMAGED = "这个表格已损坏，打不开。请用 Excel 或 WPS 打开、另存为 .xlsx 后再上传。"
PIECE = 65_536
ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
FORMULA = re.compile(rb'<c\s[^<>]*?r="([A-Z]{1,3})(\d{1,7})"[^<>]*>\s*<f(?:\s[^<>]*)?(?:/>|>([^<]{0,200}))')
SHEET = re.compile(rb'<(?:\w+:)?sheet\s[^<>]*?name="([^"]*)"[^<>]*?\bid="([^"]+)"')
RELATION = re.compile(rb"<Relationship\s[^<>]*>")
#: formulas noted of one sheet; a sheet full of them is told after that many
FORMULAS = 5_000
#: no element is longer: so much of a piece is looked at again with the next
OVERLAP = 600


class Refused(Exception):
    """The file is not taken; the message says what to do."""


@dataclass
class Looked:
    """``formulas``: part of the archive → (row from 1, column from 0) → the formula's text; ``rows``: part → how many."""

    old: bool = False
    formulas: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)

    def formulas_of(self, sheet: str) -> dict[tuple[int, int], str]:
        return self.formulas.get(self.parts.get(sheet, ""), {})

    def rows_of(self, sheet: str) -> int:
        return self.rows.get(self.parts.get(sheet, ""), 0)


def look_into(file: Path, *, inflated: int, rows: int) -> Looked:
    """What there is to know beforehand.  Raises Refused for what is no spreadsheet, is locked, carries macros or is too big."""
    with file.open("rb") as start:
        magic = start.read(8)
    if magic.startswith(ZIP):
        return _zip(file, inflated, rows)
    if magic == OLE:
        _ole(file.read_bytes())
        return Looked(old=True)
    raise Refused(NOT_ONE)


def _zip(file: Path, inflated: int, rows: int) -> Looked:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, UnicodeDecodeError):
        raise Refused(DAMAGED) from None
    names = {entry.filename for entry in entries}
    if len(entries) > 2_000 or sum(entry.file_size for entry in entries) > inflated:
        raise Refused(TOO_BIG)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(ENCRYPTED)
    if any(name.lower().endswith(("vbaproject.bin", "xlmacros.xml")) or name.lower().startswith("xl/macrosheets/") for name in names):
        raise Refused(MACRO)
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refused(NOT_ONE)
    looked, left, small = Looked(), inflated, {}
    with file.open("rb") as raw:
        for entry in entries:
            sheet = entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml")
            kept = bytearray() if entry.filename in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels") else None
            scan = _Scan(rows) if sheet else None
            for piece in _inflated(raw, entry):
                left -= len(piece)
                if left < 0:
                    raise Refused(TOO_BIG)
                if scan:
                    scan.see(piece)
                if kept is not None and len(kept) < 1_000_000:
                    kept += piece
            if scan:
                looked.rows[entry.filename], looked.formulas[entry.filename] = scan.rows, scan.formulas
            if kept is not None:
                small[entry.filename] = bytes(kept)
    looked.parts = _parts(small.get("xl/workbook.xml", b""), small.get("xl/_rels/workbook.xml.rels", b""))
    return looked


class _Scan:
    """Rows and formulas of a sheet, while its text goes by."""

    def __init__(self, most: int):
        self._most, self._tail = most, b""
        self.rows = 0
        self.formulas: dict[tuple[int, int], str] = {}

    def see(self, piece: bytes) -> None:
        text = self._tail + piece
        # a row that begins in the tail was counted when the tail was the end of a piece, unless it was cut
        self.rows += sum(1 for _ in ROW.finditer(text)) - sum(1 for _ in ROW.finditer(self._tail))
        if self.rows > self._most:
            raise Refused(TOO_MANY.format(self._most))
        if b"<f" in text and len(self.formulas) < FORMULAS:
            for found in FORMULA.finditer(text):
                self.formulas[int(found[2]), _column(found[1])] = _plain(found[3] or b"")
        self._tail = text[-OVERLAP:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _plain(text: bytes) -> str:
    word = text.decode("utf-8", "replace")
    for sign, name in (("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&apos;"), ("&", "&amp;")):
        word = word.replace(name, sign)
    return word


def _parts(workbook: bytes, relations: bytes) -> dict[str, str]:
    """Name of a sheet → its part of the archive, as far as can be seen."""
    targets = {}
    for element in RELATION.findall(relations):
        id_, target = re.search(rb'\bId="([^"]+)"', element), re.search(rb'\bTarget="([^"]+)"', element)
        if id_ and target:
            path = target[1].decode("utf-8", "replace")
            targets[id_[1]] = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    return {_plain(name): targets[id_] for name, id_ in SHEET.findall(workbook) if id_ in targets}


def _inflated(raw: Any, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry's bytes piece by piece, whatever it says its size is."""
    raw.seek(entry.header_offset)
    head = raw.read(30)
    if len(head) < 30 or head[:4] != ZIP:
        raise Refused(DAMAGED)
    name, extra = struct.unpack("<HH", head[26:30])
    raw.seek(entry.header_offset + 30 + name + extra)
    left = entry.compress_size
    if entry.compress_type == zipfile.ZIP_STORED:
        while left > 0 and (piece := raw.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise Refused(DAMAGED)
    stream = zlib.decompressobj(-15)
    try:
        while (left or stream.unconsumed_tail) and not stream.eof:
            packed = stream.unconsumed_tail or raw.read(min(PIECE, left))
            if not stream.unconsumed_tail:
                left -= len(packed)
                if not packed:
                    raise Refused(DAMAGED)
            yield stream.decompress(packed, 16 * PIECE)
    except zlib.error:
        raise Refused(DAMAGED) from None


def _ole(data: bytes) -> None:
    """The old format and encrypted new ones share a container; its directory holds names in UTF-16."""
    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise Refused(ENCRYPTED)
    if holds("_VBA_PROJECT"):
        raise Refused(MACRO)
    if not (holds("Workbook") or holds("Book")):
        raise Refused(NOT_ONE)
