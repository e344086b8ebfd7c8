"""A system 条线 such as education or health: the second grouping of organisations, beside the territory (A20)."""
from dataclasses import dataclass, replace
from typing import Any

from services.roster.domain.refusals import NameTaken


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """``organisation_id`` guides it: whoever may look there may look at every organisation of the system."""

    id: str
    name: str
    organisation_id: str
    state: str = "active"
    version: int = 1

    @property
    def active(self) -> bool:
        return self.state == "active"

    def told_again(self, **what: Any) -> "System":
        """Itself where nothing changes, else its next version."""
        said = replace(self, **what)
        return self if said == self else replace(said, version=self.version + 1)


def keep_names_apart(one: System, others: list[System]) -> None:
    """Refuse a name that another system has or had: figures of two would be read as one."""
    for other in others:
        if other.id != one.id and other.name == one.name:
            raise NameTaken(one.name)
