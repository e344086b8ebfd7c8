"""Organisations, members, grants; bulk by JSON rows; PUT by the other system's own code, as members have it in ``members``."""
from typing import Any

from flask import Response

from services.gateway import clients
from services.gateway.api.sync import synced
from services.gateway.api.route import Route, arguments, blueprint, declare, told
from services.gateway.problems import Refuse, said
from wire.contracts import roster as r
from wire.contracts.shape import dump, schema_class

routes = declare(blueprint("api-organisations", "党组织和党员"), [
    Route(method="GET", path="/organisations", call=r.ListOrganisations, summary="一个党组织及以下的党组织"),
    Route(method="POST", path="/organisations", call=r.RegisterOrganisation, summary="新设一个党组织", status=201),
    Route(method="POST", path="/organisations/sync", call=r.SyncOrganisations, summary="同步一批党组织，逐个给出结果"),
    Route(method="GET", path="/organisations/<code>", call=r.ReadOrganisation, summary="按编号看一个党组织"),
    Route(method="PUT", path="/organisations/<organisation_id>/facts", call=r.ChangeOrganisation, summary="修改一个党组织", guard="version"),
    Route(method="POST", path="/organisations/<organisation_id>/move", call=r.MoveOrganisation, summary="调整上级，下级一起调整"),
    Route(method="POST", path="/organisations/<organisation_id>/merge", call=r.MergeOrganisations, summary="并入另一个党组织"),
    Route(method="POST", path="/organisations/<organisation_id>/dissolve", call=r.DissolveOrganisation, summary="撤销一个党组织"),
    Route(method="POST", path="/organisations/check", call=r.CheckOrganisations, summary="预检一批党组织，不写入"),
    Route(method="GET", path="/members", call=r.ListMembers, summary="一个党组织及以下的党员"),
    Route(method="POST", path="/members/check", call=r.CheckMembers, summary="预检一批党员，不写入"),
    Route(method="GET", path="/grants", call=r.ListGrants, summary="一个党组织及以下的权限"),
    Route(method="POST", path="/grants", call=r.GiveGrant, summary="开通权限", status=201),
    Route(method="DELETE", path="/grants/<grant_id>", call=r.EndGrant, summary="收回权限，立即生效")])


def registered(request: Any) -> Response:
    """Make the bulk call: all rows, or a problem that lists every fault by row, column and value."""
    verdict = clients.call(request)
    if verdict.faults:
        raise Refuse(said(422, f"{len(verdict.faults)} 处有误，没有写入，请逐条改正后重新提交。", code="rows_wrong",
                          errors={"rows": [dump(fault) for fault in verdict.faults]}))
    return told(verdict)


def _bulk(path: str, call: type, summary: str) -> None:
    def view(values: dict[str, Any]) -> Response:
        return registered(call(rows=tuple(values["rows"])))

    view.__name__, view.__doc__ = f"{call.__name__}", f"{summary}\n\n{call.__doc__}"
    made = routes.arguments(arguments(call, frozenset(), "json"), location="json")(
        routes.alt_response(422, "UNPROCESSABLE_ENTITY")(routes.response(200, schema_class(r.ImportVerdict))(view)))
    routes.add_url_rule(path, view.__name__, made, methods=["POST"], tags=[routes.description])


_bulk("/organisations/import", r.RegisterOrganisations, "写入一批党组织：全部写入，或一条也不写")
_bulk("/members/import", r.RegisterMembers, "写入一批党员：全部写入，或一条也不写")
synced(routes, "/organisations/<code>", r.SyncOrganisations, r.SyncedOrganisation, "按编号同步一个党组织")
