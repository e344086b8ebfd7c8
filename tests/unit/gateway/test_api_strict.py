"""Strict JSON: read byte-exact, or refused; never something in between."""
import json

import pytest
from hypothesis import given, strategies as st

from services.gateway.api.strict import read
from services.gateway.problems import Refuse

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
VALUES = st.recursive(st.none() | st.booleans() | st.integers(-2**60, 2**60) | TEXT,
                      lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12)


@given(VALUES)
def test_what_was_sent_is_what_is_read(value):
    """[T23]"""
    for ascii_only in (True, False):
        assert read(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_and_nothing_else(body):
    """[T23]"""
    try:
        value = read(body)
    except Refuse as refused:
        assert refused.problem.status == 400
    else:
        json.dumps(value, ensure_ascii=False, default=str).encode()


@pytest.mark.parametrize("body", [
    b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}', b'{"a": "\\ud800"}', b'{"\\udc00": 1}', b'{"a": 1e999}', b'{"a": 1', b'',
    '{"a": 1}'.encode("utf-16"), '{"名": "张"}'.encode("gb18030"), b'\xef\xbb\xbf{"a": 1}', b'[' * 100_000, b'{"a":' * 2000,
    b'{"a": ' + b'9' * 5000 + b'}', b"{'a': 1}", b'\x00', b'{"a": "\x00"}'])
def test_what_is_no_json_of_this_house_is_refused(body):
    """NaN, lone surrogates, other encodings, endless nesting, endless digits. [T22] [T23]"""
    with pytest.raises(Refuse) as refused:
        read(body)
    assert refused.value.problem.status == 400


@pytest.mark.parametrize("value", [{str(i): 1 for i in range(5_000)}, {"a": [[[]]] * 300_000}], ids=["keys", "lists"])
def test_a_million_keys_are_refused_before_anybody_walks_through_them(value):
    """[T22]"""
    with pytest.raises(Refuse) as refused:
        read(json.dumps(value).encode())
    assert refused.value.problem.code == "too_deep"


def test_a_large_import_is_read():
    value = {"rows": [{"code": str(n), "name": "某某村党支部", "kind": "党支部"} for n in range(20_000)]}
    assert read(json.dumps(value).encode()) == value


def test_a_fraction_is_exact():
    assert str(read(b'{"score": 93.50}')["score"]) == "93.50"
