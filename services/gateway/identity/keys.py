"""API keys ``jn_<id>_<secret>``: what another system shows at the door, and how the office hands them out (X48).

Roster owns the key's grant, so that an ended one stops everywhere at once; the gateway owns the secrets, as digests.
"""
import re
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import current_app

from services.gateway import clients
from services.gateway.identity import looks
from services.gateway.identity.acting import act, decides
from services.gateway.identity.refusals import NO_ORGANISATION, BadScope, NoKey
from services.gateway.identity.sessions import SEEN_EVERY, carried, digest
from services.gateway.storage import Key
from wire.contracts.actor import SCOPES, Actor, Role
from wire.contracts.calls import NotFound, registry
from wire.contracts.gateway import KeyMade, KeyPage, KeyView, ListKeys, MakeKey, RevokeKey, RotateKey
from wire.contracts.roster import EndGrant, GiveGrant, GrantView

SHOWN = re.compile(r"jn_([0-9a-f]{32})_([A-Za-z0-9_-]{43})", re.ASCII)
NO_GRANT = GrantView(grant_id="", person_id="", person_name="", member_id="", role=Role.SYSTEM, organisation_id="", organisation_name="",
                     state="")


def scopes() -> dict[str, list[str]]:
    """What a key can be given, and the calls each scope opens: those that declare it, and no others."""
    return {scope: sorted(one.name for one in registry.values() if one.scope == scope) for scope in SCOPES}


def at_the_door() -> Key | None:
    """The key this request carries; None without one, and for an unknown, revoked or expired one."""
    found = SHOWN.fullmatch(carried())
    if found is None:
        return None
    store = current_app.extensions["store"]
    with store.reading() as unit:
        key, now = unit.books.keys.get(f"key_{found[1]}"), unit.now
        good = key is not None and key.state == "active" and now < key.expires_at and unit.books.keys.opened_by(key.id, digest(found[2]), now)
    if key is None or not good:
        return None
    if key.used_at is None or now - key.used_at >= SEEN_EVERY:
        with store.writing() as unit:
            unit.books.keys.used(key.id, now, looks.address())
    return key


def actor_of(key: Key) -> Actor:
    """Who acts by this key, with the grant roster knows."""
    return Actor(kind="system", person_id=key.person_id, name=key.name, grants=current_app.extensions["clients"].grants(key.person_id),
                 address=looks.address(), scopes=tuple(key.scopes.split()))


def make(request: MakeKey) -> KeyMade:
    """Give the grant, then the key.  Interrupted in between, a grant without a key is left, which opens nothing."""
    _known_scopes(request.scopes)
    # another system is no person, whatever member has its name
    given = clients.call(GiveGrant(organisation_id=request.organisation_id, role="system", person_name=request.name.strip(), another=True))
    return act(request, grant=given)


def revoke(key_id: str) -> KeyView:
    """End the grant, then the key.  Again: the same."""
    with current_app.extensions["store"].reading() as unit:
        key = unit.books.keys.get(key_id)
    if key is not None:
        clients.call(EndGrant(grant_id=key.grant_id))
        current_app.extensions["clients"].forget(key.person_id)
    return act(RevokeKey(key_id=key_id))


@decides(ListKeys)
def list_keys(unit: Any, request: ListKeys) -> KeyPage:
    here = unit.directory.organisation(request.organisation_id)
    if here is None:
        raise NotFound(NO_ORGANISATION)
    unit.permit(request.organisation_id)
    rows = unit.books.keys.page(here["path"], search=request.search.strip(), after=request.after, limit=request.limit + 1)
    shown = rows[:request.limit]
    return KeyPage(keys=tuple(_view(unit, Key(**{n: row[n] for n in Key.__slots__}), row["organisation_name"]) for row in shown),
                   next=shown[-1]["id"] if len(rows) > request.limit else "")


@decides(MakeKey)
def make_key(unit: Any, request: MakeKey, grant: GrantView = NO_GRANT) -> KeyMade:
    unit.permit(request.organisation_id)
    _known_scopes(request.scopes)
    key = Key(id=unit.new_id("key"), name=request.name.strip(), organisation_id=request.organisation_id, person_id=grant.person_id,
              grant_id=grant.grant_id, scopes=" ".join(sorted(set(request.scopes))), state="active", version=1,
              made_by=unit.actor.person_id, made_by_name=unit.actor.name, created_at=unit.now,
              expires_at=unit.now + timedelta(days=request.days))
    unit.books.keys.add(key)
    return _with_secret(unit, key, "made")


@decides(RotateKey)
def rotate_key(unit: Any, request: RotateKey) -> KeyMade:
    """Called again during the change-over, the newest secret and the one just made are left: never more than two."""
    key = _kept(unit, request.key_id)
    if key.state != "active" or unit.now >= key.expires_at:
        raise NoKey("这个密钥已经停用或过期，不能更换，请新建一个。")
    unit.books.keys.shorten_secrets(key.id, unit.now + timedelta(days=request.days))
    unit.books.keys.keep_newest_secret(key.id, unit.now)
    changed = replace(key, version=key.version + 1)
    unit.books.keys.save(changed)
    return _with_secret(unit, changed, "rotated")


@decides(RevokeKey)
def revoke_key(unit: Any, request: RevokeKey) -> KeyView:
    key = _kept(unit, request.key_id)
    if key.state == "active":
        key = replace(key, state="revoked", version=key.version + 1)
        unit.books.keys.save(key)
        unit.books.keys.shorten_secrets(key.id, unit.now)
        unit.remember("gateway.key", key.id, key.version, "revoked", {"name": key.name})
    return _view(unit, key)


def _kept(unit: Any, key_id: str) -> Key:
    key = unit.books.keys.get(key_id)
    if key is None:
        root = unit.books.places.root()
        unit.permit(root["id"] if root else "")
        raise NoKey
    unit.permit(key.organisation_id)
    return key


def _with_secret(unit: Any, key: Key, what: str) -> KeyMade:
    secret = secrets.token_urlsafe(32)
    unit.books.keys.add_secret(key.id, digest(secret), at=unit.now, ends=key.expires_at)
    unit.remember("gateway.key", key.id, key.version, what, {"name": key.name, "scopes": key.scopes})
    return KeyMade(key=f"jn_{key.id.removeprefix('key_')}_{secret}", view=_view(unit, key))


def _known_scopes(wanted: tuple[str, ...]) -> None:
    if not wanted or not set(wanted) <= set(SCOPES):
        raise BadScope(unknown=bool(wanted))


def _view(unit: Any, key: Key, organisation_name: str = "") -> KeyView:
    """``organisation_name``: where it is known already."""
    name = organisation_name or (unit.directory.organisation(key.organisation_id) or {"name": ""})["name"]
    state = "expired" if key.state == "active" and unit.now >= key.expires_at else key.state
    return KeyView(key_id=key.id, scopes=tuple(key.scopes.split()), secrets=unit.books.keys.secrets(key.id, unit.now), state=state,
                   organisation_name=name,
                   **{n: getattr(key, n) for n in ("name", "organisation_id", "made_by_name", "created_at", "expires_at", "used_at", "used_from",
                                                   "version")})
