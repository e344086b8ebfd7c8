"""A shape as JSON values, or at once as the text of them."""
import dataclasses
import types
import typing
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal, Union

import msgspec

from wire.contracts.shape.fields import PLAIN

_dumpers: dict[type, Callable[[Any], dict]] = {}
_straight: dict[type, bool] = {}


def dump(value: Any) -> dict:
    """The JSON values of a shape, ready for ``json.dumps``."""
    cls = type(value)
    if cls not in _dumpers:
        hints = typing.get_type_hints(cls)
        _dumpers[cls] = _dumper([(f.name, _writer(hints[f.name])) for f in dataclasses.fields(cls)])
    return _dumpers[cls](value)


def written(value: Any) -> str:
    """What ``dump`` says, as JSON text: compact, UTF-8 kept.

    Ten times faster than both steps where no Decimal is inside: msgspec could write that one with an exponent.
    """
    cls = type(value)
    if cls not in _straight:
        _straight[cls] = not _holds_decimals(cls)
    return msgspec.json.encode(value if _straight[cls] else dump(value)).decode()


def _holds_decimals(kind: Any) -> bool:
    if dataclasses.is_dataclass(kind):
        return any(map(_holds_decimals, typing.get_type_hints(kind).values()))
    return kind is Decimal or any(map(_holds_decimals, typing.get_args(kind)))


def _dumper(writers: list[tuple[str, Callable | None]]) -> Callable[[Any], dict]:
    def write(value: Any) -> dict:
        found = {}
        for name, writer in writers:
            item = getattr(value, name)
            found[name] = item if writer is None or item is None else writer(item)
        return found
    return write


def _writer(kind: Any) -> Callable | None:
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        return _writer(next(a for a in typing.get_args(kind) if a is not type(None)))
    if origin is tuple:
        inner = _writer(typing.get_args(kind)[0])
        return list if inner is None else lambda values: [inner(v) for v in values]
    if origin is Literal:
        return None
    return dump if dataclasses.is_dataclass(kind) else PLAIN[kind][1]
