"""An organisation 党组织 and its place in the tree: one root, and which kind may stand under which.

Beside the territory it may belong to a system 条线 (A20).  It ends by being dissolved 撤销 or merged 并入 into another, and
its code is never used again; what was done in its time stays attributed to it.
"""
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.roster.domain.refusals import RootStays
from services.roster.domain.versioned import Versioned

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
#: forms of a branch: 普通, 联合, 临时, 功能型; every other kind is ordinary
ORDINARY = "ordinary"
#: it came with a spreadsheet that was taken back: entered again, it is back
TAKEN_BACK = "撤销导入"
BACK: dict[str, Any] = {"state": "active", "ended_on": None, "ended_because": ""}
#: levels in the tree; ten are more than any county has
DEEPEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Versioned):
    """``path`` is the ids from the root down to itself, ``/org_a/org_b/``.

    ``extended_until`` 延期换届: the day to which its term was extended, with the reason.  ``merged_into`` is the organisation
    it became part of.
    """

    id: str
    code: str
    name: str
    kind: str
    sector: str
    parent_id: str | None
    path: str
    form: str = ORDINARY
    system_id: str = ""
    founded_on: date | None = None
    re_elected_on: date | None = None
    extended_until: date | None = None
    extension_reason: str = ""
    state: str = "active"
    merged_into: str = ""
    ended_on: date | None = None
    ended_because: str = ""

    def told_again(self, **what: Any) -> "Organisation":
        """As of everything with versions; a new election ends an extension of the term before."""
        if what.get("re_elected_on", self.re_elected_on) != self.re_elected_on:
            what = {"extended_until": None, "extension_reason": ""} | what
        # no super(): a class with slots is made anew, and a method made before knows the first one only
        return Versioned.told_again(self, **what)

    @property
    def active(self) -> bool:
        return self.state == "active"

    @property
    def may_come_back(self) -> bool:
        """Whether a line with its code is about it; a code of one that ended in earnest is never used again."""
        return self.active or self.ended_because == TAKEN_BACK

    def end(self, on: date, because: str, *, merged_into: str = "") -> "Organisation":
        """Dissolved 撤销, or merged 并入 into another.  Refuses for the county committee, on which all hangs."""
        if self.parent_id is None:
            raise RootStays
        return self.told_again(state="merged" if merged_into else "dissolved", merged_into=merged_into, ended_on=on,
                               ended_because=because)


def root(*, id: str, code: str, name: str) -> Organisation:
    """The county committee 县委 above everything."""
    return Organisation(id=id, code=code, name=name, kind=ROOT_KIND, sector="government", parent_id=None, path=f"/{id}/")
