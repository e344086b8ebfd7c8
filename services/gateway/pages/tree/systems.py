"""Systems 条线 beside the tree, with their counts (A20)."""
from flask import render_template, request
from wire.contracts.roster import DefineSystem, EndSystem, ListOrganisations, ReadSystem

from services.gateway import clients
from services.gateway.pages import forms, here
from services.gateway.pages.tree import tree
from services.gateway.pages.tree.organisation import systems_at

#: kinds of organisations a system is guided by
GUIDING = ("county_committee", "committee", "leading_group", "general_branch")


@tree.get("/systems")
def systems():
    return systems_page()


def systems_page() -> str:
    organisation_id = here.place("roster.list_systems")
    find = request.values.get("find", "").strip()[:60]
    guides = [one for kind in GUIDING for one in clients.call(
        ListOrganisations(organisation_id=organisation_id, search=find, kind=kind, limit=200)).organisations
        ] if here.may("roster.define_system", organisation_id) else ()
    return render_template("tree/systems.html", organisation_id=organisation_id, systems=systems_at(organisation_id), find=find,
                           guides={one.organisation_id: one.name for one in guides})


@tree.post("/systems")
def define_system():
    return _done(DefineSystem)


@tree.post("/systems/end")
def end_system():
    return _done(EndSystem)


@tree.get("/systems/<system_id>")
def system(system_id: str):
    """Every organisation of a system, wherever it stands."""
    found = clients.call(ReadSystem(system_id=system_id[:80], after=request.args.get("after", "")[:2000], limit=here.ROWS))
    return render_template("tree/system.html", found=found)


def _done(call: type):
    return forms.sent(call, "tree.systems", "roster.list_systems", systems_page)
