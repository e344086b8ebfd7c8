"""Accounts 账号: who can sign in, found and paged; invited one by one or as a list, disabled, enabled, reset by link."""
from flask import render_template, request, url_for
from wire.contracts import gateway as w
from wire.contracts.calls import Refusal
from wire.contracts.roster import ListGrants, ListMembers

from services.gateway import clients
from services.gateway.identity import invitations
from services.gateway.identity.acting import act
from services.gateway.identity.managing import RESET_WITHIN, reset_asked
from services.gateway.pages import forms, here
from services.gateway.pages.county import county

#: what the list is narrowed to
STATES = w.ACCOUNT_STATES | {"locked": "暂停登录"}
#: people shown to choose from; more are searched
SHOWN = 50
#: people among whom those without an account are looked for
LOOKED_THROUGH = 500


@county.get("/accounts")
def accounts():
    return accounts_page()


def accounts_page(link: w.InvitationView | None = None, kind: str = "") -> str:
    organisation_id = here.place("gateway.list_accounts")
    state = request.args.get("state", "")
    page = act(w.ListAccounts(organisation_id=organisation_id, search=request.args.get("search", "").strip()[:60],
                              state=state if state in STATES else "", after=request.args.get("after", "")[:60]))
    return render_template("county/accounts.html", organisation_id=organisation_id, page=page, search=request.args.get("search", "").strip()[:60],
                           state=state, states=STATES, link=link, kind=kind, address=_address(link.path) if link else "",
                           manages=here.may("gateway.disable_account", organisation_id))


@county.post("/accounts/<account_id>/disable")
def disable(account_id: str):
    return _done(w.DisableAccount(account_id=account_id[:80]), "disabled")


@county.post("/accounts/<account_id>/enable")
def enable(account_id: str):
    return _done(w.EnableAccount(account_id=account_id[:80]), "enabled")


@county.post("/accounts/<account_id>/unlock")
def unlock(account_id: str):
    return _done(w.UnlockAccount(account_id=account_id[:80]), "unlocked")


@county.post("/accounts/<account_id>/password")
def demand_password(account_id: str):
    return _done(w.DemandPassword(account_id=account_id[:80]), "demanded")


@county.post("/accounts/<account_id>/reset")
def reset(account_id: str):
    """A link to set a new password, shown once, for its owner only."""
    try:
        link = act(w.ResetPassword(account_id=account_id[:80]))
    except Refusal as refusal:
        return forms.again(refusal, accounts_page)
    return accounts_page(link, "reset")


@county.get("/accounts/<account_id>/factor")
def factor(account_id: str):
    """Why the second factor is to be taken off: asked by one administrator, agreed to by another."""
    account, asked = reset_asked(account_id[:80])
    return render_template("county/factor_reset.html", account_id=account.id, organisation_id=here.place("gateway.reset_factor"),
                           within=RESET_WITHIN.total_seconds(), name=account.name, asked=asked,
                           mine=asked is not None and asked.asked_by == here.actor().person_id)


@county.post("/accounts/<account_id>/factor")
def reset_factor(account_id: str):
    try:
        seen = act(forms.read(w.ResetFactor, request.form, account_id=account_id[:80]))
    except Refusal as refusal:
        return forms.again(refusal, lambda: factor(account_id))
    return forms.done(None, url_for("county.accounts", organisation=here.place("gateway.list_accounts"),
                                    done="asked" if seen.reset_asked_by else "factor_reset"), accounts_page)


@county.get("/accounts/invite")
def invite_list():
    return invite_page()


def invite_page(verdicts: tuple[w.InvitationVerdict, ...] = ()) -> str:
    """People who could be invited, to be ticked: the roll by name, and holders of grants who are no members."""
    organisation_id = here.place("gateway.invite_people")
    here.demand("gateway.invite_people")
    search = request.values.get("search", "").strip()[:60]
    page = clients.call(ListMembers(organisation_id=organisation_id, search=search, limit=LOOKED_THROUGH))
    people = {one.member_id: f"{one.name}（{one.organisation_name}）" for one in page.members}
    names = {one.member_id: one.name for one in page.members}
    for one in clients.call(ListGrants(organisation_id=organisation_id, search=search, limit=LOOKED_THROUGH)).items:
        if one.state != "ended" and not one.member_id:
            people.setdefault(one.person_id, f"{one.person_name}（{one.organisation_name}，不是党员）")
            names.setdefault(one.person_id, one.person_name)
    free = invitations.without_account(list(people))
    return render_template("county/invite_list.html", organisation_id=organisation_id, people={one: people[one] for one in free[:SHOWN]},
                           search=search, more=bool(page.next) or len(free) > SHOWN, looked=len(people), ticked=request.form.getlist("person_id"),
                           verdicts=[(one, one.path and _address(one.path)) for one in verdicts], names=names)


@county.post("/accounts/invite")
def invite_some():
    """A link for each of the ticked, shown once, to be printed and handed out."""
    chosen = [word[:80] for word in request.form.getlist("person_id")][:w.AT_ONCE]
    try:
        verdicts = invitations.invite_all(here.place("gateway.invite_people"), chosen)
    except Refusal as refusal:
        return forms.again(refusal, invite_page)
    return invite_page(verdicts)


def _done(asked, word: str):
    try:
        act(asked)
    except Refusal as refusal:
        return forms.again(refusal, accounts_page)
    return forms.done(None, url_for("county.accounts", organisation=here.place("gateway.list_accounts"), done=word), accounts_page)


def _address(path: str) -> str:
    return request.host_url.rstrip("/") + path
