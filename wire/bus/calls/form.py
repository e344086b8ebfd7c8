"""The form a call has on the wire: nameko's RPC exchange and queues, the house's own request and reply.

Request: the body is the request shape as JSON, exactly the bytes the signature covers; operation, token, deadline,
correlation and traceparent are headers.  Reply: ``{"reply": …}`` or ``{"refusal": {code, status, sentence, errors}}``.
"""
import typing
from dataclasses import dataclass
from typing import Any

from kombu import Exchange, Queue
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError as PoolTimeout

from wire.bus import logs
from wire.bus.database import Busy
from wire.bus.signing import Verifier
from wire.contracts.calls import Away, Invalid, Operation, Refusal, Remote
from wire.contracts.envelope import SIZE_LIMIT, Unreadable, parse, text_of
from wire.contracts.shape import Malformed, load, written

EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True)
CONTENT_TYPE = "application/json"
REPLY_LIMIT = SIZE_LIMIT - 1000
ERRORS_LIMIT = 20_000
MISFIT = "提交的内容不符合要求，请按提示修改后重新提交。"
DATABASE_AWAY = "数据库暂时没有回应，这次没有生效，请稍后重新提交。"
BROKEN = "系统出现意外错误，这次没有生效，请稍后再试；如仍不行，请把编号 {} 告诉运维人员。"


class TooLarge(Refusal):
    """More bytes than a call may have."""

    code, status = "too_large", 413


class ReplyTooLarge(Exception):
    """A mistake in the code: the caller would throw the reply away."""


class Unknown(Refusal):
    """The service answers no such call."""

    code, status = "no_such_call", 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it arrived; nothing in it is believed yet."""

    operation: str
    body: bytes
    token: Any
    ends_at: Any
    correlation: str
    traceparent: str
    reply_to: str
    call_id: str
    verifier: Verifier


def queue_of(service: str, *, quorum: bool = False) -> Queue:
    """The durable queue of all calls to a service."""
    arguments = {"x-queue-type": "quorum"} if quorum else None
    return Queue(f"rpc-{service}", exchange=EXCHANGE, routing_key=f"{service}.*", durable=True, queue_arguments=arguments)


def asked(message: Any, verifier: Verifier) -> Asked:
    """Read a message; strange headers become empty ones."""
    headers, properties = message.headers or {}, message.properties
    body = message.body
    return Asked(
        operation=str(message.delivery_info.get("routing_key", "")), body=body.encode() if isinstance(body, str) else bytes(body or b""),
        token=headers.get("token"), ends_at=headers.get("ends_at"), correlation=_short(headers.get("correlation")),
        traceparent=_short(headers.get("traceparent")), reply_to=_short(properties.get("reply_to")),
        call_id=_short(properties.get("correlation_id")), verifier=verifier)


def request_of(operation: Operation, body: bytes) -> Any:
    """The request shape.  Raises TooLarge, or Invalid with a sentence per field; never anything else."""
    if not body:
        raise TooLarge("提交的内容太大，请减少内容或分次提交。")
    try:
        return load(operation.request, parse(body))
    except Unreadable:
        raise Invalid("提交的内容无法读取，请检查格式后重新提交。") from None
    except Malformed as error:
        raise Invalid(MISFIT, errors=error.errors) from None
    except RecursionError:
        raise Invalid("提交的内容层次太深，请检查格式后重新提交。") from None


def reply_text(operation: Operation, value: Any) -> str:
    """The reply as JSON text.  Raises ReplyTooLarge, so that a decision nobody would hear of does not commit."""
    if typing.get_origin(operation.reply) is tuple:
        text = f"[{','.join(map(written, value))}]"
    else:
        text = "null" if value is None else written(value)
    if 3 * len(text) > REPLY_LIMIT and len(text.encode()) > REPLY_LIMIT:
        raise ReplyTooLarge(f"{operation.name} answers more than {REPLY_LIMIT} bytes: it must be asked in pages")
    return text


def reply_body(text: str) -> bytes:
    return b'{"reply":' + text.encode() + b"}"


def refusal_of(error: Exception) -> dict[str, Any]:
    """How an exception crosses.  A refusal has code, status and sentence, whatever its class; the rest is told by a number."""
    code, status = getattr(error, "code", None), getattr(error, "status", None)
    sentence = getattr(error, "sentence", None)
    if isinstance(code, str) and isinstance(status, int) and isinstance(sentence, str):
        return {"code": code, "status": status, "sentence": sentence, "errors": _plain(getattr(error, "errors", None))}
    number = logs.incident()
    if isinstance(error, (OperationalError, PoolTimeout, Busy)) or isinstance(error, DBAPIError) and error.connection_invalidated:
        return {"code": "database_away", "status": 503, "sentence": DATABASE_AWAY, "errors": {}, "incident": number}
    return {"code": "internal", "status": 500, "sentence": BROKEN.format(number), "errors": {}, "incident": number}


def refusal_body(refusal: dict[str, Any]) -> bytes:
    return text_of({"refusal": refusal}).encode()


def answer_of(operation: Operation, body: bytes) -> Any:
    """The reply shape, or the refusal raised as Remote (Away for a service that is away)."""
    try:
        found = parse(body)
        if "refusal" in found:
            said = found["refusal"]
            if said["code"] == Away.code:
                raise Away(said["sentence"])
            raise Remote(said["code"], said["status"], said["sentence"], said.get("errors"), said.get("incident", ""))
        reply = found["reply"]
        if typing.get_origin(operation.reply) is tuple:
            return tuple(load(typing.get_args(operation.reply)[0], item, lenient=True) for item in reply)
        return None if reply is None else load(operation.reply, reply, lenient=True)
    except (Unreadable, Malformed, KeyError, TypeError):
        number = logs.incident()
        raise Remote("internal", 500, BROKEN.format(number), None, number) from None


def _plain(errors: Any) -> Any:
    try:
        text = text_of(dict(errors or {}))
        return parse(text) if len(text) <= ERRORS_LIMIT else {}
    except (TypeError, ValueError, Unreadable):
        return {}


def _short(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= 255 else ""
