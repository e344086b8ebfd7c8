"""The API for other systems, /api/v1: every operation of the house, thin over the declared calls; OpenAPI 3.1 beside it."""
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from apispec import APISpec
from eventlet import tpool
from eventlet.semaphore import Semaphore
from flask import Blueprint, Flask, Response
from flask_smorest import Api

from wire.contracts.envelope import text_of
from wire.contracts.shape import Exact


class ProblemDocument(ma.Schema):
    """RFC 9457.  ``code`` is stable and for programs, ``title`` and ``detail`` are for people, ``number`` to be read out."""

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    errors = ma.fields.Dict(keys=ma.fields.String())
    number = ma.fields.String()
    correlation = ma.fields.String()


#: what is said of an answer with this status
STATUSES = {"200": "办成", "201": "已新建", "204": "办成，没有内容", "412": "前提不成立，没有写入", "422": "填写不对，按字段说明",
            "": "没有办成：问题说明（RFC 9457）"}


class HouseApi(Api):
    """Errors are answered by ``services.gateway.problems``, like everywhere at the door.

    What people read in the specification is Chinese: its page is a page of this house (``STATUSES``).

    The specification of all operations is written when it is first asked for, beside the hub: it is half of the work of making
    the application, and most processes are never asked.
    """

    ERROR_SCHEMA = ProblemDocument

    def __init__(self, app: Flask):
        self._unwritten: list[Any] = []
        self._writing = Semaphore(1)
        super().__init__(app)

    def register_blueprint(self, blp: Any, **options: Any) -> None:
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._unwritten.append(blp)

    def written(self) -> APISpec:
        """The specification, whole."""
        with self._writing:
            if self._unwritten:
                tpool.execute(self._write)
        return self.spec

    def document(self) -> dict[str, Any]:
        """The specification as it is given out."""
        found: dict[str, Any] = self.written().to_dict()
        named = {status.name: str(status.value) for status in HTTPStatus}
        answers = [*found["components"]["responses"].items(), *(
            answer for path in found["paths"].values() for verb, operation in path.items() if verb != "parameters"
            for answer in operation["responses"].items())]
        for status, answer in answers:
            if "description" in answer:
                answer["description"] = STATUSES.get(named.get(status, status), STATUSES[""])
        return found

    def _write(self) -> None:
        for one in self._unwritten:
            one.register_views_in_doc(self, self._app, self.spec, name=one.name, parameters=None)
            self.spec.tag({"name": one.name, "description": one.description})
        self._unwritten.clear()

    def _openapi_json(self) -> Response:
        return Response(text_of(self.document()), content_type="application/json")

    def _register_pagination_header(self) -> None:
        """Pages are told in the body."""

    def _register_error_handlers(self) -> None:
        pass

    def _register_responses(self) -> None:
        """Refusals are problem documents in the specification as well."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE


SPEC = {
    "info": {"description": "干部党员公开承诺全过程的接口。先用 POST /session 取得 token，再放进 Authorization: Bearer。"
                            "所有时间为带时区的 ISO 8601；分数是字符串形式的小数。"},
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "security": [{"bearer": []}],
}


def register(app: Flask) -> Sequence[Blueprint]:
    """Put the API onto the application; the blueprints, which take no cookie."""
    from services.gateway.api import (
        accounts, alongside, audit, boards, conditions, entrance, evaluations, exports, imports, members, organisations, own_account,
        pledges, policies, positions, rankings, reference, representatives,
    )

    app.config.update(API_TITLE="践诺", API_VERSION="v1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX="/api/v1",
                      OPENAPI_JSON_PATH="openapi.json", API_SPEC_OPTIONS=SPEC)
    api = HouseApi(app)
    api.register_field(Exact, "string", "decimal")
    found = [
        boards.routes, entrance.entrance, own_account.session, organisations.routes, alongside.routes, members.routes, accounts.routes,
        audit.routes, imports.routes, exports.routes, pledges.routes, evaluations.routes, rankings.routes, policies.routes,
        positions.routes, representatives.routes]
    for one in found:
        api.register_blueprint(one)
        conditions.register(app, one.name)
    reference.register(app, api)
    docs: Any = app.blueprints["api-docs"]
    conditions.register(app, docs.name)
    return [*found, docs]
