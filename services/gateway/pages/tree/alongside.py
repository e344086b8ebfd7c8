"""Beside the tree: systems 条线 with their counts (A20), and who looks after which organisation (A15, A16)."""
from flask import render_template, request
from wire.contracts.roster import (
    ASSIGNMENT_KINDS, Assign, DefineSystem, EndAssignment, EndSystem, ListAssignments, ListOrganisations, ReadSystem,
)

from services.gateway import clients
from services.gateway.pages import choosing, forms, here
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
    return _systems(DefineSystem)


@tree.post("/systems/end")
def end_system():
    return _systems(EndSystem)


@tree.get("/systems/<system_id>")
def system(system_id: str):
    """Every organisation of a system, wherever it stands."""
    found = clients.call(ReadSystem(system_id=system_id[:80], after=request.args.get("after", "")[:2000], limit=here.ROWS))
    return render_template("tree/system.html", found=found)


@tree.get("/assignments")
def assignments():
    return assignments_page()


def assignments_page() -> str:
    """联系点, 分管, 定点联系, 领导小组: over what is at or below the organisation at hand."""
    organisation_id, kind = here.place("roster.list_assignments"), request.args.get("kind", "")
    search, find = request.args.get("search", "").strip()[:60], request.values.get("find", "").strip()[:60]
    page = clients.call(ListAssignments(organisation_id=organisation_id, kind=kind if kind in ASSIGNMENT_KINDS else "", search=search,
                                        past=request.args.get("past") == "1", after=request.args.get("after", "")[:2400], limit=here.ROWS))
    people, places = choosing.Choice({}), {}
    if here.may("roster.assign", organisation_id):
        people = choosing.people(organisation_id, find, chosen=forms.shown("member_id")[:80])
        places = {o.organisation_id: o.name for o in clients.call(
            ListOrganisations(organisation_id=organisation_id, search=request.values.get("where", "").strip()[:60], limit=200)).organisations}
    return render_template("tree/assignments.html", organisation_id=organisation_id, page=page, kind=kind, search=search, find=find,
                           people=people, places=places, past=request.args.get("past") == "1")


@tree.post("/assignments")
def assign():
    return _assignments(Assign)


@tree.post("/assignments/end")
def end_assignment():
    return _assignments(EndAssignment)


def _systems(call: type):
    return forms.sent(call, "tree.systems", "roster.list_systems", systems_page)


def _assignments(call: type):
    return forms.sent(call, "tree.assignments", "roster.list_assignments", assignments_page)
