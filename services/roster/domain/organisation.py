"""An organisation 党组织 and its place in the tree: one root, and which kind may stand under which."""
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

ROOT_KIND = "county_committee"

#: kind -> the kinds it may stand under.  A leading group 党组 has no branches below it, a group 党小组 nothing at all.
STANDS_UNDER: dict[str, tuple[str, ...]] = {
    "county_committee": (),
    "committee": ("county_committee", "committee"),
    "leading_group": ("county_committee", "committee"),
    "general_branch": ("county_committee", "committee"),
    "branch": ("county_committee", "committee", "general_branch"),
    "group": ("branch",),
}
#: levels in the tree; ten are more than any county has
DEEPEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """``path`` is the ids from the root down to itself, ``/org_a/org_b/``; ``version`` counts from 1 per saved change."""

    id: str
    code: str
    name: str
    kind: str
    sector: str
    parent_id: str | None
    path: str
    founded_on: date | None = None
    re_elected_on: date | None = None
    state: str = "active"
    version: int = 1

    def told_again(self, **what: Any) -> "Organisation":
        """The same organisation with this said about it: itself where nothing changes, else its next version."""
        said = replace(self, **what)
        return self if said == self else replace(said, version=self.version + 1)


def root(*, id: str, code: str, name: str) -> Organisation:
    """The county committee 县委 above everything."""
    return Organisation(id=id, code=code, name=name, kind=ROOT_KIND, sector="government", parent_id=None, path=f"/{id}/")
