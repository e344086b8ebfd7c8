"""Writing a pledge 提诺: several items at once, hints 起草提示 after saving, nothing typed is ever lost.

The form shows blank item rows; 再加一项 sends what is typed and comes back with one row more.  Rows left blank are passed
over.
"""
from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from wire.contracts.calls import Away, Forbidden
from wire.contracts.pledge import DraftPledge, PledgeView, ReadCoverage, ReadPledge, SaveDraft, SubmitPledge
from wire.contracts.roster import ListMembers

from services.gateway import clients
from services.gateway.pages import forms, here
from services.gateway.pages.branch import desk

FIELDS = ("item_id", "matter", "category", "source", "measure", "target", "responsible", "deadline_on")
BLANK, MOST = 3, 20


@desk.get("/pledges/new")
def new():
    return new_page()


@desk.post("/pledges/new")
def draft():
    """Begin a pledge; the same form sent twice begins one."""
    if "add" in request.form:
        return new_page()
    pledge, refusal = forms.attempt(DraftPledge, items=rows(request.form))
    return forms.done(refusal, url_for("desk.edit", pledge_id=pledge.pledge_id, done="saved") if pledge else "", new_page)


@desk.get("/pledges/<pledge_id>/edit")
def edit(pledge_id: str):
    pledge = clients.call(ReadPledge(pledge_id=pledge_id))
    if pledge.state not in ("drafted", "returned"):
        return redirect(url_for("desk.pledge", pledge_id=pledge_id))
    return edit_page(pledge)


@desk.post("/pledges/<pledge_id>/edit")
def save(pledge_id: str):
    """Replace the items of the draft, and submit it when asked to."""
    def page() -> str:
        return edit_page(clients.call(ReadPledge(pledge_id=pledge_id)))

    if "add" in request.form:
        return page()
    _, refusal = forms.attempt(SaveDraft, pledge_id=pledge_id, items=rows(request.form))
    if refusal is None and "submit" in request.form:
        _, refusal = forms.attempt(SubmitPledge, {}, pledge_id=pledge_id)
        return forms.done(refusal, url_for("desk.pledge", pledge_id=pledge_id, done="submitted"), page)
    return forms.done(refusal, url_for("desk.edit", pledge_id=pledge_id, done="saved"), page)


def new_page() -> str:
    organisation_id = forms.shown("organisation_id") or here.place("pledge.draft")
    own = here.actor().member_id
    return render_template(
        "desk/draft.html", pledge=None, organisation_id=organisation_id, year=forms.shown("year") or here.year(),
        people=people(organisation_id) if here.may("pledge.draft", organisation_id) else {own: here.actor().name},
        member_id=forms.shown("member_id", request.args.get("member", "")), rows=shown_rows(()), hints={})


def edit_page(pledge: PledgeView) -> str:
    hints: dict[str, list[str]] = {}
    for hint in pledge.hints:
        hints.setdefault(hint.item_id, []).append(hint.sentence)
    return render_template("desk/draft.html", pledge=pledge, organisation_id=pledge.organisation_id, year=pledge.year,
                           rows=shown_rows(pledge.items), hints=hints)


def people(organisation_id: str) -> dict[str, str]:
    """Whom one may draft for: first who has not pledged, then everybody, and the organisation itself."""
    found: dict[str, str] = {}
    try:
        coverage = clients.call(ReadCoverage(organisation_id=organisation_id, year=here.year()))
        found.update((one.member_id, f"{one.name}（未承诺）") for one in coverage.uncovered)
        for one in clients.call(ListMembers(organisation_id=organisation_id, limit=500)).members:
            if one.organisation_id == organisation_id:
                found.setdefault(one.member_id, one.name)
    except (Away, Forbidden):
        if here.actor().member_id:
            found[here.actor().member_id] = here.actor().name
    return found


def rows(form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The item rows of a form as the call wants them; blank ones are passed over."""
    found = []
    for i in range(MOST):
        row = {name: form.get(f"items-{i}-{name}", "").strip() for name in FIELDS}
        if any(row[name] for name in FIELDS if name != "source"):
            row["deadline_on"] = row["deadline_on"] or None
            row["source"] = row["source"] or "own"
            found.append(row)
    return found


def shown_rows(items) -> list[dict[str, Any]]:
    """The rows of the form: what was typed, or the items as they are, and blank ones below."""
    if request.method == "POST":
        filled = rows(request.form)
        blank = 1 if "add" in request.form or filled else BLANK
    else:
        filled = [{name: getattr(item, name) for name in FIELDS} for item in items]
        blank = 1 if filled else BLANK
    empty = dict.fromkeys(FIELDS, "") | {"source": "own"}
    return (filled + [empty] * blank)[:MOST]
