"""Coming in and going out: signing in, an invitation 开通邀请, setting the county up; and, signed in, one's own password."""
from urllib.parse import urlsplit

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import validate_csrf
from wire.contracts.calls import Invalid, Refusal
from wtforms import ValidationError

from services.gateway.identity import accounts, invitations, sessions
from services.gateway.identity.sign_in import sign_in as begin
from services.gateway.pages import forms, here

entrance = Blueprint("entrance", __name__)
account = Blueprint("account", __name__)
TWICE = "两次输入的密码不一样，请重新输入。"


@entrance.get("/sign-in")
def sign_in():
    return sign_in_page() if not here.signed_in() else redirect(url_for("desk.today"))


@entrance.post("/sign-in")
def sign_in_now():
    """A new session; the unknown and the wrong are answered alike."""
    try:
        signed_in = begin(request.form.get("username", "")[:200], request.form.get("password", "")[:1000])
    except Refusal as refusal:
        return forms.again(refusal, sign_in_page)
    return sessions.hand_over(redirect(own_address(request.form.get("next", "")), 303), signed_in)


def sign_in_page() -> str:
    wanted = request.values.get("next", "")
    return render_template("entrance/sign_in.html", next=wanted if own_address(wanted) == wanted else "")


def own_address(wanted: str) -> str:
    """Where to go after signing in: a page of this house, else the desk (X52)."""
    parts = urlsplit(wanted)
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return wanted if inside and wanted.isprintable() and len(wanted) < 1000 else url_for("desk.today")


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


def expired_page(to: str, kept: list[tuple[str, str]]) -> str:
    return render_template("entrance/expired.html", to=to, kept=kept, username=request.form.get("username", "") if "to" in request.form else "")


@entrance.post("/sign-in/again")
def sign_in_and_go_on():
    """A new session, and the form that was kept, to be sent with one press; without one, the page it was on."""
    to = own_address(request.form.get("to", ""))
    kept = [(name.removeprefix("kept-"), word) for name, word in request.form.items(multi=True) if name.startswith("kept-")]
    try:
        signed_in = begin(request.form.get("username", "")[:200], request.form.get("password", "")[:1000])
    except Refusal as refusal:
        return forms.again(refusal, lambda: expired_page(to, kept))
    if not kept:
        return sessions.hand_over(redirect(url_for("desk.today"), 303), signed_in)
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
    """Spend it: the account is there, and whoever made it is signed in."""
    token, kind = request.form.get("token", "")[:200], request.form.get("kind", "")
    username, password = request.form.get("username", "")[:200], request.form.get("password", "")[:1000]
    try:
        if password != request.form.get("again", ""):
            raise Invalid(TWICE, errors={"again": TWICE})
        if kind == "county":
            invitations.accept_county(token, code=request.form.get("code", "").strip(), name=request.form.get("name", "").strip(),
                                      person_name=request.form.get("person_name", "").strip(), username=username, password=password)
        else:
            invitations.accept_account(token, username=username, password=password)
    except Refusal as refusal:
        return forms.again(refusal, lambda: accept_page(token, kind, invitations.read(token).name))
    signed_in = begin(username, password)
    return sessions.hand_over(redirect(url_for("desk.today"), 303), signed_in)


def accept_page(token: str, kind: str, name: str) -> str:
    return render_template("entrance/accept.html", token=token, kind=kind, name=name)


@account.get("/password")
def password():
    return render_template("entrance/password.html")


@account.post("/password")
def change_password():
    """The old one is needed; the account's other sessions end."""
    new = request.form.get("new_password", "")[:1000]
    try:
        if new != request.form.get("again", ""):
            raise Invalid(TWICE, errors={"again": TWICE})
        accounts.change_password(request.form.get("old_password", "")[:1000], new)
    except Refusal as refusal:
        return forms.again(refusal, password)
    return redirect(url_for("account.password", done="password"), 303)
