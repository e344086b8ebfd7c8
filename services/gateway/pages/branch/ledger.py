"""践诺台账: the items of the organisation and year, or of all below it, with deadline, progress and state."""
from flask import render_template, request
from wire.contracts.pledge import ReadLedger

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.branch import desk

FILTERS = {"": "全部状态", "open": "办理中", "due": "快到期", "late": "逾期", "claimed": "待核验", "fulfilled": "已兑现", "long": "长期"}


@desk.get("/ledger")
def ledger():
    """Narrowed, searched and paged without JavaScript; ``below`` takes in the organisations below, for who looks there, ``ended`` only what
    merged and dissolved ones left."""
    organisation_id, state = here.place("pledge.ledger"), request.args.get("state", "")
    asked = ReadLedger(
        organisation_id=organisation_id, year=here.year(), below=request.args.get("below") == "1" and here.looks_below(),
        public=request.args.get("public") == "1", ended=request.args.get("ended") == "1",
        state=state if state in FILTERS else "", search=request.args.get("search", "").strip()[:60],
        after=request.args.get("after", "")[:2400], limit=here.ROWS)
    return render_template("desk/ledger.html", organisation_id=organisation_id, asked=asked, found=clients.call(asked),
                           looks_below=here.looks_below(), filters=FILTERS)
