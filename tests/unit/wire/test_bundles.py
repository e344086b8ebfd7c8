"""Events committed together travel together: each once, in order, as the bytes it would be alone."""
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from wire.bus.consumer import arrivals_of
from wire.bus.outbox import Stretch, sealed
from wire.bus.publisher import BUNDLE_BYTES, BUNDLE_MOST, messages_of
from wire.contracts.envelope import BUNDLE_TYPE, CONTENT_TYPE, Unreadable, bundle, unbundle

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    position: int
    topic: str
    data: str
    subject: str = "plg_1"
    at: datetime = NOW
    correlation: str = "cor_1"
    traceparent: str = ""

    @property
    def id(self):
        return f"evt_{self.position}"


@dataclass(frozen=True)
class Delivered:
    """A message as the driver hands it over."""

    body: bytes
    properties: dict
    headers: dict
    delivery_tag: int = 7
    delivery_info: tuple = ()

    def __post_init__(self):
        object.__setattr__(self, "delivery_info", {"redelivered": True})


def delivered(message, body=None):
    first = message.rows[0]
    return Delivered(message.body if body is None else body,
                     {"content_type": message.content_type, "message_id": first.id, "type": first.topic},
                     {"stream": message.stream, "epoch": message.epoch, "position": first.position})


topics = st.sampled_from(["trial.a.published.v1", "trial.a.settled.v1"])
lengths = st.one_of(st.integers(0, 200), st.integers(0, BUNDLE_BYTES * 2))


@given(st.lists(st.tuples(topics, lengths), min_size=1, max_size=250), st.integers(1, 2**40))
def test_a_stretch_arrives_event_by_event_as_it_was_sealed(said, epoch):
    """[T15] [T17]"""
    rows = [Row(n, topic, '{"words":"%s"}' % ("好" * (length // 3))) for n, (topic, length) in enumerate(said, 41)]
    messages = list(messages_of(Stretch(1, "trial.a", epoch, NOW, None, rows)))
    assert [row for message in messages for row in message.rows] == rows
    for message in messages:
        assert len({row.topic for row in message.rows}) == 1, "a message is routed by the topic of all its events"
        assert len(message.rows) <= BUNDLE_MOST
        assert len(message.rows) == 1 or len(message.body) <= BUNDLE_BYTES + BUNDLE_MOST + 1
        assert message.content_type == (CONTENT_TYPE if len(message.rows) == 1 else BUNDLE_TYPE)
    heard = [arrival for message in messages for arrival in arrivals_of(delivered(message))]
    assert [(a.stream, a.epoch, a.position, a.id, a.topic, a.body, a.tag, a.redelivered) for a in heard] == [
        ("trial.a", epoch, row.position, row.id, row.topic, sealed(epoch, row), 7, True) for row in rows]


@pytest.mark.parametrize("body", [
    b"", b"[]", b"{}", b"null", b"\xff\xfe", b"[1]", b'[{"id":"e"}]', b'[{"id":"e","type":"t","epoch":1,"position":0}]', b"[" * 100_000,
    b'[{"id":"e","type":"t","epoch":true,"position":1}]', b'[{"id":"e","type":"t","epoch":1,"position":1}'])
def test_what_is_no_bundle_is_told_and_has_no_place_of_its_own(body):
    """So that healing fetches what was in it. [T18] [T23]"""
    with pytest.raises(Unreadable):
        unbundle(body)
    message = next(messages_of(Stretch(1, "trial.a", 1, NOW, None, [Row(1, "trial.a.published.v1", "{}"), Row(2, "trial.a.published.v1", "{}")])))
    (arrival,) = arrivals_of(delivered(message, body))
    assert (arrival.place, arrival.body, arrival.tag) == (("", 0, 0), body, 7)


def test_a_bundle_is_the_batch_format_of_cloudevents():
    assert bundle([b'{"id":"a"}', b'{"id":"b"}']) == b'[{"id":"a"},{"id":"b"}]'
