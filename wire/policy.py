"""Policy documents (政策文件): every number, scale, formula and weight of the rules, in force for a part of the tree.

A document is a frozen dataclass whose fields all have defaults, the first of them ``version``; the defaults are the
house's own reading of the rules.  A service names its documents in its ``Bus(…, policies=(…,))``, which registers them.
A document checks itself in ``__post_init__`` and raises ValueError, so that no unit ever sees one that cannot be.
"""
import dataclasses
from datetime import date
from typing import TypeVar

P = TypeVar("P")
registry: dict[str, type] = {}


class NoPolicy(Exception):
    """The document was never registered: no service names it among its policies."""


def register(service: str, document: type) -> None:
    """Make a document known as ``<service>.<ClassName>``.  A second call with the same document changes nothing.

    Refuses, with TypeError, what is no frozen dataclass, lacks a default or a ``version``; with ValueError, defaults
    that do not pass the document's own check, and a name already taken by another document.
    """
    if not dataclasses.is_dataclass(document) or not document.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise TypeError(f"{document.__name__} is no frozen dataclass")
    fields = {f.name: f for f in dataclasses.fields(document)}
    bare = [n for n, f in fields.items() if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING]
    if bare:
        raise TypeError(f"{document.__name__} has no default for {', '.join(bare)}")
    if "version" not in fields:
        raise TypeError(f"{document.__name__} has no version")
    document()
    name = f"{service}.{document.__name__}"
    known = registry.get(name, document)
    if (known.__module__, known.__qualname__) != (document.__module__, document.__qualname__):
        raise ValueError(f"{name} is already another document")
    registry[name] = document


def in_force(document: type[P], organisation_id: str, on: date) -> P:
    """The document in force for this organisation on that day, with its ``version``; until one is adopted, the default.

    Raises NoPolicy for a document no service registered.
    """
    if document not in registry.values():
        raise NoPolicy(f"{document.__name__} is not registered; name it in Bus(…, policies=(…,))")
    return document()
