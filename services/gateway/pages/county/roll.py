"""Who is here: organisations as a tree, members by surname, both searched and paged."""
from flask import render_template, request
from wire.contracts.roster import ListMembers, ListOrganisations

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.county import county


@county.get("/organisations")
def organisations():
    organisation_id, search = here.place("roster.list_organisations"), request.args.get("search", "").strip()[:60]
    page = clients.call(ListOrganisations(organisation_id=organisation_id, search=search, after=request.args.get("after", "")[:2000]))
    return render_template("county/organisations.html", organisation_id=organisation_id, search=search, page=page)


@county.get("/members")
def members():
    """By name, code or pinyin initials."""
    organisation_id, search = here.place("roster.list_members"), request.args.get("search", "").strip()[:60]
    page = clients.call(ListMembers(organisation_id=organisation_id, search=search, after=request.args.get("after", "")[:400]))
    return render_template("county/members.html", organisation_id=organisation_id, search=search, page=page)
