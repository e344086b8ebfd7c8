"""Imports from a spreadsheet: what is taken, how it is counted, and every file that is not taken, with a sentence."""
import io
import struct
import time
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from services.gateway.jobs import imports, worker
from services.gateway.jobs.columns import KINDS
from services.gateway.jobs.template import made as template
from services.gateway.settings import GatewaySettings
from tests.fakes_gateway import account, bearer, problem
from wire.contracts import roster as r
from wire.contracts.calls import Away, Forbidden

SAMPLES = Path(__file__).parent / "samples"
#: two seconds, and as much again for a machine that is doing something else
PATIENT = 2
HEADER = ["编号", "名称", "类别", "领域", "上级编号"]
ROWS = [["53", "云岭县委", "县委", "机关", ""], ["5301", "石桥镇党委", "党委", "农村", "53"]]


@pytest.fixture
def office(gate):
    gate.caller.hold("prs_gao", ("office", "org_county"))
    gate.caller.answers[r.CheckOrganisations] = lambda actor, request: verdict(request)
    gate.caller.answers[r.RegisterOrganisations] = lambda actor, request: verdict(request, done=True)
    return bearer(gate.app, account(gate.store, username="gao.ning", person_id="prs_gao", name="高宁"))


def verdict(request, *faults, done=False):
    return r.ImportVerdict(total=len(request.rows), new=len(request.rows), changed=0, same=0, done=done and not faults, faults=faults)


def sheet(rows, *, name="Sheet1", **write) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            page.write(number, place, value)
    for cell, formula in write.items():
        page.write_formula(cell, formula, None, "53")
    book.close()
    return out.getvalue()


def upload(gate, headers, content: bytes, kind="organisations", name="党组织.xlsx"):
    return gate.web.post(f"/api/v1/imports/{kind}", headers=headers, data={"file": (io.BytesIO(content), name)},
                         content_type="multipart/form-data")


def test_a_right_file_is_checked_and_then_written_once(gate, office):
    """Pre-check writes nothing; writing again changes nothing. [T32]"""
    answer = upload(gate, office, sheet([HEADER, *ROWS]))
    assert answer.status_code == 201, answer.text
    job = answer.json
    assert (job["state"], job["total"], job["importable"], job["wrong"], job["repeated"]) == ("checked", 2, 2, 0, 0)
    assert not gate.caller.of(r.RegisterOrganisations)
    for _ in range(2):
        done = gate.web.post(f"/api/v1/imports/{job['id']}/run", headers=office).json
        assert done["state"] == "done" and "新增 2 条" in done["sentence"]
    made, = gate.caller.of(r.RegisterOrganisations)
    assert made.request.rows[1] == r.OrganisationRow(row=3, code="5301", name="石桥镇党委", kind="党委", sector="农村", parent_code="53")
    assert made.key.startswith(job["id"]) and made.actor.grants[0].role == "office"


def test_any_order_of_columns_blank_rows_titles_and_other_names_are_understood(gate, office):
    rows = [["全县党组织一览表"], [], ["上级代码", "备注", "所属领域", " 党组织名称（必填）", "类型*", "党组织编号"], [],
            ["53", "x", "农村", " 石桥镇党委 ", "党委", 5301], [], ["", "", "", "", "", ""],
            [5301.0, "", "农村", "柳溪村党支部", "党支部", "530101"]]
    assert upload(gate, office, sheet(rows)).json["state"] == "checked"
    found = gate.caller.of(r.CheckOrganisations)[0].request.rows
    assert [(row.row, row.code, row.name, row.parent_code) for row in found] == [
        (5, "5301", "石桥镇党委", "53"), (8, "530101", "柳溪村党支部", "5301")]


