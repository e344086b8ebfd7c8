"""One pledge from the clerk's draft to the village board, by hand, with and without JavaScript."""
import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import follow, violations

FIRST, SECOND = "把村口到学校 800 米路修平，装 6 盏路灯", "进一步加强环境卫生"


def draft(page: Page, person: int) -> str:
    """The clerk writes an immediate pledge of two items for this person of the list; returns the pledge's address."""
    page.goto("/desk")
    follow(page.get_by_role("link", name="新建承诺"))
    page.get_by_label("承诺人", exact=True).select_option(index=person)
    page.get_by_label("种类", exact=True).select_option("immediate")
    page.get_by_label("承诺事项", exact=True).nth(0).fill(FIRST)
    page.get_by_label("目标", exact=True).nth(0).fill("6 盏")
    page.get_by_label("时限").nth(0).fill("2099-12-31")
    page.get_by_label("承诺事项", exact=True).nth(1).fill(SECOND)
    follow(page.get_by_role("button", name="再加一项"))
    expect(page.get_by_label("承诺事项", exact=True).nth(0)).to_have_value(FIRST)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("已保存。")
    expect(page.locator(".hint", has_text="第 2 项").first).to_be_visible()
    page.get_by_label("承诺事项", exact=True).nth(1).fill("每周五清理村口两处垃圾点，全年 52 次")
    page.get_by_label("时限").nth(1).fill("2099-12-31")
    page.get_by_role("button", name="保存并提交审定").click()
    expect(page.get_by_role("status")).to_contain_text("已提交")
    return page.url.partition("?")[0]


def review(page: Page, address: str) -> None:
    """The secretary goes through it item by item, and approves."""
    page.goto(address + "/review")
    for box in page.get_by_role("radio", name="符合", exact=True).all():
        box.check()
    follow(page.get_by_role("button", name="保存全部审查意见"))
    expect(page.get_by_role("status")).to_contain_text("审查意见已保存")
    page.get_by_role("button", name="审定通过").click()
    expect(page.get_by_role("status")).to_contain_text("已审定")


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
def test_a_clerk_drafts_a_secretary_publishes_and_the_board_shows_it(window, county, script):
    """Draft, hints, submission, review item by item, signature with number, publication; the board follows by itself."""
    clerk, secretary, villager = (window(as_="clerk", script=script), window(as_="secretary", script=script), window(script=False))
    address = draft(clerk, person=1 if script else 2)
    clerk.goto(address + "/review")
    expect(clerk.get_by_role("button", name="审定通过")).to_have_count(0)
    review(secretary, address)
    secretary.get_by_role("button", name=re.compile("签订承诺书")).click()
    expect(secretary.get_by_role("status")).to_contain_text("已签订并编号")
    secretary.get_by_role("link", name="打印承诺书").click()
    expect(secretary.locator("article.letter")).to_have_count(3)
    before = shown(villager, county.board)
    secretary.goto("/desk/publish")
    for box in secretary.get_by_role("checkbox", name=re.compile("选中")).all():
        box.check()
    secretary.get_by_role("button", name="亮诺（向群众公开）").click()
    expect(secretary.get_by_role("status")).to_contain_text("已亮诺")
    soon(lambda: shown(villager, county.board) == before + 1)


def shown(page: Page, board: str) -> int:
    """How many of these promises the village's prepared board shows."""
    page.goto(board)
    return page.locator(".promise", has_text=FIRST).count()


def soon(true) -> None:
    """What an event brings about comes by itself."""
    ends = time.monotonic() + 90
    while not true():
        assert time.monotonic() < ends, "the board never showed it"


def page_text(page: Page, address: str) -> str:
    page.goto(address)
    return page.inner_text("main")


def test_what_was_typed_stays_when_a_field_is_wrong(window):
    page = window(as_="clerk", refused=("422",))
    page.goto("/desk/pledges/new")
    page.get_by_label("承诺人", exact=True).select_option(index=1)
    page.get_by_label("承诺事项", exact=True).nth(0).fill("写了很久的一项")
    page.get_by_label("承诺事项", exact=True).nth(1).fill("短")
    follow(page.get_by_role("button", name="保存", exact=True))
    expect(page.get_by_role("alert")).to_contain_text("填写不对")
    expect(page.get_by_label("承诺事项", exact=True).nth(0)).to_have_value("写了很久的一项")
    expect(page.locator('[aria-invalid="true"]')).to_have_count(1)
    assert violations(page) == []


def test_a_secretary_reads_the_ranking_down_to_the_facts(window):
    page = window(as_="secretary")
    page.goto("/desk/ranking")
    assert page.locator("table.ledger tbody tr").count() >= 2
    follow(page.get_by_role("link", name=re.compile("^为什么")).first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("为什么是第 1 名")
    weighted = page.locator("table.ledger tbody tr td:nth-child(4)").all_inner_texts()
    assert len(weighted) >= 4
    page.get_by_role("link", name="看评议全过程").click()
    expect(page.locator("main")).to_contain_text("评定结果")


def test_progress_is_recorded_and_seen_on_the_public_page(window, county):
    page, villager = window(as_="clerk"), window(script=False)
    page.goto("/desk/ledger?state=late")
    follow(page.locator("table.ledger tbody a").first)
    item = page.locator("article.promise", has=page.get_by_text("登记进展")).first
    item.get_by_text("登记进展").click()
    item.get_by_label("进度（0–100%）").fill("64")
    item.get_by_label("进展", exact=True).fill("已完成大半，群众代表看过")
    item.get_by_role("button", name="保存进展").click()
    expect(page.get_by_role("status")).to_contain_text("进展已登记")
    soon(lambda: "已完成大半" in page_text(villager, county.board))
