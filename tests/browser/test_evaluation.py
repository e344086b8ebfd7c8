"""评诺 by hand: from opening it to the tellers, as far as one village's desk goes; and the letter on paper."""
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import follow, violations

STRATA = {"上级班子": "3", "本单位班子": "5", "两代表一委员": "2", "党员干部代表": "7", "群众代表": "13"}


def opened(page: Page) -> str:
    """The clerk opens an evaluation for the first published pledge that has none; returns its address."""
    page.goto("/desk/evaluations")
    follow(page.get_by_role("button", name="开始评议").first)
    expect(page.get_by_role("status")).to_have_text("评议已开始。")
    return page.url.partition("?")[0]


def hold(page: Page, masses: str) -> None:
    form = page.locator("#appraisal")
    form.get_by_label("开会日期").fill("2026-01-10")
    form.get_by_label("发出票数").fill("30")
    for name, present in (STRATA | {"群众代表": masses}).items():
        form.get_by_label(name).fill(present)
    form.get_by_label("计票人甲").select_option(index=1)
    form.get_by_label("计票人乙").select_option(index=2)
    follow(form.get_by_role("button", name="保存评议会登记"))


def test_an_evaluation_is_filled_in_by_clerk_and_secretary(window):
    """Self-assessment item by item, the leader's three sentences, a meeting refused below its quorum and held at thirty."""
    clerk, secretary = window(as_="clerk", refused=("409", "422")), window(as_="secretary")
    address = opened(clerk)
    own = clerk.locator("#self")
    for number, field in enumerate(own.get_by_role("textbox").all(), 1):
        field.fill(f"第 {number} 项已按承诺办理")
    own.get_by_label("自评分").fill("88.5")
    follow(own.get_by_role("button", name="保存自评"))
    expect(clerk.get_by_role("status")).to_have_text("自评已保存。")
    hold(clerk, masses="4")
    expect(clerk.get_by_role("alert")).to_contain_text("30")
    expect(clerk.locator("#appraisal").get_by_label("群众代表")).to_have_value("4")
    assert violations(clerk) == []
    hold(clerk, masses="13")
    expect(clerk.get_by_role("status")).to_contain_text("评议会已登记")
    expect(clerk.locator("aside")).to_contain_text("到会 30 人，法定 30 人")
    secretary.goto(address)
    comment = secretary.locator("#comment")
    for label in ("成绩", "问题", "努力方向"):
        comment.get_by_label(label).fill(f"{label}写在这里")
    for score in comment.get_by_role("spinbutton").all():
        score.fill("90")
    comment.get_by_role("button", name="保存点评").click()
    expect(secretary.get_by_role("status")).to_have_text("点评已保存。")
    expect(secretary.locator("aside")).to_contain_text(re.compile("还缺什么.*计票", re.S))


def test_the_letter_is_three_sheets_of_paper(window):
    """Three copies. [D2]"""
    page = window(as_="secretary")
    page.goto("/desk/ledger")
    follow(page.locator("table.ledger tbody a").first)
    follow(page.get_by_role("link", name="打印承诺书"))
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) == 3
