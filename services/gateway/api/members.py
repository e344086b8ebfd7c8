"""A member's life, for other systems: the entry, its acts, political birthdays and the defects of A21."""
from services.gateway.api.route import Route, blueprint, declare
from services.gateway.api.sync import synced
from wire.contracts import roster as r

_ONE = "/members/<member_id>"
routes = declare(blueprint("api-members", "党员名册"), [
    Route(method="POST", path="/members", call=r.RegisterMember, summary="登记一名党员", status=201),
    Route(method="POST", path="/members/sync", call=r.SyncMembers, summary="同步一批党员，逐个给出结果"),
    Route(method="GET", path="/members/<code>", call=r.ReadMember, summary="按编号看一名党员和他的登记簿"),
    Route(method="PUT", path=f"{_ONE}/facts", call=r.CorrectMember, summary="更正资料", guard="version"),
    Route(method="PUT", path=f"{_ONE}/kind", call=r.AdvanceMember, summary="入党、转正"),
    Route(method="PUT", path=f"{_ONE}/standing", call=r.SetStanding, summary="登记限期改正、劝退等状态"),
    Route(method="PUT", path=f"{_ONE}/nameplate", call=r.ShowNameplate, summary="挂牌亮身份，或摘牌"),
    Route(method="PUT", path=f"{_ONE}/whereabouts", call=r.RecordWhereabouts, summary="流动、失联或返回"),
    Route(method="PUT", path=f"{_ONE}/residence", call=r.ReportResidence, summary="向社区报到（双报到）"),
    Route(method="POST", path=f"{_ONE}/residence/confirm", call=r.ConfirmResidence, summary="社区确认报到"),
    Route(method="PUT", path=f"{_ONE}/organisation", call=r.MoveMember, summary="转接组织关系，立即生效"),
    Route(method="POST", path=f"{_ONE}/transfer", call=r.BeginTransfer, summary="开始转接组织关系"),
    Route(method="POST", path=f"{_ONE}/transfer/settle", call=r.SettleTransfer, summary="接收或退回转接"),
    Route(method="POST", path=f"{_ONE}/leave", call=r.RecordLeaving, summary="离开名册"),
    Route(method="POST", path=f"{_ONE}/readmit", call=r.ReadmitMember, summary="恢复在册"),
    Route(method="POST", path="/members/<kept_id>/merge", call=r.MergeMembers, summary="合并重复登记的同一个人"),
    Route(method="GET", path="/birthdays", call=r.ListBirthdays, summary="某个月的政治生日"),
    Route(method="GET", path="/defects", call=r.ListDefects, summary="四无和两头挂空的党员")])
synced(routes, "/members/<code>", r.SyncMembers, r.SyncedMember, "按编号同步一名党员")
