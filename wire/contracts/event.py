"""Declare an event once: a shape with a topic.  The registry is the house's whole vocabulary of facts.

Every event of an aggregate carries the same full shared state and its version; the event's name only says what
happened.  So nothing is asked back, repeats and reordering are harmless.
"""
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, dataclass_transform

from wire.contracts.shape import bounded, dump, load, shape, text

registry: dict[str, type["Facts"]] = {}


@shape
class Facts:
    """What every event tells besides its own state: which version of the aggregate, who acted, when, how far it may be shown."""

    topic: ClassVar[str] = ""
    stream: ClassVar[str] = ""
    #: name of the field that holds the aggregate's id
    key: ClassVar[str] = ""

    version: int = bounded(1, 2**31)
    acted_by: str = text(80)
    acted_by_name: str = text(80)
    acted_at: datetime
    #: society 社会, members 全县党员, unit 本单位或本村, branch 本支部
    scope: str = text(20, default="branch")

    @property
    def subject(self) -> str:
        return getattr(self, self.key)


@dataclass_transform(kw_only_default=True, frozen_default=True)
def event(topic: str, *, key: str) -> Callable[[type], type]:
    """Declare an event under ``<service>.<thing>.<past verb>.v<N>``; ``key`` names the aggregate's id field.

    A topic declared twice is refused: an event has one declaration in the house.
    """
    service, thing, verb, edition = topic.split(".")
    if not edition.startswith("v") or not edition[1:].isdigit() or not verb:
        raise ValueError(f"{topic} is not <service>.<thing>.<past verb>.v<N>")

    def declare(cls: type) -> type:
        if topic in registry:
            raise ValueError(f"{topic} is declared twice: {registry[topic].__name__} and {cls.__name__}")
        made: type[Facts] = shape(cls)
        made.topic, made.stream, made.key = topic, f"{service}.{thing}", key
        registry[topic] = made
        return made

    return declare


def facts_of(event_: Facts) -> dict[str, Any]:
    """The event's data as JSON values."""
    return dump(event_)


def read(topic: str, data: dict[str, Any]) -> Facts:
    """The event of that topic; unknown fields are passed over.  Raises Malformed; KeyError for an unknown topic."""
    return load(registry[topic], data, lenient=True)
