"""免诺: the list of who is exempt and why, what a branch proposes, and what the superior approves or refuses (A4).

Why is about age or health: it stands on the page of the one exemption alone, and the form is kept on no computer.
"""
from datetime import date
from typing import Any

from flask import abort, render_template, request, url_for
from wire.contracts.actor import Role
from wire.contracts.pledge import (
    EXEMPTION_STATES, ApproveExemption, ExemptionView, ListExemptions, ProposeExemption, ReadExemption, ReadExemptionRules,
    RefuseExemption, WithdrawExemption,
)

from services.gateway import clients
from services.gateway.pages import forms, here
from services.gateway.pages.branch import desk
from services.gateway.pages.branch.draft import OWN, people

#: what a form of an exemption's page does: its call, and the word for having done it
ACTS: dict[str, tuple[type, str]] = {
    "approve": (ApproveExemption, "exempted"), "refuse": (RefuseExemption, "not_exempted"), "withdraw": (WithdrawExemption, "withdrawn")}


@desk.get("/exemptions")
def exemptions():
    """Of one branch, or with all below it, as a superior sees it by default; ``waiting``: what one may decide oneself."""
    organisation_id, said = here.place("pledge.list_exemptions"), request.args
    below = said.get("below", "" if here.has_desk() else "1") == "1"
    state, search = said.get("state", ""), said.get("search", "").strip()[:60]
    state, waiting = state if state in EXEMPTION_STATES else "", said.get("waiting") == "1"
    page = clients.call(ListExemptions(organisation_id=organisation_id, state=state, below=below, to_decide=waiting, search=search,
                                       after=said.get("after", "")[:200], limit=here.ROWS))
    return render_template("desk/exemptions.html", organisation_id=organisation_id, page=page, state=state, search=search, below=below,
                           waiting=waiting)


@desk.get("/exemptions/new")
def new_exemption():
    return new_exemption_page()


@desk.post("/exemptions/new")
def propose_exemption():
    """The branch's decision, put before the superior; looking for the member keeps what is typed."""
    if "find" in request.form:
        return new_exemption_page()
    reply, refusal = forms.attempt(ProposeExemption)
    to = "" if refusal else url_for("desk.exemption", exemption_id=reply.exemption_id, done="proposed")
    return forms.done(refusal, to, new_exemption_page)


def new_exemption_page() -> str:
    here.demand("pledge.propose_exemption")
    organisation_id = forms.shown("organisation_id")[:80] or here.place("pledge.propose_exemption")
    chosen = forms.shown("member_id", request.args.get("member", ""))[:80]
    offered, more = people(organisation_id, forms.shown("find_member").strip()[:60], chosen, waits="", exempts="（免诺中）")
    for no_one in (OWN, here.actor().member_id):
        # an organisation is not exempt, and nobody proposes their own
        offered.pop(no_one, None)
    rules = clients.call(ReadExemptionRules(organisation_id=organisation_id))
    return render_template(
        "desk/exemption_form.html", organisation_id=organisation_id, people=offered, more_people=more, member_id=chosen, rules=rules,
        grounds={word: word for word in rules.grounds}, meetings={word: word for word in rules.meetings},
        until_on=min(rules.latest_on, date(here.today().year, 12, 31)))


@desk.get("/exemptions/<exemption_id>")
def exemption(exemption_id: str):
    return exemption_page(exemption_id)


def exemption_page(exemption_id: str) -> str:
    one = clients.call(ReadExemption(exemption_id=exemption_id))
    return render_template("desk/exemption.html", one=one, had_a_part=had_a_part(one))


def had_a_part(one: ExemptionView) -> bool:
    """Whether the person holds office in the branch, so that the decision above is another's."""
    return any(held.organisation_id == one.organisation_id for held in here.grants(Role.SECRETARY, Role.CLERK))


@desk.post("/exemptions/<exemption_id>/<act>")
def decide_exemption(exemption_id: str, act: str) -> Any:
    """Approve, refuse or withdraw; what is refused comes back on the same page with what was typed."""
    if act not in ACTS:
        abort(404)
    call, word = ACTS[act]
    _, refusal = forms.attempt(call, exemption_id=exemption_id)
    return forms.done(refusal, url_for("desk.exemption", exemption_id=exemption_id, done=word), lambda: exemption_page(exemption_id))
