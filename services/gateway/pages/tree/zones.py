"""Zones 党员责任区, 先锋岗, 示范岗: a month's 三无 is entered in a row, and what is missing is seen at once (K1, K3)."""
from flask import render_template, request, url_for
from wire.contracts.roster import ChangeZone, EndZone, ListMembers, ListZones, OpenZone, RecordZoneMonth

from services.gateway import clients
from services.gateway.pages import forms, here
from services.gateway.pages.tree import tree


@tree.get("/zones")
def zones():
    return zones_page()


def zones_page() -> str:
    organisation_id = here.place("roster.list_zones")
    search, owing = request.args.get("search", "").strip()[:60], request.args.get("owing") == "1"
    page = clients.call(ListZones(organisation_id=organisation_id, search=search, owing=owing, after=request.args.get("after", "")[:2400]))
    people = {}
    if here.may("roster.open_zone", organisation_id):
        found = clients.call(ListMembers(organisation_id=organisation_id, limit=500)).members
        ours = [m for m in found if here.organisation(m.organisation_id) and m.organisation_id == organisation_id
                or (here.organisation(m.organisation_id) or {}).get("parent_id") == organisation_id]
        people = {m.member_id: m.name for m in ours if m.state == "active"}
    return render_template("tree/zones.html", organisation_id=organisation_id, page=page, search=search, owing=owing, people=people,
                           chosen=request.form.getlist("member_ids"), month=f"{here.today():%Y-%m}")


@tree.post("/zones")
def open_zone():
    return _done(OpenZone, member_ids=request.form.getlist("member_ids"))


@tree.post("/zones/change")
def change_zone():
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
    _, refusal = forms.attempt(call, **given)
    return forms.done(refusal, url_for("tree.zones", organisation=here.place("roster.list_zones"), done="saved"), zones_page)
