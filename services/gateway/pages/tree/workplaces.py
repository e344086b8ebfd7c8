"""New units 新单位, and which of them no organisation covers in time (A17)."""
from flask import render_template, request
from wire.contracts.roster import CloseWorkplace, CoverWorkplace, ListOrganisations, ListWorkplaces, RegisterWorkplace

from services.gateway import clients
from services.gateway.pages import forms, here
from services.gateway.pages.tree import tree

WAYS = ("overdue", "waiting", "covered", "closed")


@tree.get("/workplaces")
def workplaces():
    return workplaces_page()


def workplaces_page() -> str:
    """新单位: those that nothing covers first."""
    organisation_id, state = here.place("roster.list_workplaces"), request.args.get("state", "")
    search, find = request.args.get("search", "").strip()[:60], request.values.get("find", "").strip()[:60]
    page = clients.call(ListWorkplaces(organisation_id=organisation_id, state=state if state in WAYS else "", search=search,
                                       after=request.args.get("after", "")[:2400], limit=here.ROWS))
    by = clients.call(ListOrganisations(organisation_id=organisation_id, search=find, limit=200)).organisations if any(
        one.state in ("overdue", "waiting") for one in page.workplaces) else ()
    return render_template("tree/workplaces.html", organisation_id=organisation_id, page=page, state=state, search=search, find=find,
                           covering={one.organisation_id: f"{one.name}（{one.code}）" for one in by if one.kind != "group"})


@tree.post("/workplaces")
def register_workplace():
    return _done(RegisterWorkplace)


@tree.post("/workplaces/cover")
def cover_workplace():
    return _done(CoverWorkplace)


@tree.post("/workplaces/close")
def close_workplace():
    return _done(CloseWorkplace)


def _done(call: type):
    return forms.sent(call, "tree.workplaces", "roster.list_workplaces", workplaces_page)
