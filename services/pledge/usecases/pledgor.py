"""Whoever pledges, as the roll has them now: by their post and whereabouts a pledge is drafted and reviewed (A8, A10–A12)."""
from services.pledge.domain import leading
from wire.contracts.pledge import Pledgor
from wire.contracts.ports import Unit


def pledgor(unit: Unit, member_id: str) -> Pledgor | None:
    """Post, duty and whereabouts of the member; None for an organisation, and for somebody the roll does not know."""
    member = unit.directory.member(member_id) if member_id else None
    if member is None:
        return None
    home, inflow = (unit.directory.organisation(member[at]) if member[at] else None for at in ("organisation_id", "inflow_id"))
    return Pledgor(
        post=member["post"], post_kind=member["post_kind"], rank=member["rank"], duty=member["duty"],
        whereabouts=member["whereabouts"], home_name=home["name"] if home else "", inflow_name=inflow["name"] if inflow else "")


def leads(unit: Unit, member_id: str) -> bool:
    """Whether the pledgor is a leading cadre 领导干部 now (A12); an organisation is none."""
    return leading.leads(unit.directory.member(member_id) if member_id else None)
