"""A publication as the bytes that go to the broker: AMQP 0-9-1's three frames, method, header and body.

The driver builds the same through tables of types, property by property, at four times the cost; here everything is known
beforehand but id, place and body.  Only for a real broker; a test reads what was written with the driver's own eyes.
"""
from struct import Struct

END = b"\xce"
_METHOD, _HEADER, _BODY = 1, 2, 3
_frame = Struct(">BHI").pack
_publish = Struct(">HHH").pack
_content = Struct(">HHQH").pack
_length = Struct(">I").pack
_small = Struct(">ci").pack
_large = Struct(">cq").pack
BASIC, PUBLISH, MANDATORY, PERSISTENT = 60, 40, 1, 2
#: content type, headers, delivery mode, message id, type: in this order, whatever else AMQP knows is left out
FLAGS = 1 << 15 | 1 << 13 | 1 << 12 | 1 << 7 | 1 << 5


class Publications:
    """Persistent, mandatory messages to one exchange on one channel."""

    def __init__(self, channel: int, exchange: str, frame_most: int):
        self._channel = channel
        self._exchange = _short(exchange)
        self._piece = frame_most - 8

    def write(self, content_type: str, topic: str, id_: str, stream: str, epoch: int, position: int, body: bytes) -> bytes:
        """The frames of one message; the headers tell its place.  A body longer than a frame takes several."""
        key, name = _short(topic), stream.encode()
        headers = b"".join((
            b"\x06streamS", _length(len(name)), name, b"\x05epoch", _number(epoch), b"\x08position", _number(position)))
        method = b"".join((_publish(BASIC, PUBLISH, 0), self._exchange, key, bytes((MANDATORY,))))
        header = b"".join((
            _content(BASIC, 0, len(body), FLAGS), _short(content_type), _length(len(headers)), headers, bytes((PERSISTENT,)),
            _short(id_), key))
        frames = [_frame(_METHOD, self._channel, len(method)), method, END, _frame(_HEADER, self._channel, len(header)), header, END]
        for at in range(0, len(body), self._piece):
            piece = body[at:at + self._piece]
            frames += (_frame(_BODY, self._channel, len(piece)), piece, END)
        return b"".join(frames)


def _short(text: str) -> bytes:
    found = text.encode()
    if len(found) > 255:
        raise ValueError(f"AMQP has no room for a name of {len(found)} bytes")
    return bytes((len(found),)) + found


def _number(value: int) -> bytes:
    return _small(b"I", value) if value < 2**31 else _large(b"l", value)
