"""The envelope: CloudEvents 1.0 structured JSON, with the position of the event in its producer's stream.

Events that are committed together travel together, as a bundle: the broker's work is per message, not per event.

The data of an event becomes JSON once, when it is announced; ``seal`` wraps that text without reading it again.
"""
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, NoReturn

import msgspec

from wire.contracts import event as events
from wire.contracts.shape import Malformed

CONTENT_TYPE = "application/cloudevents+json"
#: several events in one message: CloudEvents' own JSON batch format
BUNDLE_TYPE = "application/cloudevents-batch+json"
SIZE_LIMIT = 4_000_000


#: made once: json.dumps makes one per call for anything but its defaults
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class Unreadable(Exception):
    """The body is no event this house can read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An event on its way: who says it, where it stands in the stream, and its data as JSON text."""

    id: str
    topic: str
    subject: str
    at: datetime
    epoch: int
    position: int
    correlation: str
    traceparent: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """An event that arrived: the fact and its place.  "Newer" compares (epoch, version)."""

    id: str
    event: events.Facts
    stream: str
    epoch: int
    position: int
    correlation: str
    traceparent: str

    @property
    def edition(self) -> tuple[int, int]:
        return self.epoch, self.event.version


class Place(msgspec.Struct, frozen=True):
    """What a sealed event says of itself, read without its data."""

    id: Annotated[str, msgspec.Meta(max_length=200)]
    type: Annotated[str, msgspec.Meta(max_length=200)]
    epoch: Annotated[int, msgspec.Meta(ge=1)]
    position: Annotated[int, msgspec.Meta(ge=1)]


def text_of(value: Any) -> str:
    """JSON as this house writes it: compact, UTF-8 kept, NaN refused.  A shape is written by ``shape.written``."""
    return _encode(value)


def seal(sealed: Sealed) -> bytes:
    """The bytes that travel and stay in the journal for ever."""
    service = sealed.topic.partition(".")[0]
    # no number in it could be NaN, which msgspec writes as null
    head = msgspec.json.encode({
        "specversion": "1.0", "id": sealed.id, "source": f"/jiannuo/{service}", "type": sealed.topic,
        "time": sealed.at, "subject": sealed.subject,
        "datacontenttype": "application/json", "epoch": sealed.epoch, "position": sealed.position,
        "correlation": sealed.correlation, "traceparent": sealed.traceparent})
    return b'%b,"data":%b}' % (head[:-1], sealed.data.encode())


def bundle(bodies: Sequence[bytes]) -> bytes:
    """Several sealed events as one body, each still the bytes it would be alone."""
    return b"[%b]" % b",".join(bodies)


def unbundle(body: bytes) -> list[tuple[Place, bytes]]:
    """The events of a bundle, each with its place and its own bytes, as sealed.  Raises Unreadable."""
    try:
        pieces = _pieces(body)
        found = [(_place(piece), bytes(piece)) for piece in pieces]
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise Unreadable(f"no bundle of events: {type(error).__name__}") from None
    if not found:
        raise Unreadable("an empty bundle")
    return found


def parse(body: bytes | str) -> Any:
    """JSON, strictly: NaN, Infinity, numbers too large and lone surrogates are refused.  Raises Unreadable."""
    if len(body) > SIZE_LIMIT:
        raise Unreadable(f"body of {len(body)} bytes; at most {SIZE_LIMIT}")
    try:
        return _decode(body)
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise Unreadable(f"not JSON: {type(error).__name__}") from None


def unseal(body: bytes) -> News:
    """Read an event.  Unknown fields are passed over; anything that does not fit raises Unreadable with the reason."""
    found = parse(body)
    try:
        topic = found["type"]
        return News(
            id=_str(found["id"]), event=events.read(topic, found["data"]), stream=events.registry[topic].stream,
            epoch=_int(found["epoch"]), position=_int(found["position"]),
            correlation=_str(found.get("correlation", "")), traceparent=_str(found.get("traceparent", "")))
    except Malformed as error:
        raise Unreadable(f"data does not fit {found['type']}: {error.errors}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"no such event or field: {error}") from None


def _float(word: str) -> NoReturn:
    raise ValueError(f"{word}: fractions travel as strings")


_decode = msgspec.json.Decoder(float_hook=_float).decode
_pieces = msgspec.json.Decoder(list[msgspec.Raw]).decode
_place = msgspec.json.Decoder(Place).decode


def _str(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise TypeError(f"not a short text: {type(value).__name__}")
    return value


def _int(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise TypeError(f"not a position: {value!r}")
    return value
