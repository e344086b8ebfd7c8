"""Who holds which position in an organisation, and the superior's page of what waits for confirmation (X45)."""
from flask import render_template, request
from wire.contracts import roster as r

from services.gateway import clients
from services.gateway.pages import choosing, forms, here
from services.gateway.pages.county import county


@county.get("/positions")
def positions():
    return positions_page()


def positions_page() -> str:
    organisation_id = here.place("roster.list_positions")
    ended = request.args.get("ended") == "1"
    held = clients.call(r.ListPositions(organisation_id=organisation_id, ended=ended))
    search = request.values.get("search", "").strip()[:60]
    members = choosing.Choice({})
    if here.may("roster.appoint", organisation_id):
        members = choosing.people(organisation_id, search, chosen=forms.shown("member_id")[:80], kind="member")
    return render_template("people/positions.html", organisation_id=organisation_id, positions=held, members=members, search=search,
                           ended=ended, POSITIONS=r.POSITIONS)


@county.post("/positions")
def appoint():
    """任职; what decides waits for the superior."""
    return forms.sent(r.Appoint, "county.positions", "roster.list_positions", positions_page, word="appointed", **choosing.meant())


@county.post("/positions/end")
def end_position():
    """免职: its grants stop working at once (X49)."""
    return forms.sent(r.EndPosition, "county.positions", "roster.list_positions", positions_page, word="relieved")


@county.get("/confirmations")
def confirmations():
    return confirmations_page()


def confirmations_page() -> str:
    """A page of what waits; what somebody else has to confirm is listed without a box to tick."""
    organisation_id, search = here.place("roster.list_waiting"), request.values.get("search", "").strip()[:60]
    page = clients.call(r.ListWaiting(organisation_id=organisation_id, search=search, after=request.args.get("after", "")[:2400], limit=here.ROWS))
    mine = [one.grant_id for one in page.items
            if here.may("roster.confirm_grants", one.organisation_id) and one.person_id != here.actor().person_id]
    return render_template("people/confirmations.html", organisation_id=organisation_id, page=page, mine=mine, search=search)


@county.post("/confirmations")
def confirm():
    """Those that are ticked, or on the other button all that were shown: all of them, or none."""
    wanted = request.form.getlist("shown" if "all" in request.form else "grant_ids")
    return forms.sent(r.ConfirmGrants, "county.confirmations", "roster.list_waiting", confirmations_page, word="confirmed", grant_ids=wanted)
