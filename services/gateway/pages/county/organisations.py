"""Organisations, searched, narrowed and paged."""
from flask import render_template, request
from wire.contracts.roster import ORGANISATION_KINDS, ORGANISATION_STATES, SECTORS, ListOrganisations, ListSystems

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.county import county

#: what a list of organisations is narrowed by, and by which words
CHOICES = {"kind": ORGANISATION_KINDS, "sector": SECTORS, "state": ORGANISATION_STATES}


@county.get("/organisations")
def organisations():
    """By name, code or pinyin initials; narrowed by kind, sector, system and state."""
    organisation_id, search = here.place("roster.list_organisations"), request.args.get("search", "").strip()[:60]
    wanted = {name: word for name in ("kind", "sector", "state") if (word := request.args.get(name, "")) in CHOICES[name]}
    system_id = request.args.get("system", "")[:80]
    page = clients.call(ListOrganisations(organisation_id=organisation_id, search=search, after=request.args.get("after", "")[:2000],
                                          system_id=system_id, limit=here.ROWS, **{"state": "active"} | wanted))
    systems = {one.system_id: one.name for one in clients.call(ListSystems(organisation_id=organisation_id))}
    filters = {name: word for name, word in {**wanted, "system": system_id, "search": search}.items() if word}
    return render_template("county/organisations.html", organisation_id=organisation_id, search=search, page=page, systems=systems,
                           filters=filters)
