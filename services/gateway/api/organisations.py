"""Organisations, members, grants; PUT by the other system's own code, as members have it in ``members``."""
from services.gateway.api.route import Route, blueprint, declare
from services.gateway.api.sync import synced
from wire.contracts import roster as r

routes = declare(blueprint("api-organisations", "党组织和党员"), [
    Route(method="GET", path="/organisations", call=r.ListOrganisations, summary="一个党组织及以下的党组织"),
    Route(method="POST", path="/organisations", call=r.RegisterOrganisation, summary="新设一个党组织", status=201),
    Route(method="POST", path="/organisations/sync", call=r.SyncOrganisations, summary="同步一批党组织，逐个给出结果"),
    Route(method="GET", path="/organisations/<code>", call=r.ReadOrganisation, summary="按编号看一个党组织"),
    Route(method="PUT", path="/organisations/<organisation_id>/facts", call=r.ChangeOrganisation, summary="修改一个党组织", guard="version"),
    Route(method="POST", path="/organisations/<organisation_id>/move", call=r.MoveOrganisation, summary="调整上级，下级一起调整"),
    Route(method="POST", path="/organisations/<organisation_id>/merge", call=r.MergeOrganisations, summary="并入另一个党组织"),
    Route(method="POST", path="/organisations/<organisation_id>/dissolve", call=r.DissolveOrganisation, summary="撤销一个党组织"),
    Route(method="GET", path="/members", call=r.ListMembers, summary="一个党组织及以下的党员"),
    Route(method="GET", path="/grants", call=r.ListGrants, summary="一个党组织及以下的权限"),
    Route(method="POST", path="/grants", call=r.GiveGrant, summary="开通权限", status=201),
    Route(method="DELETE", path="/grants/<grant_id>", call=r.EndGrant, summary="收回权限，立即生效")])
synced(routes, "/organisations/<code>", r.SyncOrganisations, r.SyncedOrganisation, "按编号同步一个党组织")
