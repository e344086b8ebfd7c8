"""Write a sample for every event and call that has none yet.  A sample that exists is never rewritten: it is what old
journals and other systems hold, and must load for ever.

    python -m tests.contracts.make_samples
"""
import dataclasses
import json
import types
import typing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from wire.contracts import (  # noqa: F401
    audit, calls, commendation, envelope, evaluation, event, gateway, history, journal, notice, pledge, policies, roster,
)
from wire.contracts.shape import dump

FOLDER = Path(__file__).parent / "samples"
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def example(kind: Any, name: str = "", metadata: typing.Mapping[str, Any] = types.MappingProxyType({})) -> Any:
    """A value of that type: filled in wherever something may be filled in, so that a sample shows every field."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return example(next(a for a in arguments if a is not type(None)), name, metadata)
    if origin is tuple:
        return (example(arguments[0], name),)
    if origin is typing.Literal:
        return next((a for a in arguments if a), "")
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{f.name: example(hints[f.name], f.name, f.metadata) for f in dataclasses.fields(kind)})
    return {
        str: f"样例 {name}"[:metadata.get("maxLength", 200)], bool: True, Decimal: Decimal("93.33"), date: date(2026, 12, 31),
        datetime: AT, int: max(1, metadata.get("minimum", 1)),
    }[kind]


def event_body(cls: type) -> bytes:
    """A whole message of that event, as it travels."""
    fact = example(cls)
    return envelope.seal(envelope.Sealed(
        id="evt_01956a00-0000-7000-8000-000000000001", topic=cls.topic, subject=fact.subject, at=AT, epoch=1, position=1,
        correlation="cor_1", traceparent="", data=envelope.text_of(dump(fact))))


def reply_example(reply: Any) -> Any:
    """The JSON of a reply: an object, or a list of them."""
    if typing.get_origin(reply) is tuple:
        return [dump(example(typing.get_args(reply)[0]))]
    return dump(example(reply))


def write_missing() -> list[str]:
    """Write what is missing and say which."""
    written = []
    for topic, cls in sorted(event.registry.items()):
        written += _write(FOLDER / "events" / f"{topic}.json", json.loads(event_body(cls)))
    for name, operation in sorted(calls.registry.items()):
        written += _write(FOLDER / "calls" / f"{name}.json", {
            "request": dump(example(operation.request)), "reply": reply_example(operation.reply)})
    return written


def _write(path: Path, value: Any) -> list[str]:
    if path.exists():
        return []
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
    return [path.name]


if __name__ == "__main__":
    print("\n".join(write_missing()) or "every event and call has its sample")
