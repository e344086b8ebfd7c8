"""Elections 换届 of organisations that are overdue or due (A19)."""
from flask import render_template, request
from wire.contracts.roster import ListElections

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.tree import tree

STATES = ("overdue", "due", "unknown")


@tree.get("/elections")
def elections():
    """换届: the longest overdue first."""
    organisation_id, state = here.place("roster.list_elections"), request.args.get("state", "")
    page = clients.call(ListElections(organisation_id=organisation_id, state=state if state in STATES else "",
                                      after=request.args.get("after", "")[:20], limit=here.ROWS))
    return render_template("tree/elections.html", organisation_id=organisation_id, page=page, state=state)
