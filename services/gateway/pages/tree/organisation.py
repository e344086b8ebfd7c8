"""The tree, opened level by level, and one organisation with all that belongs to it."""
from typing import Any

from flask import render_template, request
from wire.contracts.notice import ReadBoard
from wire.contracts.roster import (
    POSITIONS, ListAssignments, ListOrganisations, ListPositions, ListSystems, ListWorkplaces, ListZones, OrganisationView, ReadOrganisation,
    SystemView,
)

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.parts import part
from services.gateway.pages.tree import tree

#: of what stands beside an organisation its page shows so many; the rest is on pages of its own
SHOWN = 20


@tree.get("/")
def level():
    """An organisation and those directly under it; each opens the next level."""
    organisation_id = here.place("roster.list_organisations")
    above = clients.call(ReadOrganisation(organisation_id=organisation_id))
    page = clients.call(ListOrganisations(organisation_id=organisation_id, directly=True, after=request.args.get("after", "")[:2000], limit=200))
    return render_template("tree/level.html", one=above, page=page, way=way_to(above), systems=system_names(organisation_id))


@tree.get("/<organisation_id>")
def organisation(organisation_id: str):
    return organisation_page(organisation_id)


def organisation_page(organisation_id: str) -> str:
    """Facts, what hangs below, who holds which position, who looks after it, its zones, and what may be done with it."""
    one = clients.call(ReadOrganisation(organisation_id=organisation_id[:80]))
    parts: dict[str, Any] = {
        "below": clients.call(ListOrganisations(organisation_id=one.organisation_id, directly=True, limit=SHOWN)),
        "assignments": clients.call(ListAssignments(organisation_id=one.organisation_id, directly=True, past=True, limit=100)),
        "positions": (clients.call(ListPositions(organisation_id=one.organisation_id)) if here.may(
            "roster.list_positions", one.organisation_id) else None),
        "zones": clients.call(ListZones(organisation_id=one.organisation_id, limit=SHOWN)),
        "workplaces": clients.call(ListWorkplaces(organisation_id=one.organisation_id, limit=SHOWN))}
    found = others(one)
    # the form to merge says how many promises stay behind; without the board it says so without numbers
    board = part([], "公开栏", lambda: clients.call(ReadBoard(organisation_id=one.organisation_id, limit=1)),
                 refused=lambda refusal: None) if found else None
    return render_template("tree/organisation.html", one=one, board=board, way=way_to(one), systems=system_names(one.organisation_id),
                           others=found, find=_find(), POSITIONS=POSITIONS, **parts)


def others(one: OrganisationView) -> dict[str, str]:
    """Organisations it might be put under or merged into, found by what was looked for."""
    if not _find() or not here.may("roster.move_organisation", one.organisation_id):
        return {}
    place = next((held.organisation_id for held in here.grants() if here.may("roster.move_organisation", held.organisation_id)), "")
    found = clients.call(ListOrganisations(organisation_id=place, search=_find(), limit=200)).organisations
    return {other.organisation_id: f"{other.name}（{other.code}）" for other in found if other.organisation_id != one.organisation_id}


def way_to(one: OrganisationView) -> list[tuple[str, str]]:
    """The organisations above it that the person may see, from the highest down."""
    above = one.path.strip("/").split("/")[:-1]
    return [(found, here.organisation_name(found)) for found in above if here.may("roster.read_organisation", found)]


def system_names(organisation_id: str) -> dict[str, str]:
    return {system.system_id: system.name for system in systems_at(organisation_id)}


def systems_at(organisation_id: str) -> tuple[SystemView, ...]:
    """Every system, counted at or below an organisation."""
    return clients.call(ListSystems(organisation_id=organisation_id))


def _find() -> str:
    return request.values.get("find", "").strip()[:60]
