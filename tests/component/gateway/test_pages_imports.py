"""Excel in, as the office sees it: counters, faults by row, column and value, and only then the import."""
import io
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

import eventlet
import openpyxl
import pytest
import xlsxwriter

from services.gateway.jobs.kinds import KINDS
from tests.fakes_gateway import form
from tests.fakes_sheets import FakeSheets
from wire.contracts import roster as r

HEAD = ("编号", "姓名", "身份", "所在党组织编号")
FAULT = r.RowFault(row=3, column="身份", value="党员家属", sentence="身份只能填：正式党员、预备党员、入党积极分子、非党干部。")


def sheet(*rows, head=HEAD) -> io.BytesIO:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate((head, *rows)):
            page.write_row(number, 0, row)
    return io.BytesIO(out.getvalue())


def upload(browser, stream, name="党员.xlsx", kind="members"):
    hidden = form(browser.get("/county/imports").text)
    return browser.post("/county/imports", data=hidden | {"kind": kind, "file": (stream, name)}, content_type="multipart/form-data")


@pytest.fixture
def roster(house):
    return FakeSheets().at(house.caller)


@pytest.fixture
def office(house, roster):
    return house.enter("office", "org_county", name="江涛", member_id="")


def seen(browser, where: str) -> str:
    """The page, when nobody works on the job any more."""
    with eventlet.Timeout(60):
        while 'http-equiv="refresh"' in (page := browser.get(where).text):
            eventlet.sleep(0.05)
    return page


def test_a_wrong_sheet_comes_back_with_row_column_value_and_what_to_write(office, roster):
    roster.faults = [FAULT]
    answer = upload(office, sheet(("M1", "罗大成", "正式党员", "V1"), ("M2", "方立", "党员家属", "V1")))
    page = seen(office, answer.location)
    for word in ("没有写入任何内容", 'data-label="行">3</td>', "党员家属", "身份只能填", "改好后重新上传", "先导入正确的 1 行"):
        assert word in page, word
    assert "导入这" not in page
    given = office.get(f"{answer.location}/returned.xlsx")
    assert given.status_code == 200 and given.data[:2] == b"PK" and "attachment" in given.headers["Content-Disposition"]
    assert given.headers["Content-Disposition"].isascii(), "a header with Chinese in it never reaches the browser"


def test_the_right_lines_alone_are_imported_when_that_is_chosen(office, roster):
    roster.faults = [FAULT]
    where = upload(office, sheet(("M1", "罗大成", "正式党员", "V1"), ("M2", "方立", "党员家属", "V1"))).location
    office.post(where, data=form(seen(office, where)) | {"right_only": "1"})
    page = seen(office, where)
    assert "已导入：新增 1 条" in page and "还有 1 行没有导入" in page and "下载还没导入的" in page
    assert "还没有导入的行，要改的地方" in page and "挡住撤销" not in page and "note good" in page


def test_a_right_sheet_is_imported_after_a_second_press_once_and_can_be_taken_back(office, roster):
    where = upload(office, sheet(("M1", "罗大成", "正式党员", "V1"), ("M2", "方立", "预备党员", "V1"))).location
    page = seen(office, where)
    assert "导入这 2 行" in page and not roster.written
    for _ in range(2):
        office.post(where, data=form(page))
        assert "已导入：新增 2 条" in seen(office, where)
    assert len(roster.written) == 1
    office.post(f"{where}/undo", data=form(seen(office, where)))
    assert "已撤销：新增的 2 条已退出" in seen(office, where)


def test_a_page_of_a_job_under_way_says_how_far_it_is_and_comes_again_by_itself(house, office, roster, monkeypatch):
    monkeypatch.setattr(house.app.extensions["jobs"], "begin", lambda job_id: None)
    monkeypatch.setattr("services.gateway.jobs.imports.PATIENCE", 0.01)
    where = upload(office, sheet(("M1", "罗大成", "正式党员", "V1"))).location
    with house.store.writing() as unit:
        job = unit.books.jobs.latest("prs_office_", tuple(KINDS))[0]
        unit.books.jobs.save(replace(
            job, began_at=unit.now - timedelta(seconds=10), expected=50_000, read=20_001, handled=20_000))
    page = office.get(where).text
    for word in ('http-equiv="refresh"', "已读到第 20001 行，已检查 20000 行，全表约 50000 行", "大约还要 15 秒", 'value="40"'):
        assert word in page, word
    with house.store.writing() as unit:
        unit.books.jobs.save(replace(job, state="writing", expected=50_000, importable=49_990))
    page = office.get(where).text
    assert "49990 行全部一起写入" in page and "<progress" not in page, "one stroke: a bar would stand still"


def test_no_file_and_no_sheet_are_said_in_words(office):
    nothing = upload(office, io.BytesIO(b""), name="")
    assert nothing.status_code == 422 and "请选择要上传的表格文件" in nothing.text
    text = upload(office, io.BytesIO(b"not a sheet"), name="a.xlsx")
    assert "note bad" in seen(office, text.location)


def test_an_empty_file_has_a_sentence_of_its_own(office):
    answer = upload(office, io.BytesIO(b""), name="党员.xlsx")
    assert answer.status_code == 422 and "0 字节" in answer.text and "请选择要上传" not in answer.text


