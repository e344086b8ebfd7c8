"""PUT by the other system's own code: one row of a sync, answered as HTTP answers."""
from typing import Any

from flask import Response, request

from services.gateway import clients
from services.gateway.api.route import WRITE_HEADERS, House, arguments, told, version_wanted
from services.gateway.problems import Refuse, said
from wire.contracts.roster import SyncVerdict
from wire.contracts.shape import schema_class

#: why a row was refused -> the status it has alone
STATUS = {"stale": 412, "ended": 409, "forbidden": 403, "waits": 409}
IF_MATCH = {"in": "header", "name": "If-Match", "required": False, "schema": {"type": "string"},
            "description": "上次读到的 ETag；填了而内容已在别处改过，就不写入并答 412。不填则以这次为准。"}


def synced(where: House, path: str, call: type, row: type, summary: str) -> None:
    """Add the route.  200 where it was here or is the same, 201 where it is new; the verdict says what the policy kept.

    With If-Match, what changed since is refused with 412.  The ETag of the answer, and that of a GET, begin with the version.
    """
    def view(values: dict[str, Any], code: str) -> Response:
        version = version_wanted() if "If-Match" in request.headers else 0
        reply = clients.call(call(rows=(row(**{**values, "code": code[:40], "version": version}),)))
        [verdict] = reply.verdicts
        if verdict.result == "refused":
            raise Refuse(said(STATUS.get(verdict.reason, 422), "".join(verdict.sentences), code=f"sync_{verdict.reason}"))
        return told(verdict, 201 if verdict.result == "new" else 200)

    view.__name__, view.__doc__ = f"put_{row.__name__}", (
        f"{summary}\n\n没有写的内容保持原样；能覆盖哪些内容由政策决定，没有覆盖的列在 kept 里。再次提交同样的内容，什么也不变。")
    fields = arguments(row, frozenset({"code", "version"}), "json")
    made = where.arguments(fields, location="json")(where.alt_response(422, "UNPROCESSABLE_ENTITY")(
        where.alt_response(201, schema=schema_class(SyncVerdict))(where.response(200, schema_class(SyncVerdict))(view))))
    made = where.doc(parameters=[*WRITE_HEADERS, IF_MATCH])(made)
    where.add_url_rule(path, view.__name__, made, methods=["PUT"], tags=[where.description])
