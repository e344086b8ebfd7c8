"""Who looks after which organisation beside its own people: 联系点, 分管, 定点联系 and the leading group 领导小组 (A15, A16).

Whoever is assigned follows, helps and reports; judging needs a grant, and none follows from this.
"""
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from services.roster.domain.refusals import Incomplete, Refusal

CONTACT_POINT, FIXED_CONTACT, HEAD = "contact_point", "fixed_contact", "group_head"
#: of these an organisation has one at a time
ALONE = (HEAD,)
#: Party-affairs cadres are each assigned a branch (A16)
CONTACTED = ("branch", "general_branch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """``rank``: the person's rank at the time, which statistics ask for; ``until`` is the last day, None while it goes on."""

    id: str
    kind: str
    organisation_id: str
    person_id: str
    person_name: str
    member_id: str
    rank: str = ""
    since: date
    until: date | None = None
    version: int = 1

    def end(self, on: date) -> "Assignment":
        """Over from that day on; a second end changes nothing.  Refuses a day before it began."""
        if self.until is not None:
            return self
        if on < self.since:
            raise Incomplete("until", f"这项分工从 {self.since} 开始，结束日期不能更早，请核对。")
        return replace(self, until=on, version=self.version + 1)

    def resumed(self) -> "Assignment":
        """It never ended: what ended it was taken back."""
        return replace(self, until=None, version=self.version + 1)

    def carried_to(self, organisation_id: str) -> "Assignment":
        """The same over the organisation that this one became part of."""
        return replace(self, organisation_id=organisation_id, version=self.version + 1)

    def given_over(self, person_id: str, name: str) -> "Assignment":
        """The same of a member who was entered twice, or was taken for another person."""
        return replace(self, person_id=person_id, person_name=name, member_id=person_id, version=self.version + 1)


def check(new: Assignment, standing: Iterable[Assignment], kind_of_place: str, labels: dict[str, str]) -> None:
    """Refuse a fixed contact with what is no branch, and a second head of one leading group."""
    if new.kind == FIXED_CONTACT and kind_of_place not in CONTACTED:
        raise Incomplete("organisation_id", "定点联系的对象应是党支部或党总支，请重新选择。")
    for other in standing:
        if new.kind in ALONE and other.kind == new.kind and other.until is None:
            raise AlreadyHeld(labels[new.kind], other.person_name)


class AlreadyHeld(Refusal):
    code = "already_held"

    def __init__(self, label: str, name: str):
        super().__init__(f"{label}现在是{name}，同时只能有一位；请先结束现任，再登记新的。")
