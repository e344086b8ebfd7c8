"""Imports from a spreadsheet: what is taken, how it is counted, written, taken back, and taken up again."""
import io
import zipfile
from pathlib import Path

import eventlet
import openpyxl
import pytest
import xlsxwriter

from services.gateway import sweeping
from services.gateway.domain.policy import SignInPolicy
from services.gateway.jobs import imports
from services.gateway.jobs.kinds import KINDS
from services.gateway.jobs.template import made as template
from tests.fakes_gateway import account, bearer, problem
from wire.contracts import roster as r
from wire.contracts.calls import Away, Forbidden

SAMPLES = Path(__file__).parent / "samples"
HEADER = ["编号", "名称", "类别", "领域", "上级编号"]
ROWS = [["53", "云岭县委", "县委", "机关", ""], ["5301", "石桥镇党委", "党委", "农村", "53"]]


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


def finished(gate, headers, job):
    """The job, when nobody works on it any more."""
    with eventlet.Timeout(60):
        while job["state"] in ("reading", "writing", "undoing"):
            eventlet.sleep(0.05)
            job = gate.web.get(f"/api/v1/imports/{job['id']}", headers=headers).json
    return job


def uploaded(gate, headers, content: bytes, *more):
    answer = upload(gate, headers, content, *more)
    assert answer.status_code == 201, answer.text
    return finished(gate, headers, answer.json)


def post(gate, headers, job, verb):
    answer = gate.web.post(f"/api/v1/imports/{job['id']}/{verb}", headers=headers)
    return finished(gate, headers, answer.json) if answer.status_code == 200 else answer


def test_a_right_file_is_checked_and_then_written_once(gate, office, roster):
    """Pre-check writes nothing; writing again changes nothing. [T32]"""
    job = uploaded(gate, office, sheet([HEADER, *ROWS]))
    assert (job["state"], job["total"], job["importable"], job["wrong"], job["repeated"]) == ("checked", 2, 2, 0, 0)
    assert not roster.written
    for _ in range(2):
        done = post(gate, office, job, "run")
        assert done["state"] == "done" and "新增 2 条" in done["sentence"]
    assert roster.written == [job["id"]]
    assert roster.rows()[1] == {"row": 3, "code": "5301", "name": "石桥镇党委", "kind": "党委", "sector": "农村", "parent_code": "53"}
    made = gate.caller.of(r.WriteSheet)[0]
    assert made.key.startswith(job["id"]) and made.actor.grants[0].role == "office" and made.actor.name == "高宁"


def test_any_order_of_columns_blank_rows_titles_and_other_names_are_understood(gate, office, roster):
    rows = [["全县党组织一览表"], [], ["上级代码", "备注", "所属领域", " 党组织名称（必填）", "类型*", "党组织编号"], [],
            ["53", "x", "农村", " 石桥镇党委 ", "党委", 5301], [], ["", "", "", "", "", ""],
            [5301.0, "", "农村", "柳溪村党支部", "党支部", "530101"]]
    assert uploaded(gate, office, sheet(rows))["state"] == "checked"
    assert [(row["row"], row["code"], row["name"], row["parent_code"]) for row in roster.rows()] == [
        (5, "5301", "石桥镇党委", "53"), (8, "530101", "柳溪村党支部", "5301")]


def test_a_header_merged_over_two_rows_and_columns_to_the_right_are_understood(gate, office, roster):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.merge_range("C2:G2", "全县党组织一览表")
        for place, word in ((2, "编号"), (3, "名称")):
            page.merge_range(2, place, 3, place, word)
        page.merge_range("E3:G3", "基本情况")
        page.write_row(3, 4, ["类别", "领域", "上级编号"])
        page.write_row(4, 2, ROWS[1])
    assert uploaded(gate, office, out.getvalue())["state"] == "checked"
    assert roster.rows() == [{"row": 5, "code": "5301", "name": "石桥镇党委", "kind": "党委", "sector": "农村", "parent_code": "53"}]


