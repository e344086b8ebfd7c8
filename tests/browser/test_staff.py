"""The pages of those who work with it: readable by everyone, on a desk and on a phone; and how somebody comes in."""
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, follow, too_wide, violations

PAGES = {
    "clerk": ("/desk", "/desk/ledger", "/desk/pledges/new", "/desk/evaluations", "/desk/publish", "/desk/exemptions",
              "/desk/exemptions/new"),
    "secretary": ("/desk", "/desk/reviews", "/desk/ranking", "/password"),
    "superior": ("/units", "/desk/reviews?below=1", "/desk/exemptions"),
    "member": ("/mine",),
    "office": ("/county/organisations", "/county/members", "/county/imports", "/county/grants"),
    "auditor": ("/units",)}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("role", PAGES)
def test_every_page_of_a_role_passes_axe_and_fits_the_window(window, role, size):
    """WCAG 2.2 AA; one column on a phone."""
    page = window(as_=role, size=size)
    for address in PAGES[role]:
        page.goto(address)
        assert violations(page) == [], address
        assert too_wide(page) <= 0, address


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_review_pledge_letter_and_evaluation_pass_axe_and_fit(window, size):
    page = window(as_="secretary", size=size)
    for listing, link in (("/desk/reviews", "逐项审查"), ("/desk/ledger", ""), ("/desk/evaluations", "去办理"), ("/desk/evaluations", "看结果"),
                          ("/desk/ranking", "为什么")):
        page.goto(listing)
        follow(page.locator("main a", has_text=link).last)
        assert violations(page) == [], page.url
        assert too_wide(page) <= 0, page.url
    page.goto("/desk/ledger")
    follow(page.locator("table.ledger tbody a").first)
    follow(page.get_by_role("link", name="打印承诺书"))
    assert violations(page) == [] and too_wide(page) <= 0


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_exemption_passes_axe_and_fits_for_who_decides_and_for_the_branch(window, size):
    """What the town may approve, and what is in force and may be taken back. [A4]"""
    for role, link in (("superior", "去办理"), ("secretary", "看详情")):
        page = window(as_=role, size=size)
        page.goto("/desk/exemptions")
        follow(page.locator("main a", has_text=link).last)
        assert violations(page) == [] and too_wide(page) <= 0, page.url
        follow(page.get_by_role("link", name="办理经过"))
        assert violations(page) == [] and too_wide(page) <= 0, page.url


def test_a_clerk_of_one_village_cannot_open_what_belongs_to_another(window, county):
    page = window(as_="office")
    page.goto("/county/organisations?search=月塘村")
    other = page.get_by_role("link", name=re.compile("^公开栏 *：")).first.get_attribute("href").rpartition("/")[2]
    clerk = window(as_="clerk", refused=("403", "404"))
    answer = clerk.goto(f"/desk/ledger?organisation={other}")
    assert answer.status == 403
    expect(clerk.locator("main")).to_contain_text("您的权限不包括这个党组织")
    expect(clerk.locator("main")).not_to_contain_text("月塘村")
    public = window()
    public.goto(f"/board/{other}")
    pledge = public.locator(".promise .who a").first.get_attribute("href").rpartition("/")[2]
    answer = clerk.goto(f"/desk/pledges/{pledge}")
    assert answer.status in (403, 404)
    expect(clerk.locator("main")).to_contain_text(re.compile("没有"))


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "no javascript"])
def test_somebody_is_given_a_role_and_comes_in_by_their_link(window, script):
    """The link's token is in the fragment and works once."""
    office = window(as_="office")
    office.goto("/county/grants")
    name = "庄晓" if script else "章禾"
    office.get_by_label("姓名（不是党员时填写）").fill(name)
    office.get_by_label("角色").select_option("liaison")
    office.get_by_role("button", name="开通并生成链接").click()
    link = office.locator("code.secret").inner_text()
    newcomer = window(script=script, refused=("410",))
    newcomer.goto(link)
    if not script:
        newcomer.get_by_label("邀请码").fill(link)
        newcomer.get_by_role("button", name="下一步").click()
    expect(newcomer.locator("main")).to_contain_text(f"{name}同志")
    newcomer.wait_for_load_state()
    assert "#" not in newcomer.url
    newcomer.get_by_label("用户名").fill("zhuangxiao" if script else "zhanghe")
    for field in ("密码", "再输一次密码"):
        newcomer.get_by_label(field, exact=True).fill("Shan-Shui-2026-Tian")
    newcomer.get_by_role("button", name="开通").click()
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("下级单位")
    newcomer.goto(link)
    if not script:
        newcomer.get_by_label("邀请码").fill(link)
        newcomer.get_by_role("button", name="下一步").click()
    expect(newcomer.get_by_role("alert")).to_contain_text("已经用过")


def test_signing_out_ends_it(window):
    page = window(as_="secretary")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("status")).to_have_text("已退出。")
    page.goto("/desk")
    assert "/sign-in" in page.url
