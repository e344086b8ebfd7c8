"""What the public sees, for other systems: no login, on every listener."""
from services.gateway.api.route import Route, blueprint, declare
from wire.contracts.notice import ReadBoard, ReadBoardPledge, ReadBoards, ReadBoardServing, ReadCounty

routes = declare(blueprint("api-public", "公开栏"), [
    Route(method="GET", path="/public/county", call=ReadCounty, summary="全县公开情况"),
    Route(method="GET", path="/public/boards", call=ReadBoards, summary="公开栏列表：按名称查找，按兑现率或逾期排序"),
    Route(method="GET", path="/public/boards/<organisation_id>", call=ReadBoard, summary="一个党组织的公开栏"),
    Route(method="GET", path="/public/pledges/<pledge_id>", call=ReadBoardPledge, summary="一份已亮诺的承诺"),
    Route(method="GET", path="/public/pledges/<pledge_id>/items/<item_id>/serving", call=ReadBoardServing,
          summary="支撑一项党组织承诺的党员承诺事项")])