def test_every_fault_is_listed_by_row_column_and_value_and_only_the_right_lines_can_be_written(gate, office, roster):
    roster.faults = [r.RowFault(row=n, column="领域", value=f"农付{n}", sentence="请从下拉框里选。") for n in (2, 3, 4)]
    job = uploaded(gate, office, sheet([HEADER, *ROWS, ["5302", "长" * 401, "党委", "农村", "53"], ["5303", "甲", "党委", "农村", "53"]]))
    assert (job["state"], job["total"], job["importable"], job["wrong"]) == ("wrong", 4, 1, 3)
    assert [(f["row"], f["column"], f["value"]) for f in job["faults"]] == [(n, "领域", f"农付{n}") for n in (2, 3, 4)]
    assert len(roster.rows()[2]["name"]) == 400, "cut to what is too long all the same"
    assert post(gate, office, job, "run").status_code == 422 and not roster.written
    done = post(gate, office, job, "run?right_only=true")
    assert done["state"] == "done" and "还有 3 行没有导入" in done["sentence"] and gate.caller.of(r.WriteSheet)[-1].request.right_only


def test_a_formula_is_told_as_what_it_is(gate, office, roster):
    """What it shows depends on where it is opened, so it is not taken for its result. [X33]"""
    uploaded(gate, office, sheet([HEADER, *ROWS], A2="=1+52", H3="=SUM(1,2)"))
    assert [row["code"] for row in roster.rows()] == ["=1+52", "5301"]


def test_progress_is_told_while_it_is_read(gate, office, roster, monkeypatch):
    seen = []
    stage = gate.caller.answers[r.StageLines]

    def look(actor, request):
        seen.append(gate.web.get("/api/v1/imports", headers=office).json["items"][0])
        return stage(actor, request)

    gate.caller.answers[r.StageLines] = look
    job = uploaded(gate, office, sheet([HEADER, *([f"{n}", "名称", "党委", "农村", "53"] for n in range(2500))]))
    assert job["total"] == 2500 and [one["state"] for one in seen] == ["reading"] * 3
    assert [(one["handled"], one["expected"]) for one in seen] == [(0, 2501), (1000, 2501), (2000, 2501)]


def test_missing_columns_are_named(gate, office):
    job = uploaded(gate, office, sheet([["编号", "名称", "成立日期"], ["1", "a", ""]]))
    assert job["state"] == "failed" and "类别、领域、上级编号" in job["sentence"]


def test_a_column_twice_is_told(gate, office):
    job = uploaded(gate, office, sheet([[*HEADER, "代码"], *ROWS]))
    assert job["state"] == "failed" and "编号" in job["sentence"] and "两次" in job["sentence"]


def test_the_old_format_is_read(gate, office, roster):
    assert uploaded(gate, office, (SAMPLES / "members.xls").read_bytes(), "members", "名册.xls")["state"] == "checked"
    first, second = roster.rows()
    assert {k: v for k, v in first.items() if v} == {
        "row": 2, "code": "M-01", "name": "柳德顺", "kind": "正式党员", "organisation_code": "0101", "joined_on": "2009-07-01"}
    assert second["code"] == "17"


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_template_is_understood_and_its_example_is_not_imported(gate, office, kind):
    """An instructions sheet, dropdowns, an example row, text format for codes."""
    answer = gate.web.get(f"/api/v1/imports/templates/{kind}", headers=office)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    page = book["填写"]
    assert page["A2"].value.startswith("示例") and page.column_dimensions["A"].number_format == "@"
    dropdowns = {next(iter(d.sqref.ranges)).min_col for d in page.data_validations.dataValidation}
    assert dropdowns == {place for place, column in enumerate(KINDS[kind].columns, 1) if column.choices}
    assert book["说明"]["B1"].value
    again = next(row[1].value for row in book["说明"].iter_rows() if row[0].value == "重复上传")
    assert ("同一编号再次上传就是更新" in again) == (kind in ("organisations", "members")) and ("新的链接" in again) == (kind == "accounts")
    job = uploaded(gate, office, answer.data, kind)
    assert job["state"] == "failed" and "没有内容" in job["sentence"]
    for place, column in enumerate(KINDS[kind].columns, 1):
        page.cell(3, place).value = column.choices[0] if column.choices else "0101"
    filled = io.BytesIO()
    book.save(filled)
    assert uploaded(gate, office, filled.getvalue(), kind)["total"] == 1
    assert not any("<f>" in zipfile.ZipFile(io.BytesIO(template(kind))).read(n).decode() for n in ["xl/worksheets/sheet1.xml"])


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
    job = uploaded(gate, office, sheet([HEADER, *ROWS]))
    other = bearer(gate.app, account(gate.store, username="su.xiao", person_id="prs_su"))
    for verb in ("run", "undo"):
        assert gate.web.post(f"/api/v1/imports/{job['id']}/{verb}", headers=other).status_code == 404
    for path in ("", "/returned.xlsx"):
        assert gate.web.get(f"/api/v1/imports/{job['id']}{path}", headers=other).status_code == 404
    assert gate.web.get("/api/v1/imports", headers=other).json == {"items": []}


