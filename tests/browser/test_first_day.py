"""The first day of a real county: three links, a second factor, two spreadsheets, and the first clerk."""
import io
import re

import xlsxwriter
from playwright.sync_api import Page, expect

from tests.browser.conftest import enrol, follow, violations

PASSWORD = "Shan-Shui-2026-Tian"
ORGANISATIONS = (("编号", "名称", "类别", "领域", "上级编号"), ("YL-01", "石门镇党委", "党委", "农村", "YL"),
                 ("YL-0101", "松林村党支部", "党支部", "农村", "YL-01"))
MEMBERS = (("编号", "姓名", "身份", "所在党组织编号", "职务"), ("M1", "林知秋", "正式党员", "YL-0101", "党支部书记"),
           ("M2", "罗溪", "预备党员", "YL-0101", ""))


def sheet(rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


def upload(page: Page, kind: str, rows) -> None:
    page.goto("/county/imports")
    page.get_by_role("radio", name=kind).check()
    page.get_by_label(re.compile("表格文件")).set_input_files({"name": f"{kind}.xlsx", "buffer": sheet(rows), "mimeType": "application/octet-stream"})
    follow(page.get_by_role("button", name="上传并检查"))


def test_a_county_is_set_up_and_filled_from_two_spreadsheets(window, empty):
    """From the printed link to the first members: a wrong sheet is told by row, column and value and writes nothing."""
    page = window(at=empty)
    page.goto(next(iter(empty.accounts.values()))["link"])
    expect(page.get_by_role("heading", level=1)).to_have_text("设立本县")
    assert violations(page) == []
    for label, words in (("县委名称", "中共云岭县委员会"), ("县委编号", "YL"), ("您的姓名", "江望"), ("用户名", "jiangwang")):
        page.get_by_label(label).fill(words)
    for label in ("密码", "再输一次密码"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    follow(page.get_by_role("button", name="设立并开通"))
    assert violations(page) == []
    enrol(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("下级单位")
    upload(page, "党组织", (*ORGANISATIONS[:2], ("YL-0101", "松林村党支部", "党支部", "渔业", "YL-77")))
    expect(page.locator("main")).to_contain_text("没有写入任何内容")
    page.wait_for_load_state()
    told = page.locator("table.ledger tbody tr").all_inner_texts()
    assert any("渔业" in one for one in told) and any("YL-77" in one for one in told) and all(one.startswith("3") for one in told)
    assert violations(page) == []
    for kind, rows in (("党组织", ORGANISATIONS), ("党员", MEMBERS)):
        upload(page, kind, rows)
        page.get_by_role("button", name="导入这 2 行").click()
        expect(page.locator("main")).to_contain_text("已导入：新增 2 条")
    page.goto("/county/members?search=lzq")
    expect(page.locator("table.ledger tbody tr")).to_have_count(1)
    page.locator("table.ledger tbody a").first.click()
    page.get_by_role("link", name="开通权限").click()
    expect(page.get_by_label("党员", exact=True)).to_have_value(re.compile("^mem_"))
    page.get_by_label("角色").select_option("secretary")
    page.get_by_role("button", name="开通并生成链接").click()
    expect(page.locator("code.secret")).to_contain_text("/invitation#")
    public = window(at=empty, script=False)
    public.goto("/?search=松林")
    expect(public.locator("main")).to_contain_text("松林村党支部")
