"""践诺台账: every item of the organisation and year with its deadline, progress and state; narrowed without JavaScript."""
from flask import render_template, request
from wire.contracts.pledge import ReadLedger

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.branch import desk
from services.gateway.pages.words import item_word

FILTERS = {"": "全部状态", "open": "办理中", "due": "快到期", "late": "逾期", "claimed": "待核验", "fulfilled": "已兑现", "long": "长期"}


@desk.get("/ledger")
def ledger():
    organisation_id = here.place("pledge.ledger")
    search, state = request.args.get("search", "").strip()[:60], request.args.get("state", "")
    found = clients.call(ReadLedger(organisation_id=organisation_id, year=here.year()))
    shown = [line for line in found if _fits(line, search, state)]
    return render_template("desk/ledger.html", organisation_id=organisation_id, year=here.year(), lines=shown, total=len(found),
                           search=search, state=state, looks_below=here.looks_below(), filters=FILTERS)


def _fits(line, search: str, state: str) -> bool:
    if search and search not in line.matter and search not in line.pledgor_name and search not in line.number:
        return False
    if state == "long":
        return line.deadline_on is None
    tone = item_word(line)[1]
    if state in ("open", "due"):
        return line.state != "claimed" and tone == state
    return not state or tone == {"fulfilled": "done"}.get(state, state) or (state == "claimed" and line.state == "claimed")
