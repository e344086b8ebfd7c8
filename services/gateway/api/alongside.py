"""What stands beside the tree: systems, elections, new units, assignments, zones."""
from services.gateway.api.route import Route, blueprint, declare
from wire.contracts import roster as r

routes = declare(blueprint("api-places", "条线、换届、覆盖、联系点和责任区"), [
    Route(method="GET", path="/systems", call=r.ListSystems, summary="各条线，带数量"),
    Route(method="POST", path="/systems", call=r.DefineSystem, summary="新设或修改条线", status=201),
    Route(method="GET", path="/systems/<system_id>", call=r.ReadSystem, summary="一个条线的党组织"),
    Route(method="DELETE", path="/systems/<system_id>", call=r.EndSystem, summary="停用条线"),
    Route(method="GET", path="/elections", call=r.ListElections, summary="超期未换届和即将届满的党组织"),
    Route(method="POST", path="/organisations/<organisation_id>/elections", call=r.RecordElection, summary="登记换届"),
    Route(method="POST", path="/organisations/<organisation_id>/extension", call=r.ExtendTerm, summary="延期换届"),
    Route(method="GET", path="/workplaces", call=r.ListWorkplaces, summary="新单位和覆盖情况"),
    Route(method="POST", path="/workplaces", call=r.RegisterWorkplace, summary="登记新单位", status=201),
    Route(method="POST", path="/workplaces/<workplace_id>/cover", call=r.CoverWorkplace, summary="登记覆盖它的党组织"),
    Route(method="POST", path="/workplaces/<workplace_id>/close", call=r.CloseWorkplace, summary="注销单位"),
    Route(method="GET", path="/assignments", call=r.ListAssignments, summary="联系点、分管、定点联系和领导小组"),
    Route(method="POST", path="/assignments", call=r.Assign, summary="登记一项分工", status=201),
    Route(method="POST", path="/assignments/<assignment_id>/end", call=r.EndAssignment, summary="结束一项分工"),
    Route(method="GET", path="/zones", call=r.ListZones, summary="责任区、先锋岗、示范岗"),
    Route(method="POST", path="/zones", call=r.OpenZone, summary="设立责任区", status=201),
    Route(method="PUT", path="/zones/<zone_id>", call=r.ChangeZone, summary="修改责任区", guard="version"),
    Route(method="POST", path="/zones/<zone_id>/months", call=r.RecordZoneMonth, summary="登记一个月的三无情况"),
    Route(method="POST", path="/zones/<zone_id>/end", call=r.EndZone, summary="撤销责任区")])
