"""A real Chromium in front of the demonstration county, watched while it works.

Every window fails its test when a page logs an error, breaks its own content policy, or asks any other host for anything.
"""
import base64
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

if not os.environ.get("JIANNUO_TESTS_BLOCKING"):
    raise pytest.UsageError("浏览器测试要单独成一个进程，请用 ./tests/run browser。")

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from services.gateway.identity import totp
from tests.servers import CHROMIUM, folder, free_port

CHECKOUT = Path(__file__).resolve().parents[2]
AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text()
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync"]
DESK, PHONE = (1280, 900), (390, 844)
#: how long the slowest machine may take to show what was asked for (milliseconds); no promise
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class County:
    """What ``deploy/up --json`` printed."""

    url: str
    board: str
    accounts: dict[str, dict[str, str]]


@pytest.fixture(scope="session")
def county() -> Iterator[County]:
    """The demonstration county, up for the whole session."""
    with deployed("browser") as told:
        yield told


@pytest.fixture
def empty() -> Iterator[County]:
    """A system in which nobody is yet; its first account is a link."""
    with deployed("empty", "--empty") as told:
        yield told


@contextmanager
def deployed(name: str, *options: str) -> Iterator[County]:
    data = folder(name)
    up = [CHECKOUT / "deploy" / "up", "--data", data, "--port", str(free_port()), "--detach", "--json", *options]
    try:
        started = subprocess.run(up, capture_output=True, text=True, timeout=280)
        assert started.returncode == 0, started.stderr
        told = json.loads(started.stdout)
        yield County(told["url"], told["board"], told["accounts"])
    finally:
        subprocess.run([CHECKOUT / "deploy" / "down", "--data", data], capture_output=True, timeout=60)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "没有找到 Chromium，请先安装：apt-get install chromium"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What must not happen in a window.  ``refused``: statuses a test brings about on purpose."""

    home: str
    wrong: list[str] = field(default_factory=list)
    refused: tuple[str, ...] = ()

    def over(self, page: Page) -> None:
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("pageerror", lambda error: self.wrong.append(f"script error: {error}"))
        page.on("request", lambda request: self._asked(request.url))
        page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _said(self, kind: str, words: str) -> None:
        if kind in ("error", "warning") and not any(f"status of {code}" in words for code in self.refused):
            self.wrong.append(f"{kind}: {words}")

    def _asked(self, url: str) -> None:
        if urlsplit(url).netloc != urlsplit(self.home).netloc:
            self.wrong.append(f"asked another host: {url}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 400 and str(status) not in self.refused:
            self.wrong.append(f"{status}: {url}")


Window = Callable[..., Page]


@pytest.fixture
def window(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Window]:
    """Opens a window: ``window(size=PHONE, script=False, as_="clerk", refused=("422",))``, signed in when ``as_`` is given; in
    the demonstration county unless another is named by ``at``."""
    opened: list[tuple[Page, Watch]] = []

    def open_one(*, size: tuple[int, int] = DESK, script: bool = True, as_: str = "", refused: tuple[str, ...] = (),
                 at: County | None = None) -> Page:
        home = (at or county_of(request)).url
        context = chromium.new_context(base_url=home, viewport={"width": size[0], "height": size[1]}, java_script_enabled=script,
                                       locale="zh-CN", is_mobile=size == PHONE, has_touch=size == PHONE)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        watch = Watch(home, refused=refused)
        watch.over(page)
        opened.append((page, watch))
        if as_:
            sign_in(page, **{key: county_of(request).accounts[as_][key] for key in ("username", "password")})
        return page

    yield open_one
    wrong = [f"{page.url}: {one}" for page, watch in opened for one in watch.wrong]
    for page, _ in opened:
        page.context.close()
    assert not wrong, "\n".join(wrong)


def county_of(request: pytest.FixtureRequest) -> County:
    return request.getfixturevalue("county")


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    follow(page.get_by_role("button", name="登录"))


def enrol(page: Page) -> None:
    """Open the second factor a decider must have first, with a code as a telephone shows it."""
    follow(page.get_by_role("button", name="开始开通"))
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    secret = base64.b32decode(secret + "=" * (-len(secret) % 8))
    page.get_by_label("动态口令").fill(totp.code_at(secret, totp.step_of(datetime.now(UTC))))
    follow(page.get_by_role("button", name="开通"))
    follow(page.get_by_role("link", name="已保存，去工作台"))


def follow(led: Locator) -> None:
    """Click, and wait until the page it leads to is there whole: whoever looks at once sees neither the old one nor half of it."""
    with led.page.expect_navigation():
        led.click()


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page under WCAG 2.2 AA that is serious or critical."""
    page.evaluate(AXE)
    found = page.evaluate("""() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})""")
    return [f"{one['id']}: {node['html'][:120]} — {node['failureSummary'][:200]}" for one in found["violations"]
            if one["impact"] in ("serious", "critical") for node in one["nodes"]]


def too_wide(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth") - page.viewport_size["width"]
