"""The kinds of values a field may have: each refuses what JSON lets through but no database should hold, in a Chinese sentence."""
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import marshmallow as ma

from wire.contracts.shape.declaring import TEXT_LIMIT


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


#: the field of a type, and how a value of it is written
PLAIN: dict[type, tuple[type[ma.fields.Field], Callable | None]] = {
    str: (Text, None),
    int: (Whole, None),
    bool: (Truth, None),
    Decimal: (Exact, lambda v: format(v, "f")),
    date: (Day, date.isoformat),
    datetime: (Instant, lambda v: v.astimezone(UTC).isoformat().replace("+00:00", "Z")),
}
