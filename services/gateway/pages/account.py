"""One's own account 我的账号: password, where one is signed in, the second factor 动态口令, what others did to it."""
from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from wire.contracts.calls import Invalid, Refusal

from services.gateway.documents import qr
from services.gateway.identity import accounts, factors, owed, passwords, rules, sessions
from services.gateway.identity.devices import device_of
from services.gateway.pages import forms, here

account = Blueprint("account", __name__)
TWICE = "两次输入的密码不一样，请重新输入。"


@account.get("/account")
def mine():
    return mine_page()


def mine_page() -> str:
    lines = [(sessions.name_of(one), device_of(one.device, one.kind), one, one.digest == g.session.digest)
             for one in sessions.mine()]
    return render_template("account/mine.html", account=g.account, sessions=lines, factor=factors.of(g.account), notes=notes(),
                           policy=rules.current())


def notes() -> list:
    """What others did to the account of whoever is signed in, until they have said they know."""
    if "account" not in g:
        return []
    with current_app.extensions["store"].reading() as unit:
        return unit.books.notes.unseen(g.account.id)


@account.post("/account/notes")
def notes_seen():
    with current_app.extensions["store"].writing() as unit:
        unit.books.notes.seen(g.account.id, unit.now)
    return redirect(url_for("account.mine"), 303)


@account.post("/account/sessions/end")
def end_session():
    """Sign out somewhere else, in one place or everywhere."""
    name = request.form.get("session", "")
    if name:
        sessions.end_mine(name)
    else:
        sessions.end_others()
    return redirect(url_for("account.mine", done="session"), 303)


@account.get("/password")
def password():
    return render_template("account/password.html", hint=passwords.hint(rules.current().password_profile),
                           first=_owes(owed.PASSWORD))


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


@account.get("/account/factor")
def factor():
    return factor_page()


def factor_page(codes: tuple[str, ...] = ()) -> str:
    waiting = factors.waiting()
    return render_template("account/factor.html", factor=factors.of(g.account), waiting=waiting, left=factors.codes_left(), codes=codes,
                           picture=qr.picture(waiting.address) if waiting else "", first=_owes(owed.FACTOR))


@account.post("/account/factor/begin")
def begin_factor():
    try:
        factors.begin()
    except Refusal as refusal:
        return forms.again(refusal, factor_page)
    return redirect(url_for("account.factor"), 303)


@account.post("/account/factor")
def confirm_factor():
    """The first code puts it in force; the recovery codes are shown this once."""
    return _with_codes(factors.confirm)


@account.post("/account/factor/codes")
def new_codes():
    return _with_codes(factors.give_codes)


@account.post("/account/factor/off")
def take_off_factor():
    try:
        factors.take_off(request.form.get("code", ""))
    except Refusal as refusal:
        return forms.again(refusal, factor_page)
    return redirect(url_for("account.factor", done="factor_off"), 303)


def _with_codes(made):
    try:
        codes = made(request.form.get("code", ""))
    except Refusal as refusal:
        return forms.again(refusal, factor_page)
    return factor_page(codes)


def _owes(what: owed.Owed) -> bool:
    return owed.by(g.account, here.actor()) == what
