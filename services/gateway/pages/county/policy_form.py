"""A policy document on a page: its form without JavaScript, its values in words, and what a change changes.

Lists are written one a line; rows have two empty lines more, and a row whose first cell is empty is left out.
"""
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from wire.contracts.policies import PolicyColumn, PolicyContent, PolicyField
from werkzeug.datastructures import MultiDict

from services.gateway.pages import forms
from services.gateway.pages.policy_values import said

#: empty lines under the rows
SPARE = 2
_TYPES = {"whole": int, "decimal": Decimal, "truth": bool, "day": date, "text": str, "choice": str}


@dataclass(frozen=True, slots=True)
class Change:
    """A field that would change, with what it says now and what it would say."""

    label: str
    now: str
    then: str


def values_of(content: PolicyContent) -> dict[str, Any]:
    """The document's values, as JSON."""
    return json.loads(content.body)


def written(values: Mapping[str, Any]) -> str:
    """The values as the body of a proposal."""
    return json.dumps(values, ensure_ascii=False)


def typed(fields: tuple[PolicyField, ...], form: MultiDict[str, str]) -> dict[str, Any]:
    """What the form says, as JSON values.  What does not fit stays as it was typed: the service says what is wrong."""
    return {field.name: _rows(field, form) if field.kind == "rows" else _cell(field, f"f.{field.name}", form) for field in fields}


def _rows(field: PolicyField, form: MultiDict[str, str]) -> list[dict[str, Any]]:
    numbers = sorted({int(part) for name in form if name.startswith(f"f.{field.name}.") and (part := name.split(".")[2]).isdecimal()})
    found = []
    for number in numbers[:1000]:
        row = {column.name: _cell(column, f"f.{field.name}.{number}.{column.name}", form) for column in field.columns}
        if row[field.columns[0].name] not in ("", None):
            found.append(row)
    return found


def _cell(column: PolicyColumn, name: str, form: MultiDict[str, str]) -> Any:
    if column.many and column.kind == "choice":
        return form.getlist(name)
    word = form.get(name, "")
    if column.many:
        return [_value(column, line) for line in word.splitlines() if line.strip()]
    if column.optional and not word.strip():
        return None
    return _value(column, word)


def _value(column: PolicyColumn, word: str) -> Any:
    return forms.value(_TYPES[column.kind], word.strip())


def lines(value: Any) -> str:
    """A list as it stands in a text field: one a line."""
    return "\n".join(str(one) for one in value or ())


def with_spare(field: PolicyField, rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows and the empty lines under them: every cell is there and says nothing, whatever a mapping has by its name."""
    return [*rows, *({column.name: "" for column in field.columns} for _ in range(SPARE))]


def changes(fields: tuple[PolicyField, ...], now: Mapping[str, Any], then: Mapping[str, Any]) -> list[Change]:
    """Field by field, rows line by line, what would be different."""
    return [change for field in fields for change in _changed(field, now.get(field.name), then.get(field.name))]


def _changed(field: PolicyField, now: Any, then: Any) -> Iterator[Change]:
    if now == then:
        return
    if field.kind != "rows":
        yield Change(field.label, said(field, now), said(field, then))
        return
    key = field.columns[0]
    before, after = ({row[key.name]: row for row in rows or ()} for rows in (now, then))
    for name in dict.fromkeys([*before, *after]):
        was, will = before.get(name), after.get(name)
        if was != will:
            yield Change(f"{field.label}：{said(key, name)}", _line(field, was), _line(field, will))
    if list(before) != list(after) and set(before) == set(after):
        yield Change(f"{field.label}的次序", *("、".join(said(key, name) for name in rows) for rows in (before, after)))


def _line(field: PolicyField, row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "（没有这一项）"
    return "，".join(f"{column.label} {said(column, row[column.name])}" for column in field.columns[1:])