def test_every_fault_is_listed_by_row_column_and_value(gate, office):
    faults = tuple(r.RowFault(row=n, column="领域", value=f"农付{n}", sentence="请从下拉框里选。") for n in (2, 3))
    gate.caller.answers[r.CheckOrganisations] = lambda actor, request: verdict(request, *faults)
    rows = [HEADER, *ROWS, ["5302", "长" * 401, "党委", "农村", "53"]]
    job = upload(gate, office, sheet(rows)).json
    assert (job["state"], job["total"], job["importable"], job["wrong"]) == ("wrong", 3, 0, 3)
    assert [(f["row"], f["column"]) for f in job["faults"]] == [(2, "领域"), (3, "领域"), (4, "名称")]
    assert job["faults"][0]["value"] == "农付2" and "401" in job["faults"][2]["sentence"]
    assert gate.web.post(f"/api/v1/imports/{job['id']}/run", headers=office).status_code == 422
    assert gate.web.get(f"/api/v1/imports/{job['id']}", headers=office).json == job


def test_missing_columns_are_named(gate, office):
    job = upload(gate, office, sheet([["编号", "名称", "成立日期"], ["1", "a", ""]])).json
    assert job["state"] == "failed" and "类别、领域、上级编号" in job["sentence"]


def test_a_column_twice_is_told(gate, office):
    job = upload(gate, office, sheet([[*HEADER, "代码"], *ROWS])).json
    assert job["state"] == "failed" and "编号" in job["sentence"] and "两次" in job["sentence"]


def test_the_old_format_is_read(gate, office):
    gate.caller.answers[r.CheckMembers] = lambda actor, request: verdict(request)
    job = upload(gate, office, (SAMPLES / "members.xls").read_bytes(), "members", "名册.xls").json
    assert job["state"] == "checked", job
    first, second = gate.caller.of(r.CheckMembers)[0].request.rows
    assert first == r.MemberRow(row=2, code="M-01", name="柳德顺", kind="正式党员", organisation_code="0101", joined_on="2009-07-01")
    assert second.code == "17"


@pytest.mark.parametrize("kind", ["organisations", "members"])
def test_the_template_is_understood_and_its_example_is_not_imported(gate, office, kind):
    """An instructions sheet, dropdowns, an example row, text format for codes."""
    answer = gate.web.get(f"/api/v1/imports/templates/{kind}", headers=office)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    page = book["填写"]
    assert page["A2"].value.startswith("示例") and page.column_dimensions["A"].number_format == "@"
    dropdowns = {next(iter(d.sqref.ranges)).min_col for d in page.data_validations.dataValidation}
    assert dropdowns == {place for place, column in enumerate(KINDS[kind], 1) if column.choices}
    assert book["说明"]["B1"].value
    job = upload(gate, office, answer.data, kind).json
    assert job["state"] == "failed" and "没有内容" in job["sentence"]
    for place, column in enumerate(KINDS[kind], 1):
        page.cell(3, place).value = column.choices[0] if column.choices else "0101"
    filled = io.BytesIO()
    book.save(filled)
    gate.caller.answers[r.CheckMembers] = lambda actor, request: verdict(request)
    assert upload(gate, office, filled.getvalue(), kind).json["total"] == 1
    assert not any("<f>" in zipfile.ZipFile(io.BytesIO(template(kind))).read(n).decode() for n in ["xl/worksheets/sheet1.xml"])


def zipped(entries, **more) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def repacked(change) -> bytes:
    """A right workbook with its parts changed by ``change(name, content)``."""
    source = zipfile.ZipFile(io.BytesIO(sheet([HEADER, *ROWS])))
    return zipped({n: change(n, source.read(n)) for n in source.namelist()})


