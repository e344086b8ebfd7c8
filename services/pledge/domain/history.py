"""A line of a pledge's history: who did what, when; both names where somebody wrote for the pledgor (代录)."""
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Line:
    """``what`` is the topic of an event, or the name of a change that is none."""

    at: datetime
    person_id: str
    by_name: str
    what: str
