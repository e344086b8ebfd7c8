"""The access log (访问日志): sign-ins, and who looked at whose personal data (X21): lines of the gateway's operation log.

Which calls show personal data follows from what they answer: a reply that names a member or a person is a look at them.
Looks of one request are written together, before its answer leaves.  Ids only; nothing that was typed or shown.
"""
import dataclasses
import typing
from functools import lru_cache
from typing import Any

from flask import current_app, g, has_request_context, request

from services.gateway.storage import Account
from wire.bus import audit
from wire.contracts.actor import PUBLIC, Actor
from wire.contracts.calls import Operation

#: a reply with one of these fields is about people
NAMES_SOMEBODY = frozenset({"member_id", "person_id", "representative_id"})
READ, AUDIT = "read", "gateway.audit"


def saw(operation: Operation, asked: Any) -> None:
    """Whoever is at the door was shown the reply of this call; a line if it is about people, the same look once a request."""
    if operation.writes or operation.grants.kind != "person" or not personal(operation):
        return
    ids = {field.name: getattr(asked, field.name) for field in dataclasses.fields(asked) if field.name.endswith("_id")}
    subject = next((word for name, word in ids.items() if name != "organisation_id" and isinstance(word, str) and word), getattr(asked, "code", ""))
    # the log of six services is looked at as one
    what = AUDIT if operation.verb == "audit" else operation.name
    note(what, subject, organisation_id=ids.get("organisation_id", ""), result=READ)


def note(what: str, object: str = "", *, organisation_id: str = "", result: str = "done") -> None:
    """Whoever is at the door did or was refused this; written when the answer is ready."""
    g.setdefault("looks", {})[what, object, organisation_id, result] = None


def flush() -> None:
    """Write what was noted in this request."""
    noted = g.pop("looks", None)
    if noted:
        with current_app.extensions["store"].writing() as unit:
            audit.write(unit.sql, [  # type: ignore[attr-defined]
                audit.line(unit.now, _at_the_door(), what, organisation_id=organisation_id, subject=object, result=result,
                           correlation=g.get("correlation", "")) for what, object, organisation_id, result in noted])


def write(unit: Any, what: str, *, account: Account | None = None, object: str = "", result: str = "done") -> None:
    """One line within a transaction under way; ``account`` None: nobody known (a failed sign-in)."""
    actor = Actor(kind="person", person_id=account.person_id, name=account.name, address=address()) if account else Actor(
        kind="public", address=address())
    audit.write(unit.sql, [audit.line(unit.now, actor, f"gateway.{what}", subject=object or (account.person_id if account else ""), result=result,
                                      correlation=g.get("correlation", "") if has_request_context() else "")])


def address() -> str:
    """Where the request at hand comes from."""
    return (request.remote_addr or "")[:60] if has_request_context() else ""


@lru_cache
def personal(operation: Operation) -> bool:
    """Whether the reply of the call names a member or a person anywhere in it."""
    return _names_somebody(operation.reply)


def _names_somebody(kind: Any) -> bool:
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return any(f.name in NAMES_SOMEBODY or _names_somebody(hints[f.name]) for f in dataclasses.fields(kind))
    return any(_names_somebody(inner) for inner in typing.get_args(kind))


def _at_the_door() -> Actor:
    actor: Actor = g.get("actor") or PUBLIC
    return actor if actor.address else dataclasses.replace(actor, address=address())
