"""What a policy document is: a frozen dataclass whose fields all have defaults, one of them ``version``.

The defaults are the house's own reading of the rules.  A service names its documents in its ``Bus(…, policies=(…,))``,
which registers them.  ``title`` (a ClassVar) is its Chinese name, ``Annotated[int, "每项须几人审过"]`` the label of a field;
a ``Literal`` says what may be chosen.  A document checks itself in ``__post_init__`` and raises
``ValueError("至少要有一名审诺人。", "reviewers_needed")``, so that no unit ever sees one that cannot be.
"""
import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar, Union

from wire.contracts.policies import PolicyColumn, PolicyField
from wire.contracts.shape import Malformed, load_slowly, schema_class

P = TypeVar("P")
#: every document of the services in this process by ``<service>.<ClassName>``
registry: dict[str, type] = {}

TOGETHER = "这些数字合在一起不成立，请核对后改正。"
_KINDS: dict[Any, Literal["text", "whole", "decimal", "truth", "day"]] = {
    str: "text", int: "whole", Decimal: "decimal", bool: "truth", date: "day"}


class NoPolicy(Exception):
    """The document was never registered: no service names it among its policies."""


def register(service: str, document: type) -> None:
    """Make a document known as ``<service>.<ClassName>``.  A second call with the same document changes nothing.

    Refuses, with TypeError, what is no frozen dataclass, lacks a default or a ``version``, or has a field that cannot be
    filled in; with ValueError, defaults that do not pass the document's own check, and a name already taken by another.
    """
    if not dataclasses.is_dataclass(document) or not document.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise TypeError(f"{document.__name__} is no frozen dataclass")
    fields = {f.name: f for f in dataclasses.fields(document)}
    bare = [n for n, f in fields.items() if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING]
    if bare:
        raise TypeError(f"{document.__name__} has no default for {', '.join(bare)}")
    if "version" not in fields:
        raise TypeError(f"{document.__name__} has no version")
    schema_class(document)
    form(document)
    document()
    name = f"{service}.{document.__name__}"
    known = registry.get(name, document)
    if (known.__module__, known.__qualname__) != (document.__module__, document.__qualname__):
        raise ValueError(f"{name} is already another document")
    registry[name] = document


def name_of(document: type) -> str:
    """``<service>.<ClassName>``.  Raises NoPolicy for a document no service registered."""
    for name, known in registry.items():
        if known is document:
            return name
    raise NoPolicy(f"{document.__name__} is not registered; name it in Bus(…, policies=(…,))")


def title_of(document: type) -> str:
    """Its Chinese name; one without is called by its class."""
    return vars(document).get("title") or document.__name__


def read(document: type[P], values: Any, *, version: str = "", lenient: bool = False) -> P:
    """The document with these values (JSON), the rest by default.  ``lenient`` passes over fields it has no longer.

    Raises Malformed with a Chinese sentence per field.
    """
    if not isinstance(values, Mapping):
        raise Malformed({"": "应为一个 JSON 对象。"})
    given = {name: value for name, value in values.items() if name != "version"}
    try:
        return load_slowly(document, given | ({"version": version} if version else {}), lenient=lenient)
    except ValueError as error:
        sentence, *at = error.args or ("",)
        said = TOGETHER if str(sentence).isascii() else str(sentence)
        raise Malformed({str(at[0]) if at else "": [said]}) from None


def body_of(document: Any) -> str:
    """The content as JSON text, the same for the same content: sorted, figures without needless zeros, no ``version``."""
    told = {f.name: _plain(getattr(document, f.name)) for f in dataclasses.fields(document) if f.name != "version"}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def digest(document: Any) -> str:
    """SHA-256 of the body, in hex."""
    return hashlib.sha256(body_of(document).encode()).hexdigest()


def form(document: type) -> tuple[PolicyField, ...]:
    """How the document is filled in, field by field.  Raises TypeError for what no form can show."""
    hints = typing.get_type_hints(document, include_extras=True)
    return tuple(_field(f.name, hints[f.name]) for f in dataclasses.fields(document) if f.name != "version")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        text = format(value, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return value.isoformat() if isinstance(value, date) else value


def _field(name: str, hint: Any) -> PolicyField:
    told, kind = _column(name, hint)
    if told["kind"] != "rows":
        return PolicyField(**told)
    hints = typing.get_type_hints(kind, include_extras=True)
    columns = [_column(f.name, hints[f.name])[0] for f in dataclasses.fields(kind)]
    if any(c["kind"] == "rows" for c in columns):
        raise TypeError(f"{kind.__name__}: rows within rows fit no form")
    return PolicyField(**told, columns=tuple(PolicyColumn(**c) for c in columns))


def _column(name: str, hint: Any) -> tuple[dict[str, Any], Any]:
    """What a column says, and the type of one value in it."""
    told: dict[str, Any] = {"name": name, "label": name}
    while True:
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin is Annotated:
            told["label"], hint = next((a for a in inner[1:] if isinstance(a, str)), told["label"]), inner[0]
        elif origin in (Union, types.UnionType):
            told["optional"], hint = True, next(a for a in inner if a is not type(None))
        elif origin is tuple and len(inner) == 2 and inner[1] is ... and not told.get("many"):
            told["many"], hint = True, inner[0]
        else:
            break
    if typing.get_origin(hint) is Literal:
        return told | {"kind": "choice", "choices": typing.get_args(hint)}, hint
    if dataclasses.is_dataclass(hint) and told.get("many"):
        return told | {"kind": "rows"}, hint
    if hint not in _KINDS:
        raise TypeError(f"{name}: {hint} fits no form; see wire/policy/documents.py for what does")
    return told | {"kind": _KINDS[hint]}, hint
