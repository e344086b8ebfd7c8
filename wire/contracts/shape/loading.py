"""A shape from JSON values, or every reason why not: by the quick road where it is sure, else by the schema, which words the refusal."""
import dataclasses
import types
import typing
from collections.abc import Callable
from typing import Any, Literal, Union

import marshmallow as ma

from wire.contracts import quick
from wire.contracts.shape.declaring import LIST_LIMIT, TEXT_LIMIT
from wire.contracts.shape.fields import PLAIN, Text

Unknown = Literal["exclude", "raise"]
CHINESE = {"required": "必填，请填写。", "null": "必填，请填写。", "validator_failed": "填写有误。"}
UNKNOWN = {"unknown": "没有这个字段，请去掉。", "type": "应为一个 JSON 对象。"}


class Malformed(Exception):
    """The data does not fit its shape; ``errors`` maps field names to Chinese sentences."""

    def __init__(self, errors: dict):
        self.errors = errors
        super().__init__(str(errors))


def _field(kind: Any, metadata: dict, options: dict) -> ma.fields.Field:
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = [a for a in typing.get_args(kind) if a is not type(None)]
        if len(inner) != 1:
            raise TypeError(f"a union other than X | None cannot cross the wire: {kind}")
        return _field(inner[0], metadata, options | {"allow_none": True})
    if origin is tuple:
        most = metadata.get("maxItems", LIST_LIMIT)
        return ma.fields.List(
            _field(typing.get_args(kind)[0], {name: value for name, value in metadata.items() if name != "maxItems"}, {}),
            validate=ma.validate.Length(max=most, error=f"最多 {most} 条，请分几次提交。"),
            **_worded(options, invalid="应为一个列表。"))
    if origin is Literal:
        allowed = typing.get_args(kind)
        named = "只能填：" + "、".join(filter(None, allowed)) + ("，或者空着。" if "" in allowed else "。")
        return Text(validate=ma.validate.OneOf(allowed, error=named), **options)
    if dataclasses.is_dataclass(kind):
        return ma.fields.Nested(schema_class(typing.cast(type, kind)), **_worded(options, type="应为一个 JSON 对象。"))
    if kind not in PLAIN:
        raise TypeError(f"{kind} cannot cross the wire; see wire/contracts/shape/ for what can")
    return PLAIN[kind][0](metadata=metadata, **options)


def _worded(options: dict, **more: str) -> dict:
    return options | {"error_messages": CHINESE | more}


_classes: dict[type, type[ma.Schema]] = {}
_readers: dict[tuple[type, bool], Callable[[Any], Any]] = {}
_schemas: dict[tuple[type, bool], ma.Schema] = {}


def schema_class(cls: type) -> type[ma.Schema]:
    """The marshmallow schema of a shape, made once; the API's OpenAPI pages are written from the same class."""
    if cls not in _classes:
        hints = typing.get_type_hints(cls)
        fields: dict[str, Any] = {}
        for f in dataclasses.fields(cls):
            optional = f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING
            options = {"required": not optional, "error_messages": CHINESE}
            fields[f.name] = _field(hints[f.name], dict(f.metadata), options)

        def build(self, data, **kwargs):
            return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in data.items()})

        fields |= {"_build": ma.post_load(build), "error_messages": UNKNOWN}
        _classes[cls] = type(cls.__name__, (ma.Schema,), fields)
    return _classes[cls]


def load(cls: type, data: Any, *, lenient: bool = False) -> Any:
    """Build ``cls`` from JSON values.  ``lenient`` passes over unknown fields (events); otherwise they are refused.

    Raises Malformed with a Chinese sentence per field.
    """
    key = (cls, lenient)
    if key not in _readers:
        _readers[key] = quick.reader_of(cls, lenient=lenient, texts=TEXT_LIMIT, lists=LIST_LIMIT)
    try:
        return _readers[key](data)
    except quick.Doubt:
        return load_slowly(cls, data, lenient=lenient)


def load_slowly(cls: type, data: Any, *, lenient: bool = False) -> Any:
    """The same by the schema alone, which looks at every field before it refuses; for any dataclass of the allowed types."""
    key = (cls, lenient)
    if key not in _schemas:
        unknown: Unknown = "exclude" if lenient else "raise"
        _schemas[key] = schema_class(cls)(unknown=unknown)
        _spread(_schemas[key], unknown)
    if not isinstance(data, dict):
        raise Malformed({"": "应为一个 JSON 对象。"})
    try:
        return _schemas[key].load(data)
    except ma.ValidationError as error:
        raise Malformed(error.normalized_messages()) from None


def _spread(schema: ma.Schema, unknown: Unknown) -> None:
    """marshmallow does not hand ``unknown`` down to nested schemas by itself."""
    for field in schema.fields.values():
        inner = field.inner if isinstance(field, ma.fields.List) else field
        if isinstance(inner, ma.fields.Nested):
            inner.unknown = unknown
            inner.schema.unknown = unknown
            _spread(inner.schema, unknown)
