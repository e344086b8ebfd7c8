"""Positions 职务 and what they give: who holds what, appointing, ending, confirming by the superior."""
from services.gateway.api.route import Route, blueprint, declare
from wire.contracts import roster as r

routes = declare(blueprint("api-positions", "职务和权限确认"), [
    Route(method="GET", path="/positions", call=r.ListPositions, summary="一个党组织的职务"),
    Route(method="POST", path="/positions", call=r.Appoint, summary="任职", status=201),
    Route(method="POST", path="/positions/<position_id>/end", call=r.EndPosition, summary="免职，权限立即结束"),
    Route(method="GET", path="/grants/waiting", call=r.ListWaiting, summary="等待上级确认的权限"),
    Route(method="POST", path="/grants/confirm", call=r.ConfirmGrants, summary="上级确认权限，可一次确认多项"),
    Route(method="POST", path="/persons/<person_id>/link", call=r.LinkPerson, summary="认定一位按姓名登记的人就是这名党员")])
