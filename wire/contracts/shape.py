"""Shapes: a frozen dataclass declared once becomes its marshmallow schema, its loader and its dumper.

Every event and every call is a shape.  Allowed field types: str, int, bool, Decimal, date, aware datetime,
Literal[…] of strings, another shape, ``X | None`` and ``tuple[X, …]``.  Floats are refused: scores and money are
Decimal.  Loading refuses what JSON lets through but no database should hold: NUL, lone surrogates, NaN.
"""
import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, Union, dataclass_transform

import marshmallow as ma
import msgspec

from wire.contracts import quick

TEXT_LIMIT = 4000
LIST_LIMIT = 100_000
Unknown = Literal["exclude", "raise"]


class Malformed(Exception):
    """The data does not fit its shape; ``errors`` maps field names to Chinese sentences."""

    def __init__(self, errors: dict):
        self.errors = errors
        super().__init__(str(errors))


def _said(**metadata: Any) -> dict[str, Any]:
    """Metadata under the names JSON Schema uses, so that the OpenAPI and AsyncAPI pages show the same limits."""
    return {name: value for name, value in metadata.items() if value or name == "minimum"}


def text(limit: int = TEXT_LIMIT, *, least: int = 0, label: str = "", default: Any = dataclasses.MISSING) -> Any:
    """A str field of at most ``limit`` characters (at least ``least``, white space not counted), with its Chinese label."""
    return dataclasses.field(default=default, metadata=_said(maxLength=limit, minLength=least, title=label))


def many(most: int, *, label: str = "") -> Any:
    """A list of at most so many, where fewer may come at once than ``LIST_LIMIT``, with its Chinese label."""
    return dataclasses.field(metadata=_said(maxItems=most, title=label))


def bounded(low: int, high: int, *, label: str = "", default: Any = dataclasses.MISSING) -> Any:
    """An int or Decimal field between ``low`` and ``high``, both included, with its Chinese label."""
    return dataclasses.field(default=default, metadata=_said(minimum=low, maximum=high, title=label))


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(dataclasses.field, text, bounded))
def shape(cls: type) -> type:
    """Make ``cls`` a shape: a frozen, keyword-only dataclass with slots.  Its schema is built on first use.

    Its annotations tell the limits too, for the quick road; ``typing.get_type_hints`` leaves them out.
    """
    for name, kind in cls.__annotations__.items():
        said = vars(cls).get(name)
        cls.__annotations__[name] = quick.limited(
            kind, said.metadata if isinstance(said, dataclasses.Field) else {}, texts=TEXT_LIMIT, lists=LIST_LIMIT)
    return dataclasses.dataclass(frozen=True, kw_only=True, slots=True)(cls)


class Text(ma.fields.String):
    def _deserialize(self, value, attr, data, **kwargs):
        if not isinstance(value, str):
            raise ma.ValidationError("请填写文字。")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ma.ValidationError("含有无法保存的字符，请删去后重填。") from None
        if "\0" in value:
            raise ma.ValidationError("含有无法保存的字符，请删去后重填。")
        limit, least = self.metadata.get("maxLength", TEXT_LIMIT), self.metadata.get("minLength", 0)
        if len(value) > limit:
            raise ma.ValidationError(f"最多 {limit} 个字，现在 {len(value)} 个字，请精简。")
        if least and len(value.strip()) < least:
            raise ma.ValidationError("不能为空，请填写。" if least == 1 else f"至少写 {least} 个字。")
        return value


class Whole(ma.fields.Integer):
    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**53:
            raise ma.ValidationError("请填写整数。")
        return _bounded(value, self.metadata)


class Exact(ma.fields.String):
    """A Decimal, carried as a string so that no float ever touches a score; documented as what it is on the wire."""

    def __init__(self, *, metadata: Mapping[str, Any] | None = None, **options: Any):
        super().__init__(metadata={"format": "decimal", **(metadata or {})}, **options)

    def _serialize(self, value, attr, obj, **kwargs):
        return None if value is None else format(value, "f")

    def _deserialize(self, value, attr, data, **kwargs):
        try:
            if isinstance(value, (bool, float)) or (isinstance(value, str) and len(value) > 40):
                raise InvalidOperation
            found = Decimal(value)
        except (InvalidOperation, TypeError, ValueError):
            raise ma.ValidationError("请填写数字，例如 93.5。") from None
        if not found.is_finite():
            raise ma.ValidationError("请填写数字，例如 93.5。")
        return _bounded(found, self.metadata)


class Truth(ma.fields.Boolean):
    def _deserialize(self, value, attr, data, **kwargs):
        if not isinstance(value, bool):
            raise ma.ValidationError("请选择是或否。")
        return value


class Day(ma.fields.Date):
    def _deserialize(self, value, attr, data, **kwargs):
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise ma.ValidationError("日期写成 2026-12-31 的样子。") from None


class Instant(ma.fields.DateTime):
    def _deserialize(self, value, attr, data, **kwargs):
        try:
            found = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise ma.ValidationError("时间写成 2026-12-31T08:00:00Z 的样子。") from None
        if found.tzinfo is None:
            raise ma.ValidationError("时间要带时区，例如 2026-12-31T08:00:00Z。")
        return found.astimezone(UTC)


def _bounded(value: Any, metadata: Mapping[str, Any]) -> Any:
    low, high = metadata.get("minimum"), metadata.get("maximum")
    if low is not None and value < low or high is not None and value > high:
        raise ma.ValidationError(f"应在 {low} 到 {high} 之间。")
    return value


PLAIN: dict[type, tuple[type[ma.fields.Field], Callable | None]] = {
    str: (Text, None),
    int: (Whole, None),
    bool: (Truth, None),
    Decimal: (Exact, lambda v: format(v, "f")),
    date: (Day, date.isoformat),
    datetime: (Instant, lambda v: v.astimezone(UTC).isoformat().replace("+00:00", "Z")),
}
CHINESE = {"required": "必填，请填写。", "null": "必填，请填写。", "validator_failed": "填写有误。"}
UNKNOWN = {"unknown": "没有这个字段，请去掉。", "type": "应为一个 JSON 对象。"}


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
        return Text(validate=ma.validate.OneOf(allowed, error="只能填：" + "、".join(allowed) + "。"), **options)
    if dataclasses.is_dataclass(kind):
        return ma.fields.Nested(schema_class(typing.cast(type, kind)), **_worded(options, type="应为一个 JSON 对象。"))
    if kind not in PLAIN:
        raise TypeError(f"{kind} cannot cross the wire; see wire/contracts/shape.py for what can")
    return PLAIN[kind][0](metadata=metadata, **options)


def _worded(options: dict, **more: str) -> dict:
    return options | {"error_messages": CHINESE | more}


_classes: dict[type, type[ma.Schema]] = {}
_readers: dict[tuple[type, bool], Callable[[Any], Any]] = {}
_schemas: dict[tuple[type, bool], ma.Schema] = {}
_dumpers: dict[type, Callable[[Any], dict]] = {}
_straight: dict[type, bool] = {}


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
