"""Representatives 评议代表库, for other systems."""
from services.gateway.api.route import Route, blueprint, declare
from wire.contracts import roster as r

_ONE = "/representatives/<representative_id>"
routes = declare(blueprint("api-representatives", "评议代表库"), [
    Route(method="GET", path="/representatives", call=r.ListRepresentatives, summary="一个党组织及以下的评议代表，电话遮掩"),
    Route(method="POST", path="/representatives", call=r.RegisterRepresentative, summary="登记一名代表", status=201),
    Route(method="PUT", path=_ONE, call=r.ChangeRepresentative, summary="修改一名代表", guard="version"),
    Route(method="POST", path=f"{_ONE}/end", call=r.EndRepresentative, summary="退出代表库，电话删除"),
    Route(method="GET", path=f"{_ONE}/phone", call=r.ReadRepresentativePhone, summary="看一名代表的电话，访问日志记下谁看过")])
