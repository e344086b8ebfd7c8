"""A valid request for every call the gateway decides itself, aimed at a given organisation, and how it decides it."""
import secrets
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from services.gateway.door import create_app
from services.gateway.identity import acting
from services.gateway.storage import Key
from tests.fakes_gateway import FakeCaller, account
from wire.contracts import gateway as w
from wire.contracts.calls import operation_of


def decide(house: Any, actor: Any, request: Any) -> Any:
    """The call, decided as at the door once the actor is signed, on the running gateway's database."""
    store = house.bus("gateway")
    with _application(store).app_context():
        return acting.carry_out(store, operation_of(type(request)), actor, request)


@lru_cache(maxsize=1)
def _application(store: Any) -> Any:
    """Made once: the matrix decides some seven hundred times."""
    return create_app(store, FakeCaller(), pages=[])


def _member_at(house: Any, organisation_id: str) -> str:
    with house.bus("gateway").reading() as unit:
        return unit.directory.members_of(organisation_id)[0]["id"]


def account_at(house: Any, organisation_id: str) -> str:
    mark = secrets.token_hex(6)
    return account(house.bus("gateway"), username=f"u{mark}", person_id=f"prs_{mark}", member_id=_member_at(house, organisation_id)).id


def _key_at(house: Any, organisation_id: str) -> str:
    with house.bus("gateway").writing() as unit:
        key = Key(id=unit.new_id("key"), name="县信息系统", organisation_id=organisation_id, person_id="prs_key", grant_id="grt_key",
                  scopes="pledges:read", state="active", version=1, made_by="prs_1", made_by_name="县办一", created_at=unit.now,
                  expires_at=unit.now + timedelta(days=30))
        unit.books.keys.add(key)
    return key.id


def _one(call: type, **more: Any) -> Any:
    return lambda house, organisation_id: call(account_id=account_at(house, organisation_id), **more)


FACTORIES = {
    w.ListAccounts: lambda house, organisation_id: w.ListAccounts(organisation_id=organisation_id),
    w.InvitePerson: lambda house, organisation_id: w.InvitePerson(
        organisation_id=organisation_id, person_id=_member_at(house, organisation_id)),
    w.InvitePeople: lambda house, organisation_id: w.InvitePeople(
        organisation_id=organisation_id, person_ids=(_member_at(house, organisation_id),)),
    w.WithdrawInvitations: lambda house, organisation_id: w.WithdrawInvitations(
        organisation_id=organisation_id, person_ids=(_member_at(house, organisation_id),), issued_until=datetime.now(UTC)),
    w.DisableAccount: _one(w.DisableAccount), w.EnableAccount: _one(w.EnableAccount), w.UnlockAccount: _one(w.UnlockAccount),
    w.DemandPassword: _one(w.DemandPassword),
    w.ListKeys: lambda house, organisation_id: w.ListKeys(organisation_id=organisation_id),
    w.MakeKey: lambda house, organisation_id: w.MakeKey(organisation_id=organisation_id, name="县信息系统", scopes=("pledges:read",)),
    w.RotateKey: lambda house, organisation_id: w.RotateKey(key_id=_key_at(house, organisation_id)),
    w.RevokeKey: lambda house, organisation_id: w.RevokeKey(key_id=_key_at(house, organisation_id)),
    w.ResetPassword: _one(w.ResetPassword), w.ResetFactor: _one(w.ResetFactor, reason="手机丢失"),
}
