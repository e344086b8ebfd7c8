"""What pages are made of: nothing from elsewhere, nothing inline, nothing newer than Chromium 87, nothing too small to read."""
import re
from pathlib import Path

import pytest

ROOMS = Path(__file__).parents[3] / "services" / "gateway"
TEMPLATES = sorted((ROOMS / "templates").rglob("*.html"))
OURS = sorted(f for f in (ROOMS / "static").rglob("*") if f.suffix in (".css", ".js") and "vendor" not in f.parts)

#: not in Chromium 87, or not on the phones of its time, with what they need
NEWER = {
    ":is(": "88", ":where(": "88", ":has(": "105", "aspect-ratio": "88", "accent-color": "93", "color-mix": "111", "@layer": "99",
    "@container": "105", "overflow: clip": "90", "dvh": "108", "svh": "108", "text-wrap": "114", "subgrid": "117",
    "&:": "nesting, 112", ".at(": "92", ".hasOwn(": "93",
    "structuredClone": "98", "findLast": "97", "Array.fromAsync": "121", "requestIdleCallback": "not in Safari",
    "<dialog": "no polyfill on old office PCs", "popover": "114", "inert": "102"}
INLINE = re.compile(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:", re.I)
ELSEWHERE = re.compile(r"""(?:src|href|action|url\(|@import)\s*=?\s*["'(]?\s*(?:https?:)?//""", re.I)


def inline(text: str) -> list[str]:
    return INLINE.findall(text)


def newer(text: str) -> list[str]:
    return [word for word in NEWER if word in text]


@pytest.mark.parametrize("bad", ["<p style='x'>", '<a onclick="f()">', "<script>1</script>", '<style>p{}</style>', '<a href="javascript:1">'])
def test_the_check_for_inline_code_finds_it(bad):
    assert inline(bad)


@pytest.mark.parametrize("bad", ['<img src="//cdn.example/x">', "@import 'https://fonts.example/a.css'", "url(https://x.example/a)"])
def test_the_check_for_foreign_addresses_finds_them(bad):
    assert ELSEWHERE.search(bad)


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda f: f.name)
def test_a_template_has_no_inline_code_and_loads_nothing_from_elsewhere(page):
    """Strict CSP without inline script. [X28]"""
    text = page.read_text()
    assert not inline(text) and not ELSEWHERE.search(text) and "| safe" not in text and "autoescape false" not in text


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda f: f.name)
def test_every_form_that_changes_something_carries_its_token(page):
    """[X29]"""
    for head, body in re.findall(r"<form([^>]*)>(.*?)</form>", page.read_text(), re.S):
        if 'method="post"' in head:
            assert "hidden()" in body or "csrf_token" in body, (page.name, head)


@pytest.mark.parametrize("file", OURS, ids=lambda f: f.name)
def test_nothing_newer_than_chromium_87_is_used(file):
    assert newer(file.read_text()) == []
    assert not ELSEWHERE.search(file.read_text())


@pytest.mark.parametrize("file", [f for f in OURS if f.suffix == ".css"], ids=lambda f: f.name)
def test_no_text_is_smaller_than_16_pixels(file):
    sizes = [float(n) for n in re.findall(r"font-size:\s*([\d.]+)rem", file.read_text())]
    assert all(size >= 1 for size in sizes), sizes
    assert not re.search(r"font(?:-size)?:[^;]*\b(?:\d|1[0-5])px", file.read_text())


def test_bootstrap_is_here_with_its_licence():
    folder = ROOMS / "static" / "vendor" / "bootstrap"
    assert "MIT License" in (folder / "LICENSE").read_text()
    assert "v5.3" in (folder / "bootstrap.min.css").read_text()[:200]
