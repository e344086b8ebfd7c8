"""Grants 权限 and the one-time links with which people make their accounts."""
from flask import render_template, request, url_for
from wire.contracts.calls import Refusal
from wire.contracts.roster import EndGrant, GiveGrant, ListGrants

from services.gateway import clients
from services.gateway.identity import invitations
from services.gateway.pages import choosing, forms, here
from services.gateway.pages.county import county

#: grants a page
PAGE = 25


@county.get("/grants")
def grants():
    return grants_page()


def grants_page(invited: invitations.Invited | None = None, name: str = "") -> str:
    organisation_id = here.place("roster.list_grants")
    find = request.values.get("find", "").strip()[:60]
    found = clients.call(ListGrants(organisation_id=organisation_id, search=find, after=request.args.get("after", "")[:2400], limit=PAGE))
    members, search = choosing.Choice({}), request.values.get("search", "").strip()[:60]
    chosen = request.args.get("member", "")[:80]
    if here.may("roster.give_grant", organisation_id):
        members = choosing.people(organisation_id, search, chosen=forms.shown("member_id", chosen)[:80])
    link = request.host_url.rstrip("/") + invited.path if invited else ""
    return render_template("county/grants.html", organisation_id=organisation_id, grants=found, find=find, members=members,
                           search=search, chosen=chosen, invited=invited, invited_name=name, link=link)


@county.post("/grants")
def give():
    """Give a role; whoever has no account yet gets a link, shown once.  Looking for somebody keeps what is typed."""
    if "look" in request.form:
        return grants_page()
    given, refusal = forms.attempt(GiveGrant, **choosing.meant())
    if refusal is not None:
        return forms.again(refusal, grants_page)
    return _invited(given.organisation_id, given.person_id, given.person_name, done=True)


@county.post("/grants/invite")
def invite():
    """A new link for somebody who holds a grant; the one before ends."""
    return _invited(here.place("roster.list_grants"), request.form.get("person_id", "")[:80], request.form.get("name", "")[:40])


def _invited(organisation_id: str, person_id: str, name: str, *, done: bool = False):
    try:
        invited = invitations.invite(organisation_id, person_id)
    except Refusal as refusal:
        if done and getattr(refusal, "code", "") == "has_account":
            return forms.done(None, url_for("county.grants", organisation=here.place("roster.list_grants"), done="granted"), grants_page)
        return forms.again(refusal, grants_page)
    return grants_page(invited, name)


@county.post("/grants/end")
def end():
    """收回: it stops working at once (X49)."""
    return forms.sent(EndGrant, "county.grants", "roster.list_grants", grants_page, word="ended")
