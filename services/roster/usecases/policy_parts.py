"""A policy over a whole part of the tree: asked once for every part that has its own, not for every organisation."""
from collections.abc import Callable
from typing import TypeVar

from services.roster.domain.organisation import Organisation
from wire.contracts.ports import Unit

P = TypeVar("P")
#: paths with what is in force there, the deepest first; the last is the part asked for
Parts = tuple[tuple[str, P], ...]


def parts_of(unit: Unit, document: type[P], above: Organisation) -> Parts:
    """What is in force today at an organisation and wherever below it something else was ever adopted."""
    places = unit.books.adoptions.places(f"roster.{document.__name__}", above.path)
    own = sorted(((path, unit.policy(document, id_)) for id_, path in places.items() if path != above.path), key=lambda part: -len(part[0]))
    return *own, (above.path, unit.policy(document, above.id))


def at(parts: Parts, path: str) -> P:
    """What is in force for an organisation among them."""
    return next(found for part, found in parts if path.startswith(part))


def by_place(unit: Unit, document: type[P]) -> Callable[[Organisation | None], P]:
    """What is in force for an organisation of the county, asked beforehand; for none, as for the whole county."""
    root = unit.books.organisations.root()
    if root is None:
        everywhere = unit.policy(document, "")
        return lambda place: everywhere
    parts = parts_of(unit, document, root)
    return lambda place: at(parts, (place or root).path)