def bomb_that_lies() -> bytes:
    """A workbook whose sheet says it is small and inflates to 200 MB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(200)) + packer.flush()
    honest = zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"})
    archive = zipfile.ZipFile(io.BytesIO(honest))
    out, directory = io.BytesIO(), b""
    parts = [(n, zlib.compress(archive.read(n))[2:-4], 10) for n in archive.namelist()] + [("xl/worksheets/sheet1.xml", packed, 1000)]
    for name, data, size in parts:
        place, encoded = out.tell(), name.encode()
        fields = (20, 0, 8, 0, 0, 0, len(data), size, len(encoded), 0)
        out.write(b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", *fields) + encoded + data)
        directory += b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, *fields[:-1], 0, 0, 0, 0, 0, place) + encoded
    start = out.tell()
    out.write(directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(directory), start, 0))
    return out.getvalue()


LAUGHS = (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 1000 + b'"><!ENTITY c "' + b"&b;" * 1000
          + b'"><!ENTITY d SYSTEM "file:///etc/passwd">]>')
CORNER = b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row></sheetData>'


def laughing(content: bytes) -> bytes:
    return LAUGHS + content.partition(b"?>")[2].replace(b"<v>0</v>", b"<v>&c;&d;</v>")


BAD = {
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "不是 Excel"),
    "text": ("编号,名称\n1,a\n".encode("gb18030"), "不是 Excel"),
    "a page that calls itself a sheet": (b"<html><table></table></html>", "不是 Excel"),
    "another archive": (zipped({"a.txt": "a"}), "不是 Excel"),
    "a cut file": (sheet([HEADER, *ROWS])[:2000], "已损坏"),
    "a damaged file": (repacked(lambda n, c: c[: len(c) // 2] if n.startswith("xl/worksheets") else c), "已损坏"),
    "a macro": (zipped({"[Content_Types].xml": "x", "xl/workbook.xml": "x", "xl/vbaProject.bin": "x"}), "宏"),
    "an encrypted one": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "密码"),
    "an old one with a macro": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook _VBA_PROJECT".encode("utf-16-le"), "宏"),
    "a bomb": (zipped({"[Content_Types].xml": "x", "xl/workbook.xml": "x", "xl/worksheets/sheet1.xml": b" " * 130_000_000}), "太大"),
    "a bomb that lies": (bomb_that_lies(), "太大"),
    "ten thousand parts": (zipped({f"xl/{n}": "x" for n in range(2100)} | {"[Content_Types].xml": "x"}), "太大"),
    "formulas": (sheet([HEADER, *ROWS], A2="=1+52"), "第 2 行 A 列是公式"),
    "an empty sheet": (sheet([]), "没有找到表头"),
    "a header and nothing below": (sheet([HEADER]), "没有内容"),
    "another list": (sheet([["姓名", "电话"], ["a", "b"]]), "没有找到表头"),
    "a cell in the last corner": (repacked(lambda n, c: c.replace(b"</sheetData>", CORNER)), "太大"),
    "entities": (repacked(lambda n, c: laughing(c) if n == "xl/worksheets/sheet1.xml" else c), ""),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_not_taken_says_what_to_do_in_two_seconds(gate, office, name):
    """Typed by content, inflated while counting, in a process with little memory: the door stays as it was. [T25] [X31]"""
    content, words = BAD[name]
    began = time.monotonic()
    answer = upload(gate, office, content)
    took = time.monotonic() - began
    assert answer.status_code == 201 and answer.json["state"] == "failed" and words in answer.json["sentence"], answer.text
    assert not gate.caller.of(r.CheckOrganisations)
    assert took < 2 * PATIENT, took


def test_a_sheet_of_too_many_rows_is_refused(tmp_path):
    """[T25]"""
    file = tmp_path / "many.xlsx"
    file.write_bytes(sheet([HEADER, *([str(n), "a", "b", "c", "d"] for n in range(300))]))
    assert "最多导入 200 行" in worker.read("organisations", file, GatewaySettings(sheet_rows=200))["refused"]


def test_an_upload_over_the_limit_is_refused(gate, office):
    """[X32]"""
    answer = upload(gate, office, b"PK\x03\x04" + b"x" * 400_000)
    assert problem(answer).code == "too_large" and gate.web.get("/api/v1/imports", headers=office).json == {"items": []}


def test_an_upload_without_a_file_or_an_empty_one_is_told(gate, office):
    for data in ({}, {"file": (io.BytesIO(b""), "a.xlsx")}, {"file": "text"}):
        answer = gate.web.post("/api/v1/imports/organisations", headers=office, data=data, content_type="multipart/form-data")
        assert answer.status_code == 422 and "file" in problem(answer).errors


def test_the_files_name_is_kept_for_the_screen_only():
    """[X33]"""
    for name, kept in (("../../etc/passwd", "passwd"), ("C:\\名册\\a.xlsx", "a.xlsx"), ("a\x00\x1b[31m.xlsx", "a[31m.xlsx"),
                       ("x" * 300 + ".xlsx", "x" * 95 + ".xlsx")):
        assert imports._tidy(name) == kept


def test_a_job_belongs_to_who_uploaded_it(gate, office):
    """[X17]"""
    job = upload(gate, office, sheet([HEADER, *ROWS])).json
    other = bearer(gate.app, account(gate.store, username="su.xiao", person_id="prs_su"))
    assert gate.web.get(f"/api/v1/imports/{job['id']}", headers=other).status_code == 404
    assert gate.web.post(f"/api/v1/imports/{job['id']}/run", headers=other).status_code == 404
    assert gate.web.get("/api/v1/imports", headers=other).json == {"items": []}


def test_whom_roster_refuses_learns_nothing_and_writes_nothing(gate, office):
    """[X16]"""
    gate.caller.answers[r.CheckOrganisations] = Forbidden("您没有这项权限。")
    job = upload(gate, office, sheet([HEADER, *ROWS])).json
    assert job["state"] == "failed" and job["sentence"] == "您没有这项权限。" and job["faults"] == []


def test_while_roster_is_away_the_checked_job_waits(gate, office):
    """Sent again with the same key, it is written once. [T32]"""
    job = upload(gate, office, sheet([HEADER, *ROWS])).json
    register = gate.caller.answers[r.RegisterOrganisations]
    gate.caller.answers[r.RegisterOrganisations] = Away("没有回应，请稍后重新提交。")
    waiting = gate.web.post(f"/api/v1/imports/{job['id']}/run", headers=office).json
    assert waiting["state"] == "checked" and "稍后" in waiting["sentence"]
    gate.caller.answers[r.RegisterOrganisations] = register
    assert gate.web.post(f"/api/v1/imports/{job['id']}/run", headers=office).json["state"] == "done"
    first, second = gate.caller.of(r.RegisterOrganisations)
    assert first.key == second.key


def test_what_changed_since_the_check_is_told_instead_of_written(gate, office):
    job = upload(gate, office, sheet([HEADER, *ROWS])).json
    fault = r.RowFault(row=3, column="上级编号", value="53", sentence="没有这个上级编号。")
    gate.caller.answers[r.RegisterOrganisations] = lambda actor, request: verdict(request, fault)
    told = gate.web.post(f"/api/v1/imports/{job['id']}/run", headers=office).json
    assert told["state"] == "wrong" and told["faults"][0]["sentence"] == "没有这个上级编号。"


def test_a_job_left_behind_by_a_stopped_process_is_told_as_failed(gate, office, monkeypatch):
    monkeypatch.setattr(imports, "_outside", lambda work, job, *more: job)
    job = upload(gate, office, sheet([HEADER, *ROWS])).json
    assert job["state"] == "reading"
    gate.clock.move(minutes=3)
    found = gate.web.get(f"/api/v1/imports/{job['id']}", headers=office).json
    assert found["state"] == "failed" and "重新上传" in found["sentence"]


def test_nothing_of_an_upload_stays_on_the_disk(gate, office, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    upload(gate, office, sheet([HEADER, *ROWS]))
    upload(gate, office, b"PK\x03\x04" + b"x" * 400_000)
    assert not list(tmp_path.glob("jiannuo-import-*"))


