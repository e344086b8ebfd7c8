"""What goes to the broker, read again with the driver's own eyes."""
from io import BytesIO

import pytest
from amqp import basic_message, spec
from amqp.method_framing import frame_handler
from amqp.serialization import loads
from hypothesis import given, strategies as st

from wire.bus.frames import Publications

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def read(written):
    """Method and message as the driver's reader sees them."""
    heard = []

    class Connection:
        bytes_recv = 0

    handle, stream = frame_handler(Connection(), lambda *what: heard.append(what), content_methods=[spec.Basic.Publish]), BytesIO(written)
    while head := stream.read(7):
        kind, channel, size = head[0], int.from_bytes(head[1:3]), int.from_bytes(head[3:])
        handle((kind, channel, stream.read(size)))
        assert stream.read(1) == b"\xce"
    ((channel, method, payload, message),) = heard
    return channel, method, loads("Bssbb", payload, 4)[0], message


@given(topic=names, id_=names, stream=names, epoch=st.integers(1, 2**40), position=st.integers(1, 2**62), body=st.binary(min_size=1, max_size=300))
def test_the_driver_reads_what_was_written(topic, id_, stream, epoch, position, body):
    """Long bodies in several frames, numbers beyond 32 bits, any letters. [T20]"""
    channel, method, fields, message = read(Publications(7, "trial.events", 100).write("a/b", topic, id_, stream, epoch, position, body))
    assert (channel, method) == (7, spec.Basic.Publish)
    assert fields[1:] == ["trial.events", topic, True, False]
    assert isinstance(message, basic_message.Message)
    assert message.body == body
    assert message.properties == {
        "content_type": "a/b", "application_headers": {"stream": stream, "epoch": epoch, "position": position},
        "delivery_mode": 2, "message_id": id_, "type": topic}


def test_a_name_too_long_for_amqp_is_refused():
    with pytest.raises(ValueError, match="no room"):
        Publications(1, "e", 1000).write("a/b", "长" * 90, "i", "s", 1, 1, b"x")
