"""Coming in and going out: signing in with password and code, an invitation 开通邀请, setting the county up."""
from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import HTTPException
from wire.contracts.calls import Invalid, Refusal
from wtforms import ValidationError

from services.gateway.identity import accepting, invitations, passwords, rules, sessions
from services.gateway.identity.refusals import CodeNeeded, TicketEnded
from services.gateway.identity.sign_in import go_on, sign_in as begin
from services.gateway.pages import forms, here

entrance = Blueprint("entrance", __name__)
TWICE = "两次输入的密码不一样，请重新输入。"


@entrance.get("/sign-in")
def sign_in():
    return sign_in_page() if not here.signed_in() else redirect(url_for("desk.today"))


@entrance.post("/sign-in")
def sign_in_now():
    """A new session; the unknown and the wrong are answered alike.  Who has a second factor is asked for a code next."""
    try:
        signed_in = begin(request.form.get("username", "")[:200], request.form.get("password", "")[:1000])
    except CodeNeeded as needed:
        return code_page(needed.ticket)
    except Refusal as refusal:
        return forms.again(refusal, sign_in_page)
    return sessions.hand_over(redirect(own_address(request.form.get("next", "")), 303), signed_in)


@entrance.post("/sign-in/code")
def sign_in_code():
    """The second step: a code of the second factor, or a recovery code."""
    ticket = request.form.get("ticket", "")[:500]
    try:
        signed_in = go_on(ticket, request.form.get("code", ""))
    except TicketEnded as refusal:
        return forms.again(refusal, sign_in_page)
    except Refusal as refusal:
        return forms.again(refusal, lambda: code_page(ticket))
    return sessions.hand_over(redirect(own_address(request.form.get("next", "")), 303), signed_in)


def code_page(ticket: str) -> str:
    return render_template("entrance/code.html", ticket=ticket, next=_next())


def sign_in_page() -> str:
    return render_template("entrance/sign_in.html", next=_next(), ended=bool(_next() and sessions.carried()))


def _next() -> str:
    wanted = request.values.get("next", "")
    return wanted if own_address(wanted) == wanted else ""


def own_address(wanted: str) -> str:
    """Where to go after signing in: a page of this house, else the desk (X52)."""
    parts = urlsplit(wanted)
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return wanted if inside and wanted.isprintable() and len(wanted) < 1000 else url_for("desk.today")


def _page(to: str) -> str:
    """The address, if it can be looked at; else the desk: some forms are sent where no page is."""
    try:
        current_app.create_url_adapter(request).match(urlsplit(to).path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return url_for("desk.today")
    return to


def expired() -> tuple[str, int]:
    """The session ended while a form was filled in: signing in right here, with everything that was typed.

    Only what our own page sent is kept: a form from elsewhere must not wait here for somebody to sign in (X29).
    """
    try:
        validate_csrf(request.form.get("csrf_token"))
        kept = forms.typed() if request.mimetype != "multipart/form-data" else []
    except ValidationError:
        kept = []
    return expired_page(request.full_path.rstrip("?"), kept), 401


def kept_if_ours(sentence: str, otherwise: Exception) -> str:
    """The page that keeps what was typed and sends it again; of a form that is not this house's, nothing is kept."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        raise otherwise from None
    return forms.kept(Invalid(sentence))


def expired_page(to: str, kept: list[tuple[str, str]]) -> str:
    return render_template("entrance/expired.html", to=to, kept=kept, username=request.form.get("username", "") if "to" in request.form else "")


@entrance.post("/sign-in/again")
def sign_in_and_go_on():
    """A new session, and the form that was kept, to be sent with one press; without one, the page it was on.  What somebody else typed
    is not handed to whoever signs in after them."""
    to = own_address(request.form.get("to", ""))
    kept = [(name.removeprefix("kept-"), word) for name, word in request.form.items(multi=True) if name.startswith("kept-")]
    try:
        signed_in = begin(request.form.get("username", "")[:200], request.form.get("password", "")[:1000], code=request.form.get("code", ""))
    except Refusal as refusal:
        return forms.again(refusal, lambda: expired_page(to, kept))
    if not sessions.forms_of(signed_in.account):
        return sessions.hand_over(redirect(url_for("desk.today", done="not_yours"), 303), signed_in)
    if not kept:
        return sessions.hand_over(redirect(_page(to), 303), signed_in)
    response = sessions.hand_over(make_response(""), signed_in)
    # the token made before belongs to the form cookie that was dropped
    g.pop("csrf_token", None)
    response.set_data(forms.kept_page(None, to, kept))
    return response


@entrance.post("/sign-out")
def sign_out():
    return sessions.sign_out(redirect(url_for("entrance.sign_in", done="out"), 303))


@entrance.get("/invitation")
def invitation():
    """The token stands in the fragment: nothing here sees it, and no link preview spends it (X46)."""
    return render_template("entrance/invitation.html")


@entrance.post("/invitation/open")
def open_invitation():
    """Which invitation it is; looking does not spend it."""
    token = request.form.get("token", "").strip().rpartition("#")[2][:200]
    try:
        found = invitations.read(token)
    except Refusal as refusal:
        return forms.again(refusal, invitation)
    return accept_page(token, found.kind, found.name)


@entrance.post("/invitation")
def accept():
    """Spend it: what it is for is done, and whoever made an account is signed in."""
    token = request.form.get("token", "")[:200]
    try:
        kind = invitations.read(token).kind
    except Refusal as refusal:
        return forms.again(refusal, invitation)
    try:
        if request.form.get("password", "") != request.form.get("again", ""):
            raise Invalid(TWICE, errors={"again": TWICE})
        made = ACCEPTED[kind](token, **{field: request.form.get(field, "").strip()[:200] for field in FIELDS[kind]},
                              password=request.form.get("password", "")[:1000])
    except Refusal as refusal:
        return forms.again(refusal, lambda: accept_page(token, kind, invitations.read(token).name))
    if kind == "reset":
        return redirect(url_for("entrance.sign_in", done="reset"), 303)
    return sessions.hand_over(redirect(url_for("desk.today"), 303), sessions.begin(made, "browser"))


#: what is typed for each kind of invitation besides the password, and what spends it
FIELDS = {"office": ("code", "name", "person_name", "username"), "operator": ("person_name", "username"),
          "auditor": ("person_name", "username"), "account": ("username",), "reset": ()}
ACCEPTED = {"office": accepting.accept_county, "operator": accepting.accept_administrator, "auditor": accepting.accept_administrator,
            "account": accepting.accept_account, "reset": accepting.accept_reset}


def accept_page(token: str, kind: str, name: str) -> str:
    return render_template("entrance/accept.html", token=token, kind=kind, name=name,
                           hint=passwords.hint(rules.current().password_profile))
