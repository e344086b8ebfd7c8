"""The door of a service: what happens between a request's arrival and its reply, in the worker that does the work.

Nothing is believed before the signature is checked; nothing is done after the deadline; a command's work, its reply
under its key, its line in the operation log and its events commit together.  Whatever goes wrong becomes a refusal
with a code: no exception leaves the door.
"""
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import structlog

from wire.bus import audit, idempotency, logs, metrics
from wire.bus.calls import form
from wire.bus.signing import Claims, digest
from wire.bus.unit import Unit
from wire.contracts.actor import SCOPES, Actor
from wire.contracts.calls import Away, Forbidden, Invalid, Operation
from wire.contracts.envelope import Unreadable, parse

log = structlog.get_logger("wire.calls")
LATE = "请求到达时已经超过等待时间，这次没有办理，请重新提交；如果反复出现，请联系运维人员核对各台服务器的时钟。"
NOT_IN_SCOPE = "这个密钥没有“{}”的范围，请联系县级管理员换一个范围合适的密钥。"
NOT_BY_KEY = "这件事不能用密钥办理，请由有权限的同志登录后办理。"
NOT_YOURS = "您没有办理这件事的权限，请联系本单位书记或管理员。"


class Known(Exception):
    """The key was used before: the reply of that time ends this call, and nothing of it commits."""

    def __init__(self, reply: str):
        self.reply = reply
        super().__init__()


@dataclass
class Turn:
    """One call being answered."""

    bus: Any
    operation: Operation
    method: Callable[[Any, Any], Any]
    asked: form.Asked
    claims: Claims | None = None
    #: the unit that was begun, if it came so far: whose it was is told of a refusal, too
    unit: Unit | None = None

    def answer(self) -> bytes:
        """The body of the reply, whatever happens."""
        logs.bind(service=self.bus.service, operation=self.operation.name, correlation=self.asked.correlation,
                  traceparent=self.asked.traceparent)
        started, outcome = monotonic(), "done"
        try:
            return form.reply_body(self._decide())
        except Exception as error:
            refusal = form.refusal_of(error)
            outcome = refusal["code"]
            if "incident" in refusal:
                log.error("call broke", incident=refusal["incident"], exc_info=error)
            self._note(outcome)
            return form.refusal_body(refusal)
        finally:
            seconds = monotonic() - started
            metrics.call_seconds.labels(self.bus.service, self.operation.name, outcome).observe(seconds)
            log.info("call", outcome=outcome, milliseconds=round(seconds * 1000, 1))

    def _decide(self) -> str:
        asked, operation = self.asked, self.operation
        self.claims = claims = asked.verifier.claims(asked.token, operation.name, asked.body)
        admit(operation, claims.actor)
        if self.bus.room.clock.now() > claims.ends_at:
            raise Away(LATE)
        request = form.request_of(operation, asked.body)
        return self._write(request, claims) if operation.writes else self._read(request, claims)

    def _read(self, request: Any, claims: Claims) -> str:
        with self.bus.reading(claims.actor, self.operation, correlation=self.asked.correlation,
                              traceparent=self.asked.traceparent) as unit:
            self.unit = unit
            return form.reply_text(self.operation, self.method(unit, request))

    def _write(self, request: Any, claims: Claims) -> str:
        caller = f"{claims.actor.kind}:{claims.actor.person_id}"
        if not claims.key or len(claims.key) > idempotency.KEY_LIMIT:
            raise Invalid("这项操作缺少请求编号，请刷新页面后重新提交。")
        try:
            with self.bus.writing(claims.actor, self.operation, correlation=self.asked.correlation,
                                  traceparent=self.asked.traceparent, deadline=claims.ends_at) as unit:
                self.unit = unit
                known = idempotency.begin(unit.sql, caller=caller, key=claims.key, operation=self.operation.name,
                                          digest=digest(self.asked.body), at=unit.now)
                if known is not None:
                    raise Known(known)
                reply = form.reply_text(self.operation, self.method(unit, request))
                idempotency.keep(unit.sql, caller=caller, key=claims.key, reply=reply)
            return reply
        except Known as known_:
            return known_.reply

    def _note(self, outcome: str) -> None:
        """A decision refused leaves a line in the operation log too, in a transaction of its own (X21)."""
        if self.claims is None or outcome == "database_away" or not (self.operation.writes or outcome == Forbidden.code):
            return
        try:
            organisation_id, subject = self._asked_about()
            with self.bus.writing() as unit:
                audit.write(unit.sql, [audit.line(
                    unit.now, self.claims.actor, self.operation.name, result=outcome, correlation=self.asked.correlation,
                    on_behalf_of=self.unit.acted_for if self.unit else "", organisation_id=organisation_id, subject=subject)])
        except Exception as error:
            log.error("refusal not noted", exc_info=error)

    def _asked_about(self) -> tuple[str, str]:
        """Where and whom a refused request was about: as the unit was asked, else as the request itself names them, badly filled
        or not.  Nobody where that is secret."""
        try:
            organisation_id, subject = audit.named_in(parse(self.asked.body))
        except (Unreadable, RecursionError):
            organisation_id, subject = "", ""
        if self.unit is not None:
            organisation_id, subject = self.unit.asked_at or organisation_id, self.unit.concerned or subject
        return organisation_id, "" if self.operation.secret else subject


def admit(operation: Operation, actor: Actor) -> None:
    """Refuse an actor who cannot possibly make this call: of another kind, or without any of the roles it asks for (X16).

    How far a role reaches is decided in the transaction, by ``unit.permit``.
    """
    grants = operation.grants
    kinds = ("person", "system") if grants.kind == "person" else (grants.kind,)
    if grants.kind != "public" and actor.kind not in kinds:
        raise Forbidden(NOT_YOURS)
    if actor.kind == "system" and grants.kind == "person" and operation.scope not in actor.scopes:
        raise Forbidden(NOT_IN_SCOPE.format(SCOPES[operation.scope]) if operation.scope else NOT_BY_KEY)
    if grants.kind == "person" and not any(actor.holds(role) for role, _ in grants.roles):
        raise Forbidden(NOT_YOURS)
