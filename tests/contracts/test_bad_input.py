"""What JSON lets through and no database should hold is refused at the contract, as a refusal and never as a crash."""
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.make_samples import event_body, example
from wire.contracts import calls, envelope, event, quick
from wire.contracts.pledge import ItemDraft, PledgePublished
from wire.contracts.roster import SyncMembers
from wire.contracts.shape import LIST_LIMIT, TEXT_LIMIT, Malformed, dump, load, loading, schema_class

GOOD = event_body(PledgePublished)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999", "1.5", "null", '"7"', "true", "[]", "9" * 400])
def test_a_number_that_is_none_is_unreadable(word):
    """[T23]"""
    body = GOOD.replace(b'"year":2000', f'"year":{word}'.encode())
    assert body != GOOD
    with pytest.raises(envelope.Unreadable):
        envelope.unseal(body)


@pytest.mark.parametrize("text", ["\\ud800", "\\u0000", "\\udfff\\ud800"])
def test_a_text_no_database_can_hold_is_unreadable(text):
    """[T23]"""
    body = GOOD.replace("样例 matter".encode(), text.encode())
    assert body != GOOD
    with pytest.raises(envelope.Unreadable):
        envelope.unseal(body)


@pytest.mark.parametrize("body", [
    b"", b"{", b"null", b"[]", b"7", b"{}", b"\xff\xfe{", "{}".encode("utf-16"), '{"类":1}'.encode("gb18030"),
    b"[" * 100_000, b'{"a":' * 50_000, b'{"type":"pledge.pledge.published.v99","data":{}}', b'{"type":[],"data":{}}'])
def test_a_body_that_is_no_event_is_unreadable(body):
    """[T18] [T22] [T23]"""
    with pytest.raises(envelope.Unreadable):
        envelope.unseal(body)


def test_a_body_over_the_limit_is_refused_before_it_is_parsed():
    """[T22]"""
    with pytest.raises(envelope.Unreadable, match="at most"):
        envelope.unseal(b" " * (envelope.SIZE_LIMIT + 1))


def test_unknown_fields_are_passed_over_in_events_and_refused_in_requests():
    data = json.loads(GOOD)
    data["data"]["colour"] = "red"
    data["data"]["items"][0]["colour"] = "red"
    assert envelope.unseal(json.dumps(data).encode()).event.subject
    with pytest.raises(Malformed) as refusal:
        load(ItemDraft, dump(example(ItemDraft)) | {"colour": "red"})
    assert refusal.value.errors == {"colour": ["没有这个字段，请去掉。"]}


def test_every_refused_field_is_named_in_chinese():
    with pytest.raises(Malformed) as refusal:
        load(ItemDraft, {"matter": " ", "deadline_on": "31.12.2026", "source": "whim"})
    assert refusal.value.errors["matter"] == ["至少写 2 个字。"]
    assert "2026-12-31" in refusal.value.errors["deadline_on"][0]
    assert refusal.value.errors["source"][0].startswith("只能填：")
    with pytest.raises(Malformed) as refusal:
        load(SyncMembers, {"rows": [{"code": "M1", "kind": "xx"}]})
    assert "只能填：member、probationary、activist、cadre，或者空着。" in str(refusal.value.errors)


def load_by_schema(cls, told):
    """What the schema alone says of an event."""
    schema = schema_class(cls)(unknown="exclude")
    loading._spread(schema, "exclude")
    return schema.load(told)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=12)


@given(data=st.data())
def test_any_json_in_any_field_of_any_call_is_taken_or_refused_and_never_crashes(data):
    """[X26] [T23]"""
    operation = data.draw(st.sampled_from(sorted(calls.registry.values(), key=lambda o: o.name)))
    request = dump(example(operation.request))
    if not request:
        return
    request[data.draw(st.sampled_from(sorted(request)))] = data.draw(JSON)
    try:
        load(operation.request, request)
    except Malformed as refusal:
        assert refusal.errors


@given(data=st.data())
def test_the_quick_road_agrees_with_the_schema_wherever_it_has_no_doubt(data):
    operation = data.draw(st.sampled_from(sorted(calls.registry.values(), key=lambda o: o.name)))
    request = dump(example(operation.request))
    for name in data.draw(st.sets(st.sampled_from(sorted(request)), max_size=3)) if request else ():
        request[name] = data.draw(JSON | st.sampled_from(["2026-13-01", "1e3", "+7", "７", "0.10", "2026-01-01T00:00:00+08:00", ""]))
    try:
        quickly = quick.reader_of(operation.request, lenient=False, texts=TEXT_LIMIT, lists=LIST_LIMIT)(request)
    except quick.Doubt:
        return
    assert quickly == schema_class(operation.request)().load(request)


ODD = JSON | st.sampled_from([
    "2026-13-01", "2026-01-01", "20260101", "2026-01-01T00:00:00+08:00", "2026-01-01T00:00:00", "2026-01-01T00:00:00.5Z",
    "2026-01-01T00:00:00.1234567Z", "2026-01-01 00:00:00z", "", "\0", "\ud800", "长" * (TEXT_LIMIT + 1), 2**53, -2**70, 10**400, 1.0, True])


@given(data=st.data())
def test_the_quick_road_of_events_agrees_with_the_schema_wherever_it_has_no_doubt(data):
    """Fields and parts of any event, odd values, unknown fields. [T18] [T23]"""
    cls = event.registry[data.draw(st.sampled_from(sorted(event.registry)))]
    told = dump(example(cls))
    parts = [told, *(row for rows in told.values() if isinstance(rows, list) for row in rows if isinstance(row, dict))]
    for part in parts:
        for name in data.draw(st.sets(st.sampled_from([*sorted(part), "colour"]), max_size=2)):
            part[name] = data.draw(ODD)
    try:
        quickly = quick.reader_of(cls, lenient=True, texts=TEXT_LIMIT, lists=LIST_LIMIT)(told)
    except quick.Doubt:
        return
    assert quickly == load_by_schema(cls, told)


@pytest.mark.parametrize("topic", sorted(event.registry))
def test_what_is_right_of_an_event_takes_the_quick_road(topic):
    cls = event.registry[topic]
    right = example(cls)
    assert quick.reader_of(cls, lenient=True, texts=TEXT_LIMIT, lists=LIST_LIMIT)(json.loads(json.dumps(dump(right)))) == right


@pytest.mark.parametrize("name", sorted(calls.registry))
def test_what_is_right_takes_the_quick_road(name):
    cls = calls.registry[name].request
    right = example(cls)
    assert quick.reader_of(cls, lenient=False, texts=TEXT_LIMIT, lists=LIST_LIMIT)(json.loads(json.dumps(dump(right)))) == right
