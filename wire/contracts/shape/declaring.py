"""How a shape is declared: a frozen dataclass whose fields say their limits and their Chinese labels."""
import dataclasses
from typing import Any, dataclass_transform

from wire.contracts import quick

TEXT_LIMIT = 4000
LIST_LIMIT = 100_000


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
