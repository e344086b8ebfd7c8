"""Accounts and API keys: invite one or many, list, disable, enable, demand a new password, reset by link; make, rotate, revoke."""
from services.gateway.api.route import Route, blueprint, declare
from services.gateway.identity import invitations, keys
from services.gateway.identity.acting import act
from wire.contracts import gateway as w

_ONE, _OF = "/accounts/<account_id>", "/organisations/<organisation_id>/invitations"
routes = declare(blueprint("api-accounts", "账号"), [
    Route(method="GET", path="/accounts", call=w.ListAccounts, summary="一个党组织及以下的账号"),
    Route(method="POST", path=f"{_ONE}/disable", call=w.DisableAccount, summary="停用账号，立即退出所有登录"),
    Route(method="POST", path=f"{_ONE}/enable", call=w.EnableAccount, summary="重新启用账号"),
    Route(method="POST", path=f"{_ONE}/unlock", call=w.UnlockAccount, summary="连续输错后暂停登录的，立即恢复"),
    Route(method="POST", path=f"{_ONE}/demand-password", call=w.DemandPassword, summary="要求修改密码"),
    Route(method="POST", path=f"{_ONE}/reset-password", call=w.ResetPassword, summary="生成重设密码的一次性链接", status=201),
    Route(method="POST", path=f"{_ONE}/reset-factor", call=w.ResetFactor, summary="重置动态口令，两位管理员各一次")], by=act)
declare(routes, [
    Route(method="GET", path="/keys", call=w.ListKeys, summary="一个党组织及以下的接口密钥"),
    Route(method="POST", path="/keys/<key_id>/rotate", call=w.RotateKey, summary="更换密钥，新旧同时可用一段时间", status=201)], by=act)
declare(routes, [Route(method="POST", path="/keys", call=w.MakeKey, summary="新建接口密钥，只显示一次", status=201)], by=keys.make)
declare(routes, [Route(method="DELETE", path="/keys/<key_id>", call=w.RevokeKey, summary="停用密钥，立即失效")],
        by=lambda asked: keys.revoke(asked.key_id))
declare(routes, [Route(method="POST", path=_OF, call=w.InvitePerson, summary="邀请一位同志开通账号", status=201)],
        by=lambda asked: invitations.invite(asked.organisation_id, asked.person_id))
declare(routes, [Route(method="POST", path=f"{_OF}/list", call=w.InvitePeople, status=201,
                       summary="邀请一批同志开通账号，逐人给出结果")],
        by=lambda asked: invitations.invite_all(asked.organisation_id, asked.person_ids))
declare(routes, [Route(method="POST", path=f"{_OF}/withdraw", call=w.WithdrawInvitations, summary="作废一批还没有用过的开通链接")],
        by=lambda asked: invitations.withdraw_all(asked.organisation_id, asked.person_ids, asked.issued_until))
