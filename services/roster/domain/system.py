"""A system 条线 such as education or health: the second grouping of organisations, beside the territory (A20)."""
from dataclasses import dataclass

from services.roster.domain.refusals import NameTaken
from services.roster.domain.versioned import Versioned


@dataclass(frozen=True, slots=True, kw_only=True)
class System(Versioned):
    """``organisation_id`` guides it: whoever may look there may look at every organisation of the system."""

    id: str
    name: str
    organisation_id: str
    state: str = "active"

    @property
    def active(self) -> bool:
        return self.state == "active"


def keep_names_apart(one: System, others: list[System]) -> None:
    """Refuse a name that another system has or had: figures of two would be read as one."""
    for other in others:
        if other.id != one.id and other.name == one.name:
            raise NameTaken(one.name)
