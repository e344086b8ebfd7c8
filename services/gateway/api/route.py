"""A route of the API is a row: method, path, and the declared call behind it.  The declaration is the schema, so the
OpenAPI page is true.

Fields of the request that stand in the path come from there; the others from the query (GET) or the JSON body.
"""
import dataclasses
import hashlib
import re
import typing
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import marshmallow as ma
from flask import Response
from flask_smorest import Blueprint

from services.gateway import clients
from services.gateway.api.conditions import keeps, version_wanted
from services.gateway.api.strict import StrictParser
from services.gateway.summaries import SUMMARIES
from wire.contracts.calls import NotFound, operation_of
from wire.contracts.envelope import text_of
from wire.contracts.shape import CHINESE, UNKNOWN, Truth, Whole, dump, schema_class

PREFIX = "/api/v1"
IN_PATH = re.compile(r"<(\w+)>")
WRITE_HEADERS = [{
    "in": "header", "name": "Idempotency-Key", "required": False, "schema": {"type": "string", "maxLength": 200},
    "description": "同一个键再次提交不会重复办理，回答与第一次相同；键保留几天由 JIANNUO_IDEMPOTENCY_DAYS 决定。不填则每次都算新的请求。"}]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """``guard``: the field that takes the version out of If-Match.  ``status`` of the good answer."""

    method: str
    path: str
    call: type
    summary: str
    status: int = 200
    guard: str = ""


class House(Blueprint):
    """A blueprint that reads JSON strictly."""

    ARGUMENTS_PARSER = StrictParser()


def blueprint(name: str, label: str) -> House:
    return House(name, name, url_prefix=PREFIX, description=label)


def declare(where: House, routes: Sequence[Route], by: Callable[[Any], Any] = clients.call) -> House:
    """Add the routes to the blueprint.  ``by`` makes the call: over the bus, or in this process."""
    for route in routes:
        SUMMARIES.setdefault(operation_of(route.call).name, route.summary)
        view = _view(where, route, by)
        where.add_url_rule(route.path, view.__name__, view, methods=[route.method], tags=[where.description])
    return where


def asked(call: type, values: dict[str, Any], path: dict[str, str]) -> Any:
    """The request shape out of what was parsed and what stands in the path."""
    for name, word in path.items():
        try:
            values[name] = schema_class(call)._declared_fields[name].deserialize(word)
        except ma.ValidationError:
            raise NotFound("没有找到，可能编号有误，请核对后重试。") from None
    return call(**{name: tuple(v) if isinstance(v, list) else v for name, v in values.items()})


def told(reply: Any, status: int = 200) -> Response:
    """The reply as JSON: an object, or ``{"items": […]}`` for a list.  With a version it carries an ETag."""
    value = {"items": [dump(one) for one in reply]} if isinstance(reply, tuple) else dump(reply)
    body = text_of(value)
    response = Response(body, status=status, content_type="application/json")
    version = getattr(reply, "version", None)
    if version is not None:
        response.set_etag(f"{version}-{hashlib.sha256(body.encode()).hexdigest()[:12]}")
    return response


def reply_schema(call: type) -> type[ma.Schema] | ma.Schema:
    reply = operation_of(call).reply
    return listed(typing.get_args(reply)[0]) if typing.get_origin(reply) is tuple else schema_class(reply)


@lru_cache
def listed(cls: type) -> type[ma.Schema]:
    """``{"items": […]}``: an object, so that a list can learn to be paged without breaking anybody."""
    return type(f"{cls.__name__}List", (ma.Schema,), {"items": ma.fields.List(ma.fields.Nested(schema_class(cls)), required=True)})


@lru_cache
def arguments(call: type, left_out: frozenset[str], location: str) -> type[ma.Schema]:
    """The fields of the request that come in the query or body; it loads to a plain dict."""
    fields: dict[str, Any] = {
        name: _from_query(f) if location == "query" else f
        for name, f in schema_class(call)._declared_fields.items() if name not in left_out}
    fields["error_messages"] = UNKNOWN
    return type(f"{call.__name__}{'Query' if location == 'query' else 'Body'}", (ma.Schema,), fields)


class QueryWhole(Whole):
    """A number in an address is written in digits."""

    def _deserialize(self, value, attr, data, **kwargs):
        digits = isinstance(value, str) and re.fullmatch(r"-?\d{1,15}", value, re.ASCII)
        return super()._deserialize(int(value) if digits else value, attr, data, **kwargs)


class QueryTruth(Truth):
    def _deserialize(self, value, attr, data, **kwargs):
        return super()._deserialize({"true": True, "1": True, "false": False, "0": False}.get(value, value), attr, data, **kwargs)


def _from_query(field: ma.fields.Field) -> ma.fields.Field:
    kind = {Whole: QueryWhole, Truth: QueryTruth}.get(type(field))
    if kind is None:
        return field
    return kind(required=field.required, allow_none=field.allow_none, metadata=dict(field.metadata), error_messages=CHINESE)


def _view(where: House, route: Route, by: Callable[[Any], Any]) -> Callable[..., Response]:
    in_path = set(IN_PATH.findall(route.path))
    location = "query" if route.method == "GET" else "json"
    left_out = frozenset(in_path | ({route.guard} if route.guard else set()))
    schema = arguments(route.call, left_out, location)
    takes = bool(set(schema._declared_fields))

    def view(*parsed: dict[str, Any], **path: str) -> Response:
        values = dict(parsed[0]) if parsed else {}
        if route.guard:
            values[route.guard] = version_wanted()
        return told(by(asked(route.call, values, path)), route.status)

    view.__name__ = operation_of(route.call).name.replace(".", "_")
    view.__doc__ = route.summary
    if route.guard:
        view = keeps(view)
    view = where.response(route.status, reply_schema(route.call))(view)
    view = where.alt_response(422, "UNPROCESSABLE_ENTITY")(view)
    if takes:
        view = where.arguments(schema, location=location)(view)
    extra = {"parameters": WRITE_HEADERS} if operation_of(route.call).writes else {}
    return where.doc(operationId=view.__name__, **extra)(view)
