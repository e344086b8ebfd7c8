"""Positions 职务: who may hold which, how many of a kind at a time, and when one ends by itself."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.roster.domain.refusals import Incomplete, Refusal

#: one of them leads 第一责任人 (A14); the deputy in charge stands in where there is no secretary
HEADS = ("secretary", "deputy_in_charge")
#: one at a time; a first secretary 第一书记 stands beside the secretary
SINGLE = (*HEADS, "first_secretary")
#: of the committee itself: its members belong to the organisation, and leave the position with it
OF_THE_HOUSE = ("secretary", "deputy_in_charge", "deputy", "committee")
#: need not be members
OPEN = ("clerk", "liaison")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Held from a day on, by a member or, where that is open, by another person.  ``state``: held, ended, taken_back."""

    id: str
    organisation_id: str
    kind: str
    person_id: str
    person_name: str
    member_id: str
    from_on: date
    until_on: date | None = None
    state: str = "held"
    version: int = 1

    def end(self, on: date) -> "Position":
        """Over with that day; again, and where it never was, nothing changes."""
        if self.state != "held":
            return self
        if on < self.from_on:
            raise Incomplete("until_on", f"免职日期不能早于任职日期（{self.from_on}），请核对。")
        return replace(self, state="ended", until_on=on, version=self.version + 1)

    def take_back(self) -> "Position":
        """It was entered by mistake: it never was."""
        return replace(self, state="taken_back", version=self.version + 1)

    def reinstate(self) -> "Position":
        """It was ended by mistake: it is held as before."""
        return replace(self, state="held", until_on=None, version=self.version + 1)

    def given_over(self, person_id: str, name: str) -> "Position":
        """The same position of a member who was entered twice, or was taken for another person."""
        return replace(self, person_id=person_id, person_name=name, member_id=person_id, version=self.version + 1)


def room_for(kind: str, standing: Iterable[Position], labels: Mapping[str, str]) -> None:
    """Refuse a second secretary, deputy in charge or first secretary, and a deputy in charge beside a secretary: by name."""
    rivals = HEADS if kind in HEADS else (kind,) if kind in SINGLE else ()
    for position in standing:
        if position.kind in rivals:
            raise Taken(labels[kind], labels[position.kind], position.person_name)


def fit_to_hold(kind: str, member_kind: str, labels: Mapping[str, str]) -> None:
    """Only a full member leads or sits on the committee; ``member_kind`` is empty for somebody who is none."""
    if kind not in OPEN and member_kind != "member":
        raise MembersOnly(labels[kind])


class Taken(Refusal):
    """There is one already."""

    code = "position_taken"

    def __init__(self, wanted: str, held: str, holder: str):
        super().__init__(f"现任{held}是{holder}，不能再任命{wanted}；请先免去{holder}的职务，再办理任职。")


class MembersOnly(Refusal):
    code = "members_only"

    def __init__(self, label: str):
        super().__init__(f"{label}须由本县名册里的正式党员担任，请从名册中选一名正式党员。")
