"""Who looks after which organisation: contact points, divisions of work, leading groups (A15, A16)."""
from typing import Any

from flask import render_template, request
from wire.contracts.roster import ASSIGNMENT_KINDS, Assign, EndAssignment, ListAssignments, ListOrganisations

from services.gateway import clients
from services.gateway.pages import choosing, forms, here
from services.gateway.pages.tree import tree


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
    return _done(Assign, **choosing.meant())


@tree.post("/assignments/end")
def end_assignment():
    return _done(EndAssignment)


def _done(call: type, **given: Any):
    return forms.sent(call, "tree.assignments", "roster.list_assignments", assignments_page, **given)
