"""Excel in, as the office sees it: counters, faults by row, column and value, and only then the import."""
import io

import pytest
import xlsxwriter

from tests.fakes_gateway import form
from wire.contracts import roster as r

HEAD = ("编号", "姓名", "身份", "所在党组织编号")
FAULT = r.RowFault(row=3, column="身份", value="党员家属", sentence="身份只能填：正式党员、预备党员、入党积极分子、非党干部。")


def sheet(*rows) -> io.BytesIO:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate((HEAD, *rows)):
            page.write_row(number, 0, row)
    return io.BytesIO(out.getvalue())


def verdict(*faults, done=False):
    return r.ImportVerdict(total=2, new=2, changed=0, same=0, done=done, faults=faults)


def upload(browser, stream, name="党员.xlsx", kind="members"):
    hidden = form(browser.get("/county/imports").text)
    return browser.post("/county/imports", data=hidden | {"kind": kind, "file": (stream, name)}, content_type="multipart/form-data")


@pytest.fixture
def office(house):
    return house.enter("office", "org_county", name="江涛", member_id="")


def test_a_wrong_sheet_comes_back_with_row_column_value_and_what_to_write(house, office):
    house.caller.answers[r.CheckMembers] = verdict(FAULT)
    answer = upload(office, sheet(("M1", "罗大成", "正式党员", "V1"), ("M2", "方立", "党员家属", "V1")))
    page = office.get(answer.location).text
    for word in ("没有写入任何内容", 'data-label="行">3</td>', "党员家属", "身份只能填", "改好后重新上传"):
        assert word in page, word
    assert "导入这" not in page


def test_a_right_sheet_is_imported_after_a_second_press_and_once(house, office):
    house.caller.answers[r.CheckMembers] = verdict()
    house.caller.answers[r.RegisterMembers] = verdict(done=True)
    where = upload(office, sheet(("M1", "罗大成", "正式党员", "V1"), ("M2", "方立", "预备党员", "V1"))).location
    page = office.get(where).text
    assert "导入这 2 行" in page and not house.caller.of(r.RegisterMembers)
    for _ in range(2):
        answer = office.post(where, data=form(page))
    assert "已导入：新增 2 条" in office.get(answer.location).text
    assert len(house.caller.of(r.RegisterMembers)) == 1


def test_no_file_and_no_sheet_are_said_in_words(office):
    nothing = upload(office, io.BytesIO(b""), name="")
    assert nothing.status_code == 422 and "请选择要上传的表格文件" in nothing.text
    text = upload(office, io.BytesIO(b"not a sheet"), name="a.xlsx")
    assert "note bad" in office.get(text.location).text


def test_another_persons_import_is_not_there(house, office):
    house.caller.answers[r.CheckMembers] = verdict()
    where = upload(office, sheet(("M1", "罗大成", "正式党员", "V1"))).location
    other = house.enter("office", "org_county", name="钱塘", member_id="mbr_qian")
    assert other.get(where).status_code == 404


@pytest.mark.parametrize("kind, code", [("members", 200), ("organisations", 200), ("../secret", 404), ("grants", 404)])
def test_the_template_is_a_file_of_its_kind(office, kind, code):
    assert office.get(f"/county/imports/template/{kind}.xlsx").status_code == code
