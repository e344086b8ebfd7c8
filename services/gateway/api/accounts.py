"""Accounts for other systems: invite one or many, list, disable, enable, demand a new password, reset by link."""
from services.gateway.api.route import Route, blueprint, declare
from services.gateway.identity import invitations
from services.gateway.identity.acting import act
from wire.contracts import gateway as w

_ONE, _OF = "/accounts/<account_id>", "/organisations/<organisation_id>/invitations"
routes = declare(blueprint("api-accounts", "账号"), [
    Route(method="GET", path="/accounts", call=w.ListAccounts, summary="一个党组织及以下的账号"),
    Route(method="POST", path=f"{_ONE}/disable", call=w.DisableAccount, summary="停用账号，立即退出所有登录"),
    Route(method="POST", path=f"{_ONE}/enable", call=w.EnableAccount, summary="重新启用账号"),
    Route(method="POST", path=f"{_ONE}/demand-password", call=w.DemandPassword, summary="要求修改密码"),
    Route(method="POST", path=f"{_ONE}/reset-password", call=w.ResetPassword, summary="生成重设密码的一次性链接", status=201),
    Route(method="POST", path=f"{_ONE}/reset-factor", call=w.ResetFactor, summary="重置动态口令，两位管理员各一次")], by=act)
declare(routes, [Route(method="POST", path=_OF, call=w.InvitePerson, summary="邀请一位同志开通账号，30 分钟内有效", status=201)],
        by=lambda asked: invitations.invite(asked.organisation_id, asked.person_id))
declare(routes, [Route(method="POST", path=f"{_OF}/list", call=w.InvitePeople, summary="邀请一批同志，逐人给出结果，七天内有效", status=201)],
        by=lambda asked: invitations.invite_all(asked.organisation_id, asked.person_ids))
