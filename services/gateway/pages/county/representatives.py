"""Representatives 评议代表库: by organisation and stratum; a phone is shown in clear at a press only, and the press is logged (X18, X21)."""
from typing import Any

from flask import render_template, request
from wire.contracts import roster as r
from wire.contracts.calls import Refusal

from services.gateway import clients
from services.gateway.pages import forms, here
from services.gateway.pages.county import county


@county.get("/representatives")
def representatives():
    return representatives_page()


def representatives_page(seen: r.RepresentativePhone | None = None) -> str:
    """The list with its forms; ``seen``: the one phone that was asked for."""
    organisation_id, said = here.place("roster.list_representatives"), request.args
    wanted: dict[str, Any] = {"search": said.get("search", "").strip()[:60], "stratum": said.get("stratum", "")[:40],
                              "state": "ended" if said.get("state") == "ended" else "active"}
    page = clients.call(r.ListRepresentatives(organisation_id=organisation_id, after=said.get("after", "")[:400], limit=here.ROWS, **wanted))
    return render_template("people/representatives.html", organisation_id=organisation_id, page=page, seen=seen,
                           strata={one.stratum: one.name for one in page.strata}, filters={k: v for k, v in wanted.items() if v}, **wanted)


@county.post("/representatives")
def register_representative():
    return _done(r.RegisterRepresentative)


@county.post("/representatives/change")
def change_representative():
    return _done(r.ChangeRepresentative)


@county.post("/representatives/end")
def end_representative():
    return _done(r.EndRepresentative)


@county.post("/representatives/phone")
def see_phone():
    """Asked for by a press, never by opening a page; it stands in no address."""
    try:
        seen = clients.call(r.ReadRepresentativePhone(representative_id=request.form.get("representative_id", "")[:80]))
    except Refusal as refusal:
        return forms.again(refusal, representatives_page)
    return representatives_page(seen)


def _done(call: type):
    return forms.sent(call, "county.representatives", "roster.list_representatives", representatives_page)
