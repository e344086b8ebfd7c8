"""PUT by the other system's own code: one row of a sync, answered as HTTP answers."""
from typing import Any

from flask import Response

from services.gateway import clients
from services.gateway.api.conditions import keeps, wanted
from services.gateway.api.route import WRITE_HEADERS, House, arguments, told
from services.gateway.problems import Refuse, refuse, said
from wire.contracts.roster import CODE_LONGEST, SyncVerdict
from wire.contracts.shape import schema_class

#: why a row was refused -> the status it has alone
STATUS = {"stale": 412, "exists": 412, "absent": 412, "ended": 409, "forbidden": 403, "waits": 409}
TOO_LONG = f"编号最多 {CODE_LONGEST} 个字，请改正后重新提交；没有写入。"
CONDITIONS = [
    {"in": "header", "name": "If-Match", "required": False, "schema": {"type": "string"},
     "description": "上次读到的 ETag，或 *（必须已经有）。内容已在别处改过，就不写入并答 412；改成的正是这次提交的，答 200。不填则以这次为准。"},
    {"in": "header", "name": "If-None-Match", "required": False, "schema": {"type": "string", "enum": ["*"]},
     "description": "写 * 表示只新建：已经有这个编号的，不写入并答 412。"}]


def synced(where: House, path: str, call: type, row: type, summary: str) -> None:
    """Add the route.  200 where it was here or is the same, 201 where it is new; the verdict says what the policy kept.

    If-Match: what changed since is refused with 412, unless it already is what is sent (RFC 9110, 13.1.1: the answer before was
    lost); ``*`` wants it there.  ``If-None-Match: *`` only makes.  The ETag of the answer, and that of a GET, begin with the version.
    """
    def view(values: dict[str, Any], code: str) -> Response:
        version, expects = wanted()
        if len(code) > CODE_LONGEST:
            raise refuse(422, TOO_LONG, errors={"code": [TOO_LONG]})
        reply = clients.call(call(rows=(row(**{**values, "code": code, "version": version, "expects": expects}),)))
        [verdict] = reply.verdicts
        if verdict.result == "refused":
            raise Refuse(said(STATUS.get(verdict.reason, 422), "".join(verdict.sentences), code=f"sync_{verdict.reason}"))
        return told(verdict, 201 if verdict.result == "new" else 200)

    view.__name__, view.__doc__ = f"put_{row.__name__}", (
        f"{summary}\n\n没有写的内容保持原样；能覆盖哪些内容由政策决定，没有覆盖的列在 kept 里。再次提交同样的内容，什么也不变。")
    made = where.response(200, schema_class(SyncVerdict))(keeps(view))
    made = where.alt_response(201, schema=schema_class(SyncVerdict))(made)
    for status, name in ((412, "PRECONDITION_FAILED"), (422, "UNPROCESSABLE_ENTITY")):
        made = where.alt_response(status, name)(made)
    made = where.arguments(arguments(row, frozenset({"code", "version", "expects"}), "json"), location="json")(made)
    made = where.doc(parameters=[*WRITE_HEADERS, *CONDITIONS])(made)
    where.add_url_rule(path, view.__name__, made, methods=["PUT"], tags=[where.description])