def test_a_sheet_that_is_here_already_asks_for_nothing(office, roster):
    roster.same = {"M1"}
    where = upload(office, sheet(("M1", "罗大成", "正式党员", "V1"))).location
    page = seen(office, where)
    assert "不用再导入" in page and "导入这" not in page and "不用导入</span>" in page
    assert "去导入" not in office.get("/county/imports").text
    again = office.post(where, data=form(page))
    assert again.status_code == 422 and "不用再办" in again.text and not roster.written


def test_another_persons_import_is_not_there(house, office):
    where = upload(office, sheet(("M1", "罗大成", "正式党员", "V1"))).location
    other = house.enter("office", "org_county", name="钱塘", member_id="mbr_qian")
    assert other.get(where).status_code == 404


@pytest.mark.parametrize("kind, code", [("members", 200), ("organisations", 200), ("../secret", 404), ("grants", 404)])
def test_the_template_is_a_file_of_its_kind(office, kind, code):
    assert office.get(f"/county/imports/template/{kind}.xlsx").status_code == code


def test_a_file_with_a_chinese_name_has_a_header_a_server_can_send(office):
    """Headers are Latin-1: with the name as it is, the real server closed the connection."""
    told = office.get("/county/imports/template/members.xlsx").headers["Content-Disposition"]
    assert told.isascii() and unquote(told.partition("filename*=UTF-8''")[2]) == "党员导入模板.xlsx" and "filename=jiannuo.xlsx" in told


def test_who_may_be_here_already_is_hinted_at_before_the_lines_are_written(office, roster):
    """No fault: the lines may be imported all the same. [X50]"""
    roster.hints = [r.RowHint(row=2, code="M1", sentence="名册里已有罗大成（柳溪村党支部，编号 M9），同一个党组织。")]
    answer = upload(office, sheet(("M1", "罗大成", "正式党员", "V1")))
    page = seen(office, answer.location)
    assert "导入前请看一看" in page and "编号 M9" in page and "导入这 1 行" in page
    assert page.index("导入这 1 行") < page.index('id="hints"'), "what is to be done stands before a list as long as a sheet"
    assert "可能重复登记 1 处" in page and "其余请先核对" in page and "一经导入就照这里写的办" not in page
    office.post(answer.location, data=form(page))
    assert "导入前请看一看" not in seen(office, answer.location), "once they are written it is too late"


@pytest.mark.parametrize(("kind", "called"), [("members", "编号"), ("positions", "人员编号或姓名")])
def test_a_line_without_a_code_is_not_called_a_code(office, roster, kind, called):
    """Who is no member has a name alone in a sheet of positions."""
    roster.hints = [r.RowHint(row=2, code="演材料员", sentence="起始日期只写了“2024-07”，没有写日，将记为 2024-07-01。", sort="month")]
    head, row = {"members": (HEAD, ("演材料员", "罗大成", "正式党员", "V1")),
                 "positions": (("人员编号", "姓名", "党组织编号", "职务", "起始日期"), ("", "演材料员", "V1", "材料员", "2024-07"))}[kind]
    page = seen(office, upload(office, sheet(row, head=head), kind=kind).location)
    assert f'<th scope="col">{called}</th>' in page and f'data-label="{called}">演材料员</td>' in page


def test_what_a_line_empties_is_said_with_what_to_do_where_it_should_stay(office, roster):
    roster.hints = [r.RowHint(row=2, code="M1", sentence="清空：罗大成，职务（原为“会计”）", sort="emptied"),
                    r.RowHint(row=2, code="M1", sentence="修改：罗大成，岗位类别 在岗 → 离退休", sort="altered")]
    page = seen(office, upload(office, sheet(("M1", "罗大成", "正式党员", "V1"))).location)
    assert "清空 1 处，修改 1 处。" in page and "原来的内容会被清空；要保留的，请补上再上传" in page
    assert "清空：罗大成，职务（原为“会计”）" in page and "岗位类别 在岗 → 离退休" in page
    roster.hints = roster.hints[1:]
    assert "会被清空" not in seen(office, upload(office, sheet(("M1", "罗大成", "正式党员", "V1"))).location)


def test_what_changes_of_what_is_there_is_named_and_counted_and_the_file_has_all_of_it(office, roster):
    """More than the page shows: the rest is in the file given back, though nothing is wrong."""
    roster.hints = [r.RowHint(row=2, code="M1", sentence="改名：罗大成 → 罗成", sort="renamed"), *(
        r.RowHint(row=n, code=f"N{n}", sentence="调动：演一，柳溪村党支部 → 松坡村党支部", sort="moved") for n in range(3, 300))]
    where = upload(office, sheet(("M1", "罗成", "正式党员", "V1"), *((f"N{n}", "演一", "正式党员", "V2") for n in range(3, 300)))).location
    page = seen(office, where)
    assert "可以导入：改名 1 处，调动、调整上级 297 处。改名、" in page
    assert "改名：罗大成 → 罗成" in page and "共 298 处，先列出前 200 处，表格里有全部" in page
    given = office.get(f"{where}/returned.xlsx")
    assert "导入前请看.xlsx" in unquote(given.headers["Content-Disposition"])
    told = openpyxl.load_workbook(io.BytesIO(given.data)).worksheets[0]
    assert [told.cell(row, 5).value for row in (1, 2, 299)] == ["导入前请看", "改名：罗大成 → 罗成", "调动：演一，柳溪村党支部 → 松坡村党支部"]
    office.post(where, data=form(page))
    assert "已导入" in seen(office, where) and office.get(f"{where}/returned.xlsx").status_code == 404
