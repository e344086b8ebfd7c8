"""The letter on paper: the text that was signed, three times, with a hash anybody can recompute."""
import hashlib
import html
import re


def test_the_letter_has_three_copies_with_number_hash_and_signature_lines(house):
    """Three copies: approver, pledgor, notice board. [D2]"""
    page = house.enter("clerk").get("/desk/pledges/plg_liu/letter").text
    for word in ("审定单位存档", "承诺人留存", "公示栏张贴"):
        assert word in page
    assert page.count("云践〔2026〕017 号") >= 3 and page.count("承诺人（签字）") == 3 and page.count("sha256") == 3


def test_the_printed_hash_is_that_of_the_printed_text(house):
    """Whoever holds a copy can recompute its hash. [D3]"""
    page = house.enter("clerk").get("/desk/pledges/plg_liu/letter").text
    texts = [html.unescape(t) for t in re.findall(r'<div class="signed-text">(.*?)</div>', page, re.S)]
    hashes = [re.sub(r"\s", "", h) for h in re.findall(r"校验码 sha256 ([0-9a-f\s]+)<", page)]
    assert len(texts) == len(hashes) == 3
    assert {hashlib.sha256(t.encode()).hexdigest() for t in texts} == set(hashes)


def test_there_is_no_letter_before_signing(house):
    assert house.enter("clerk").get("/desk/pledges/plg_3/letter").location == "/desk/pledges/plg_3"
