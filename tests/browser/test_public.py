"""A villager with a phone: no sign-in, no script, one hand."""
import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, follow, too_wide, violations


def test_a_villager_finds_and_reads_the_board_on_a_phone_without_javascript(window):
    """Public pages are useful with JavaScript off, one column on a phone."""
    page = window(size=PHONE, script=False)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("公开承诺")
    page.get_by_role("searchbox").fill("柳溪")
    follow(page.get_by_role("button", name="查找"))
    follow(page.get_by_role("link", name=re.compile("^看公开栏.*柳溪村党支部")))
    expect(page.get_by_role("heading", level=1)).to_contain_text("柳溪村党支部")
    assert page.locator(".items li").count() > 5
    assert too_wide(page) <= 0
    page.get_by_label("状态").select_option("late")
    follow(page.get_by_role("button", name="筛选"))
    states = page.locator(".items .state").all_inner_texts()
    assert states and all("逾期" in one for one in states)
    follow(page.locator(".promise .who a").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("的公开承诺")
    assert re.search(r"校验码 sha256 [0-9a-f]{4} ", page.inner_text("main"))


def test_a_wrong_address_says_so_and_leads_back(window):
    page = window(size=PHONE, refused=("404",))
    page.goto("/board/org_nowhere")
    expect(page.locator("main")).to_contain_text("没有找到")
    page.get_by_role("link", name="回到全县公开").click()
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_the_public_pages_pass_axe_on_desk_and_phone(window, county):
    """WCAG 2.2 AA on public pages."""
    for page in (window(), window(size=PHONE)):
        for address in ("/", county.board, "/?search=村", county.board + "?state=open", "/sign-in", "/invitation"):
            page.goto(address)
            assert violations(page) == [], address
            assert too_wide(page) <= 0, address


def test_the_board_is_walked_by_keyboard_with_the_focus_in_sight(window, county):
    page = window()
    page.goto(county.board)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("[document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]"))
    assert [tag for tag, _ in seen][:5].count("A") >= 2 and {"INPUT", "SELECT", "BUTTON"} <= {tag for tag, _ in seen}
    assert all(outline != "none" for _, outline in seen), seen


def test_the_board_is_printed_without_menus_and_buttons(window, county):
    page = window()
    page.goto(county.board)
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="主导航")).to_be_hidden()
    expect(page.get_by_role("button", name="筛选")).to_be_hidden()
    expect(page.locator(".promise").first).to_be_visible()
