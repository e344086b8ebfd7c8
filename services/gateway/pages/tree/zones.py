"""Zones 党员责任区, 先锋岗, 示范岗: a month's 三无 is entered in a row, and what is missing is seen at once (K1, K3)."""
from flask import render_template, request
from wire.contracts.roster import ChangeZone, EndZone, ListZones, OpenZone, RecordZoneMonth

from services.gateway import clients
from services.gateway.pages import choosing, forms, here
from services.gateway.pages.tree import tree

#: keepers of a zone shown again in a form that comes back
MOST = 200


@tree.get("/zones")
def zones():
    return zones_page()


def zones_page() -> str:
    organisation_id = here.place("roster.list_zones")
    search, owing = request.args.get("search", "").strip()[:60], request.args.get("owing") == "1"
    page = clients.call(ListZones(organisation_id=organisation_id, search=search, owing=owing, after=request.args.get("after", "")[:2400]))
    # the branch whose members are offered: that of the form at hand, else the page's own
    branch = request.form.get("branch", organisation_id)[:80]
    people, chosen = choosing.Choice({}), request.form.getlist("member_ids")[:MOST]
    if here.may("roster.open_zone", branch):
        people = choosing.own_people(branch, request.form.get("find", "").strip()[:60])
    ticked = {id_: words for id_ in chosen if (words := choosing.words_of(id_))}
    return render_template("tree/zones.html", organisation_id=organisation_id, page=page, search=search, owing=owing, branch=branch,
                           people=people, ticked=ticked, words_of=choosing.words_of, month=f"{here.today():%Y-%m}")


@tree.post("/zones")
def open_zone():
    """Set one up.  Looking for somebody keeps what is typed and ticked, here and in the form of a change."""
    if "look" in request.form:
        return zones_page()
    return _done(OpenZone, member_ids=request.form.getlist("member_ids"))


@tree.post("/zones/change")
def change_zone():
    if "look" in request.form:
        return zones_page()
    return _done(ChangeZone, member_ids=request.form.getlist("member_ids"))


@tree.post("/zones/end")
def end_zone():
    return _done(EndZone)


@tree.post("/zones/month")
def record_month():
    """三无 of one month: each is ticked where it held."""
    held = request.form.getlist("held")
    return _done(RecordZoneMonth, **{name: name in held for name in ("no_accident", "no_error", "no_breach")})


def _done(call: type, **given):
    return forms.sent(call, "tree.zones", "roster.list_zones", zones_page, **given)
