"""API keys 接口密钥: which other systems reach what, until when, when they last came; made, rotated and revoked."""
from flask import render_template, request, url_for
from wire.contracts import gateway as w
from wire.contracts.actor import SCOPES
from wire.contracts.calls import Invalid, Refusal

from services.gateway.identity import keys as keyring
from services.gateway.identity.acting import act
from services.gateway.identity.refusals import BadScope
from services.gateway.pages import forms, here
from services.gateway.pages.county import county

TONES = {"active": "done", "expired": "late", "revoked": "open"}


@county.get("/keys")
def keys():
    return keys_page()


def keys_page(made: w.KeyMade | None = None) -> str:
    organisation_id = here.place("gateway.list_keys")
    search = request.values.get("search", "").strip()[:60]
    page = act(w.ListKeys(organisation_id=organisation_id, search=search, after=request.args.get("after", "")[:80]))
    return render_template("county/keys.html", organisation_id=organisation_id, page=page, search=search, made=made, states=w.KEY_STATES,
                           tones=TONES, scopes=SCOPES, ticked=() if made else request.form.getlist("scopes"),
                           keeps=here.may("gateway.make_key", organisation_id))


@county.post("/keys")
def make_key():
    """A new key, shown this once."""
    return _shown(lambda: keyring.make(_asked(request.form.getlist("scopes"))))


def _asked(scopes: list[str]) -> w.MakeKey:
    """What the form asks for.  Raises Invalid, with every field that is missing."""
    try:
        return forms.read(w.MakeKey, request.form, scopes=scopes)
    except Invalid as invalid:
        if not scopes:
            invalid.errors |= BadScope(unknown=False).errors
        raise


@county.post("/keys/<key_id>/rotate")
def rotate_key(key_id: str):
    return _shown(lambda: act(forms.read(w.RotateKey, request.form, key_id=key_id[:80])))


@county.post("/keys/<key_id>/revoke")
def revoke_key(key_id: str):
    try:
        keyring.revoke(key_id[:80])
    except Refusal as refusal:
        return forms.again(refusal, keys_page)
    return forms.done(None, url_for("county.keys", organisation=here.place("gateway.list_keys"), done="revoked"), keys_page)


def _shown(make):
    try:
        made = make()
    except Refusal as refusal:
        return forms.again(refusal, keys_page)
    return keys_page(made)
