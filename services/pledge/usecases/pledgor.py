"""Whoever pledges, as the roll has them now: by their post and whereabouts a pledge is drafted and reviewed (A7–A12)."""
from collections.abc import Mapping
from typing import Any

from services.pledge.domain import leading
from services.pledge.domain.situation import Situation
from wire.contracts.pledge import Pledgor
from wire.contracts.ports import Unit

#: a row of the directory; None for an organisation, and for somebody the roll does not know
Member = Mapping[str, Any] | None


def member_of(unit: Unit, member_id: str) -> Member:
    """The pledgor's row of the roll."""
    return unit.directory.member(member_id) if member_id else None


def leads(unit: Unit, member_id: str) -> bool:
    """Whether the pledgor is a leading cadre 领导干部 now (A12); an organisation is none."""
    return leading.leads(member_of(unit, member_id))


def pledgor(unit: Unit, member: Member) -> Pledgor | None:
    """Post, duty and whereabouts, as they are told; None for no member."""
    if member is None:
        return None
    return Pledgor(
        member_id=member["id"], post=member["post"], post_kind=member["post_kind"], rank=member["rank"], duty=member["duty"],
        whereabouts=member["whereabouts"], home_id=member["organisation_id"], home_name=name_of(unit, member["organisation_id"]),
        inflow_name=name_of(unit, member["inflow_id"]))


def situation(unit: Unit, organisation_id: str, member: Member) -> Situation | None:
    """The same for the rules of drafting, of who pledges in this organisation."""
    if member is None:
        return None
    return Situation(
        name=member["name"], post_kind=member["post_kind"], post=member["post"], duty=member["duty"], whereabouts=member["whereabouts"],
        home=name_of(unit, member["organisation_id"]), here=name_of(unit, organisation_id),
        resides=organisation_id in second_places(unit, member) - first_places(unit, member))


def first_places(unit: Unit, member: Mapping[str, Any]) -> set[str]:
    """Where a member pledges: in their organisation; a floating member in that of the inflow place in the county instead (A7)."""
    return with_branch(unit, member["inflow_id"] or member["organisation_id"])


def second_places(unit: Unit, member: Mapping[str, Any]) -> set[str]:
    """Where they pledge a second time: the community that confirmed their report 双报到 (A9)."""
    return with_branch(unit, member["residence_id"]) if member["residence_confirmed_on"] else set()


def with_branch(unit: Unit, organisation_id: str) -> set[str]:
    """The organisation, and of a party group 党小组 its branch, which pledges for it too."""
    return {organisation_id, unit.directory.branch_of(organisation_id)}


def name_of(unit: Unit, organisation_id: str) -> str:
    """The organisation's name; empty for none."""
    found = unit.directory.organisation(organisation_id) if organisation_id else None
    return found["name"] if found else ""
