"""The letter: number, canonical text, digest."""
import hashlib
from datetime import date

from hypothesis import given, strategies as st

from services.pledge.domain.letter import digest_of, number_of, text_of
from tests.unit.pledge.worlds import TODAY, item

WORDS = st.text(alphabet="承诺人：路灯\n\\nr\r1　s", max_size=8)
NAMES = ("number", "organisation_name", "pledgor_name", "kind", "form", "commitment")
PARTS = ("matter", "category", "source", "measure", "target", "responsible")


def letter(**more):
    return text_of(**{"number": "2026-001", "organisation_name": "清河村党支部", "pledgor_name": "张三", "year": 2026,
                      "kind": "年度承诺", "form": "个人承诺", "commitment": "书面承诺", "items": [item(1)], "signed_on": TODAY} | more)


def test_a_number_is_the_year_and_three_digits_or_more():
    """[D1]"""
    assert [number_of(2026, n) for n in (1, 42, 999, 1000)] == ["2026-001", "2026-042", "2026-999", "2026-1000"]


def test_the_letter_names_pledgor_item_and_deadline():
    """[D3]"""
    text = letter()
    assert all(said in text for said in (
        "公开承诺书：2026-001　党组织：清河村党支部　承诺人：张三\n", "\n第 1 项：为10户安装路灯\n", "　责任人：张三　时限：2026-12-31　"))
    assert "时限：长期" in letter(items=[item(1, deadline_on=None)])


def test_the_digest_is_sha256_of_the_text():
    text = letter()
    assert digest_of(text) == hashlib.sha256(text.encode("utf-8")).hexdigest()


def letters(draw_items):
    return st.tuples(st.tuples(*[WORDS] * len(NAMES)), st.lists(st.tuples(st.tuples(*[WORDS] * len(PARTS)), st.booleans()), max_size=2))


@given(letters(None), letters(None))
def test_two_different_letters_never_have_the_same_text(one, other):
    """Line breaks and colons inside a value cannot pretend to be another line."""
    def written(parts):
        heads, things = parts
        return letter(**dict(zip(NAMES, heads, strict=True)), items=[
            item(n, **dict(zip(PARTS, words, strict=True)), deadline_on=date(2026, 12, 31) if dated else None)
            for n, (words, dated) in enumerate(things, 1)])
    assert (written(one) == written(other)) == (one == other)
