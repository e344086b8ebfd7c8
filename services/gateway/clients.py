"""The only caller of other services on behalf of people: signs who asks, and turns what comes back into one thing.

``call(request)`` returns the reply shape, or raises ``Remote`` (a refusal, with the status it has) or ``Away`` (no answer
within the deadline: 503).  An operation that writes is signed with the grants roster gives *now*, so an ended grant
stops at once (X49); reading may use grants up to a minute old.
"""
import dataclasses
import time
from collections.abc import Callable
from typing import Any, Protocol

from flask import current_app, g, has_request_context, request as http
from uuid_utils import uuid7

from services.gateway.identity import looks
from wire.contracts.actor import PUBLIC as NOBODY, Actor, HeldGrant, service_actor
from wire.contracts.calls import Operation, operation_of
from wire.contracts.roster import GrantsOf

#: the field of a page's form that holds its key (one per rendered form)
FORM_KEY = "key"
HELD_AT_MOST = 5_000


class Caller(Protocol):
    """What carries a signed call to its service: ``wire.bus.calls.Caller``, or a fake in tests."""

    def call(self, actor: Actor, request: Any, *, key: str = "", deadline: float | None = None, correlation: str = "",
             traceparent: str = "") -> Any: ...


class Clients:
    """Signs for the person at hand.  Grants of people who read are believed for ``grants_seconds``."""

    def __init__(self, caller: Caller, *, grants_seconds: float = 60, seconds: Callable[[], float] = time.monotonic):
        self._caller, self._grants_seconds, self._seconds = caller, grants_seconds, seconds
        self._held: dict[str, tuple[float, tuple[HeldGrant, ...]]] = {}

    def call(self, request: Any, actor: Actor, *, key: str = "", deadline: float | None = None, correlation: str = "",
             traceparent: str = "") -> Any:
        operation = operation_of(type(request))
        return self._caller.call(self.signed(operation, actor), request, key=self._key(operation, key), deadline=deadline,
                                 correlation=correlation, traceparent=traceparent)

    def grants(self, person_id: str, *, now: bool = False) -> tuple[HeldGrant, ...]:
        """What the person holds: asked of roster ``now``, or as it was at most ``grants_seconds`` ago."""
        known = self._held.get(person_id)
        if known and not now and self._seconds() - known[0] < self._grants_seconds:
            return known[1]
        found = self._caller.call(service_actor("gateway"), GrantsOf(person_id=person_id))
        held = tuple(HeldGrant(grant_id=v.grant_id, role=v.role, organisation_id=v.organisation_id) for v in found)
        if len(self._held) > HELD_AT_MOST:
            self._held.clear()
        self._held[person_id] = self._seconds(), held
        return held

    def forget(self, person_id: str) -> None:
        """Ask roster anew at the next call: the person signed out, or their grants are known to have changed."""
        self._held.pop(person_id, None)

    def signed(self, operation: Operation, actor: Actor) -> Actor:
        """The actor as the call will carry them: with the grants of this moment where it decides something (X49)."""
        if operation.grants.kind == "service":
            return service_actor("gateway")
        if operation.grants.kind == "public" or actor.kind not in ("person", "system"):
            return NOBODY if operation.grants.kind == "public" else actor
        return with_grants(actor, self.grants(actor.person_id, now=operation.writes))

    def _key(self, operation: Operation, key: str) -> str:
        """A key of its own per operation, so that one form or request may make two calls."""
        return (f"{key}:{operation.verb}" if key else uuid7().hex) if operation.writes else ""


def with_grants(actor: Actor, held: tuple[HeldGrant, ...]) -> Actor:
    return dataclasses.replace(actor, grants=held)


def call(request: Any, key: str | None = None, deadline: float | None = None) -> Any:
    """Make the call for whoever is at the door now and return its reply shape.

    ``key``: the same key again does nothing twice; without one, that of the form or the Idempotency-Key header is used,
    else a new one.  Raises Remote and Away (``wire.contracts.calls``).  Looking at personal data leaves a line in the
    access log.
    """
    clients: Clients = current_app.extensions["clients"]
    actor = g.get("actor") or NOBODY
    reply = clients.call(request, actor, key=key if key is not None else key_at_hand(), deadline=deadline,
                         correlation=g.get("correlation", ""), traceparent=g.get("traceparent", ""))
    looks.saw(operation_of(type(request)), request)
    return reply


def key_at_hand() -> str:
    """The idempotency key the person or system sent with this request, or none."""
    if not has_request_context():
        return ""
    if http.path.startswith("/api/"):
        return http.headers.get("Idempotency-Key", "")
    return http.form.get(FORM_KEY, "")[:100] if http.method == "POST" else ""