def test_whom_roster_refuses_learns_nothing_and_writes_nothing(gate, office):
    """[X16]"""
    gate.caller.answers[r.StageLines] = Forbidden("您没有这项权限。")
    job = uploaded(gate, office, sheet([HEADER, *ROWS]))
    assert job["state"] == "failed" and job["sentence"] == "您没有这项权限。" and job["faults"] == []


def test_while_roster_is_away_the_checked_job_waits(gate, office, roster):
    """Sent again, it is written once. [T32]"""
    job = uploaded(gate, office, sheet([HEADER, *ROWS]))
    write = gate.caller.answers[r.WriteSheet]
    gate.caller.answers[r.WriteSheet] = Away("没有回应，请稍后重新提交。")
    waiting = post(gate, office, job, "run")
    assert waiting["state"] == "checked" and "稍后" in waiting["sentence"]
    gate.caller.answers[r.WriteSheet] = write
    assert post(gate, office, job, "run")["state"] == "done" and roster.written == [job["id"]]


def test_what_changed_since_the_check_is_checked_anew_and_asked_again(gate, office, roster):
    """The same file in two tabs: what is then written is what the person has seen."""
    job = uploaded(gate, office, sheet([HEADER, *ROWS]))
    roster.stale, roster.same = 1, {"53"}
    told = post(gate, office, job, "run")
    assert told["state"] == "checked" and "有了变动" in told["sentence"] and (told["importable"], told["repeated"]) == (1, 1)
    assert post(gate, office, job, "run")["state"] == "done" and roster.written == [job["id"]]


def test_the_list_of_imports_leaves_their_faults_to_each(gate, office, roster):
    roster.faults = [r.RowFault(row=2, column="领域", value="x", sentence="请从下拉框里选。")]
    job = uploaded(gate, office, sheet([HEADER, *ROWS]))
    listed = gate.web.get("/api/v1/imports", headers=office).json["items"]
    assert [one["id"] for one in listed] == [job["id"]] and "faults" not in listed[0] and job["faults"]


def test_nothing_of_an_upload_stays_on_the_disk_and_after_a_week_nothing_in_the_database(gate, office, roster, tmp_path, monkeypatch):
    """[X38]"""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    roster.faults = [r.RowFault(row=2, column="领域", value="x", sentence="请从下拉框里选。")]
    job = uploaded(gate, office, sheet([HEADER, *ROWS]))
    upload(gate, office, b"PK\x03\x04" + b"x" * 400_000)
    assert not list(tmp_path.glob("jiannuo-import-*"))
    assert gate.web.get(f"/api/v1/imports/{job['id']}/returned.xlsx", headers=office).status_code == 200
    gate.clock.move(days=8)
    sweeping.sweep(gate.store, gate.app.extensions["gateway"], SignInPolicy())
    with gate.store.reading() as unit:
        assert not unit.books.jobs.has_file(job["id"], "returned") and not unit.books.jobs.has_file(job["id"], "upload")
