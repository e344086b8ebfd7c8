"""A member 党员, or somebody who takes part without being one: 预备党员, 入党积极分子, 非党干部."""
from dataclasses import dataclass, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """No phone number, no identity number.  ``sort_key`` orders by surname; ``initials`` finds by pinyin."""

    id: str
    code: str
    name: str
    sort_key: str
    initials: str
    kind: str
    organisation_id: str
    post: str = ""
    post_kind: str = "staff"
    joined_on: date | None = None
    state: str = "active"
    version: int = 1

    def told_again(self, **what: Any) -> "Member":
        """The same member with this said about them: themselves where nothing changes, else the next version."""
        said = replace(self, **what)
        return self if said == self else replace(said, version=self.version + 1)
