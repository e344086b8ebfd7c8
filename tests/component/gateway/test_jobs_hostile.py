"""Thirty files nobody should send, made here: each is answered with a sentence, in a process with little memory, and nothing of
it reaches roster.  Held is the limit, not the stopwatch. [T25] [X31] [X33]"""
import io
import struct
import zipfile
import zlib

import pytest
import xlsxwriter

from services.gateway.jobs import confined
from services.gateway.settings import GatewaySettings
from tests.component.gateway.test_jobs_imports import HEADER, ROWS, sheet, uploaded

#: of the process that reads: seconds of processor time and bytes
SECONDS, MEMORY = 2, 256_000_000


def zipped(entries, method=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def repacked(change, rows=None) -> bytes:
    """A right workbook with its parts changed by ``change(name, content)``."""
    source = zipfile.ZipFile(io.BytesIO(sheet(rows or [HEADER, *ROWS])))
    return zipped({n: change(n, source.read(n)) for n in source.namelist()})


def in_sheet(change):
    return repacked(lambda n, c: change(c) if n == "xl/worksheets/sheet1.xml" else c)


def forged(sizes_told: int, body: bytes) -> bytes:
    """A workbook whose sheet says it is small."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(body) + packer.flush()
    honest = zipfile.ZipFile(io.BytesIO(zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"})))
    out, directory = io.BytesIO(), b""
    parts = [(n, zlib.compress(honest.read(n))[2:-4], 10) for n in honest.namelist()] + [("xl/worksheets/sheet1.xml", packed, sizes_told)]
    for name, data, size in parts:
        place, encoded = out.tell(), name.encode()
        fields = (20, 0, 8, 0, 0, 0, len(data), size, len(encoded), 0)
        out.write(b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", *fields) + encoded + data)
        directory += b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, *fields[:-1], 0, 0, 0, 0, 0, place) + encoded
    start = out.tell()
    out.write(directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(directory), start, 0))
    return out.getvalue()


def blank_rows(count: int) -> bytes:
    """Rows that are there and empty, as a spreadsheet formatted to its end has them."""
    rows = b"".join(b'<row r="%d" spans="1:5" s="1" customFormat="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(4, count))
    return in_sheet(lambda c: c.replace(b"</sheetData>", rows + b"</sheetData>"))


def a_million_and_one_rows() -> bytes:
    out = io.BytesIO()
    row = b'<row><c t="inlineStr"><is><t>53</t></is></c></row>'
    content = (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + row * 1_000_001
               + b"</sheetData></worksheet>")
    source = zipfile.ZipFile(io.BytesIO(sheet([HEADER, *ROWS])))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, content if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return out.getvalue()


def ole(*names: str, bare: bytes = b"") -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + b"\0\0".join(n.encode("utf-16-le") for n in names) + bare + b"\0" * 600


def protected() -> bytes:
    """The bit that says an entry is encrypted, set in every header."""
    content = bytearray(sheet([HEADER, *ROWS]))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


LAUGHS = (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 1000 + b'"><!ENTITY c "' + b"&b;" * 1000
          + b'"><!ENTITY d SYSTEM "file:///etc/passwd">]>')
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY d SYSTEM "http://127.0.0.1:9/x">]>'
CORNER = b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row></sheetData>'


def with_entities(declared: bytes):
    return in_sheet(lambda c: declared + c.partition(b"?>")[2].replace(b"<v>0</v>", b"<v>&c;&d;</v>"))


TOO_BIG, NOT_ONE, DAMAGED, HEADERLESS = "太大", "不是 Excel", "已损坏", "没有找到表头"
#: name -> how it is made, and what the sentence says
BAD = {
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 100, NOT_ONE),
    "text": (lambda: "编号,名称\n1,a\n".encode("gb18030"), NOT_ONE),
    "a page that calls itself a sheet": (lambda: b"<html><table></table></html>", NOT_ONE),
    "xml that calls itself a sheet": (lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', NOT_ONE),
    "one byte": (lambda: b"P", NOT_ONE),
    "another archive": (lambda: zipped({"a.txt": "a"}), NOT_ONE),
    "a document": (lambda: zipped({"[Content_Types].xml": "x", "word/document.xml": "x"}), NOT_ONE),
    "another old document": (lambda: ole("WordDocument"), NOT_ONE),
    "a cut file": (lambda: sheet([HEADER, *ROWS])[:2000], DAMAGED),
    "a damaged sheet": (lambda: in_sheet(lambda c: c[: len(c) // 2]), DAMAGED),
    "a sheet that is no xml": (lambda: in_sheet(lambda c: b"\0\1\2" * 100), ""),
    "an old one of nothing": (lambda: ole("Workbook"), DAMAGED),
    "a method nobody has": (lambda: zipped({"[Content_Types].xml": "x", "xl/workbook.xml": "x" * 100}, zipfile.ZIP_LZMA), DAMAGED),
    "a macro": (lambda: zipped({"[Content_Types].xml": "x", "xl/workbook.xml": "x", "xl/vbaProject.bin": "x"}), "宏"),
    "a macro of 1992": (lambda: zipped({"[Content_Types].xml": "x", "xl/workbook.xml": "x", "xl/macrosheets/sheet1.xml": "x"}), "宏"),
    "an old one with a macro": (lambda: ole("Workbook", "_VBA_PROJECT"), "宏"),
    "an encrypted one": (lambda: ole("EncryptedPackage"), "密码"),
    "encrypted entries": (protected, "密码"),
    "a bomb": (lambda: zipped({"[Content_Types].xml": "x", "xl/workbook.xml": "x", "xl/worksheets/sheet1.xml": b" " * 130_000_000}), TOO_BIG),
    "a bomb that lies": (lambda: forged(1000, b" " * 200_000_000), TOO_BIG),
    "a bomb of strings": (lambda: repacked(lambda n, c: c + b" " * 130_000_000 if n == "xl/sharedStrings.xml" else c), TOO_BIG),
    "ten thousand parts": (lambda: zipped({f"xl/{n}": "x" for n in range(2100)} | {"[Content_Types].xml": "x"}), TOO_BIG),
    "a cell in the last corner": (lambda: in_sheet(lambda c: c.replace(b"</sheetData>", CORNER)), TOO_BIG),
    "a million and one rows": (a_million_and_one_rows, "行太多"),
    "ten megabytes of blank rows": (lambda: blank_rows(310_000), "行太多"),
    "entities that multiply": (lambda: with_entities(LAUGHS), ""),
    "entities from outside": (lambda: with_entities(OUTSIDE), ""),
    "an empty sheet": (lambda: sheet([]), HEADERLESS),
    "a header and nothing below": (lambda: sheet([HEADER]), "没有内容"),
    "another list": (lambda: sheet([["姓名", "电话"], ["a", "b"]]), HEADERLESS),
}


def test_there_are_thirty():
    assert len(BAD) == 30


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_not_taken_says_what_to_do_within_its_limits(tmp_path, name):
    """The reader refuses it itself, or is ended by its limits of time and memory: no third way, and no line of it comes out. [T25] [X31]"""
    make, words = BAD[name]
    file = tmp_path / "upload"
    file.write_bytes(make())
    settings = GatewaySettings()
    said = []
    try:
        for told in confined.run("reader", SECONDS, MEMORY, "organisations", str(file), str(settings.sheet_rows), str(settings.sheet_inflated_bytes)):
            said.append(told)
    except confined.Ended as ended:
        assert name in ("a cell in the last corner", "entities that multiply", "entities from outside", "a sheet that is no xml"), ended
        said.append({"refused": TOO_BIG if ended.by_limit else DAMAGED})
    assert "refused" in said[-1] and words in said[-1]["refused"], said[-1]
    assert not any(line for told in said for line in told.get("lines", ()))
    assert "passwd" not in str(said) and "root:" not in str(said)


@pytest.mark.parametrize("name", ["a picture", "a bomb that lies", "a cell in the last corner", "encrypted entries"])
def test_the_person_reads_the_sentence_and_roster_hears_nothing(gate, office, roster, name):
    job = uploaded(gate, office, BAD[name][0]())
    assert job["state"] == "failed" and BAD[name][1] in job["sentence"] and not roster.kept


def test_formulas_and_commands_typed_as_text_reach_roster_as_they_are_typed(gate, office, roster):
    """Roster refuses them at their cell; nothing is calculated on the way. [T26]"""
    typed = "=cmd|' /C calc'!A0"
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        for number, row in enumerate([HEADER, ["53", typed, "县委", "机关", ""]]):
            for place, word in enumerate(row):
                page.write_string(number, place, word)
        page.write_formula(2, 1, '=HYPERLINK("http://x","y")', None, "名称")
        page.write_string(2, 0, "54")
    uploaded(gate, office, out.getvalue())
    assert [row["name"] for row in roster.rows()] == [typed, '=HYPERLINK("http://x","y")']


def test_a_sheet_of_more_rows_than_one_may_import_is_refused(tmp_path):
    """[T25]"""
    file = tmp_path / "many"
    file.write_bytes(sheet([HEADER, *([str(n), "a", "b", "c", "d"] for n in range(300))]))
    said = list(confined.run("reader", 20, MEMORY, "organisations", str(file), "200", "120000000"))
    assert "最多导入 200 行" in said[-1]["refused"]


def test_blank_rows_below_a_table_are_passed_over(gate, office, roster):
    job = uploaded(gate, office, blank_rows(20_000))
    assert (job["state"], job["total"]) == ("checked", 2)
