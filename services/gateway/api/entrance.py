"""Coming in through the API: a bearer session, who am I, a new password, and accepting an invitation."""
from typing import Any

import marshmallow as ma
from flask import g
from werkzeug.wrappers import Response

from services.gateway.api.route import blueprint
from services.gateway.identity import accepting, accounts, sessions, sign_in
from services.gateway.identity.sessions import SignedIn

entrance = blueprint("api-entrance", "登录")
session = blueprint("api-session", "登录")


def _text(limit: int, **options: Any) -> ma.fields.String:
    messages: dict[str, Any] = {"required": "必填，请填写。", "null": "必填，请填写。", "invalid": "请填写文字。"}
    length = ma.validate.Length(1, limit, error=f"请填写 1 到 {limit} 个字。")
    return ma.fields.String(required=True, error_messages=messages, validate=[length, _plain], **options)


def _plain(word: str) -> None:
    try:
        if "\0" in word:
            raise ma.ValidationError("含有无法保存的字符，请删去后重填。")
        word.encode()
    except UnicodeEncodeError:
        raise ma.ValidationError("含有无法保存的字符，请删去后重填。") from None


class Credentials(ma.Schema):
    username = _text(64)
    password = _text(256)


class CredentialsAndCode(Credentials):
    code = ma.fields.String(load_default="", validate=ma.validate.Length(0, 60))


class Token(ma.Schema):
    token = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)


class HeldBody(ma.Schema):
    role = ma.fields.String(required=True)
    organisation_id = ma.fields.String(required=True)


class Me(ma.Schema):
    person_id = ma.fields.String(required=True)
    member_id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    username = ma.fields.String(required=True)
    grants = ma.fields.List(ma.fields.Nested(HeldBody), required=True)
    expires_at = ma.fields.AwareDateTime(required=True)


class NewPassword(ma.Schema):
    old_password = _text(256)
    new_password = _text(256)


class AccountBody(ma.Schema):
    token = _text(100)
    username = _text(64)
    password = _text(256)


class AdministratorBody(AccountBody):
    person_name = _text(40)


class ResetBody(ma.Schema):
    token = _text(100)
    password = _text(256)


class CountyBody(AccountBody):
    code = _text(40)
    name = _text(100)
    person_name = _text(40)


def _told(signed_in: SignedIn) -> dict[str, Any]:
    return {"token": signed_in.token, "expires_at": signed_in.expires_at}


@entrance.route("/session", methods=["POST"], tags=["登录"])
@entrance.arguments(CredentialsAndCode)
@entrance.response(201, Token)
@entrance.doc(security=[])
def begin(values: dict[str, str]) -> dict[str, Any]:
    """登录：取得 token

    到 expires_at 为止有效，久不使用会提前失效；放进 Authorization: Bearer 头。开通了动态口令的，code 里填口令或一个恢复码。
    """
    return _told(sign_in.sign_in(values["username"], values["password"], kind="bearer", code=values["code"]))


@entrance.route("/invitations/account", methods=["POST"], tags=["登录"])
@entrance.arguments(AccountBody)
@entrance.response(201, Token)
@entrance.doc(security=[])
def accept_account(values: dict[str, str]) -> dict[str, Any]:
    """接受邀请：设用户名和密码，并登录

    邀请只能用一次，过期要重新邀请。
    """
    return _told(sessions.begin(accepting.accept_account(**values), "bearer"))


@entrance.route("/invitations/county", methods=["POST"], tags=["登录"])
@entrance.arguments(CountyBody)
@entrance.response(201, Token)
@entrance.doc(security=[])
def accept_county(values: dict[str, str]) -> dict[str, Any]:
    """开通全县：建立县委和业务管理员（县级管理员），并登录

    只在空系统上可用，邀请只能用一次。
    """
    return _told(sessions.begin(accepting.accept_county(**values), "bearer"))


@entrance.route("/invitations/administrator", methods=["POST"], tags=["登录"])
@entrance.arguments(AdministratorBody)
@entrance.response(201, Token)
@entrance.doc(security=[])
def accept_administrator(values: dict[str, str]) -> dict[str, Any]:
    """接受开通邀请：成为系统管理员或审计管理员，并登录

    在全县开通之后使用；三位管理员必须是三个人。
    """
    return _told(sessions.begin(accepting.accept_administrator(**values), "bearer"))


@entrance.route("/invitations/reset", methods=["POST"], tags=["登录"])
@entrance.arguments(ResetBody)
@entrance.response(204)
@entrance.doc(security=[])
def accept_reset(values: dict[str, str]) -> Response:
    """用重设密码的链接设一个新密码；所有登录都会退出，请用新密码重新登录"""
    accepting.accept_reset(**values)
    return Response(status=204)


@session.route("/session", methods=["GET"], tags=["登录"])
@session.response(200, Me)
def who_am_i() -> dict[str, Any]:
    """我是谁，有哪些权限"""
    return {"person_id": g.account.person_id, "member_id": g.account.member_id, "name": g.account.name,
            "username": g.account.username, "grants": [{"role": h.role, "organisation_id": h.organisation_id} for h in g.actor.grants],
            "expires_at": g.session.expires_at}


@session.route("/session", methods=["DELETE"], tags=["登录"])
@session.response(204)
def end() -> Response:
    """退出：token 立即失效"""
    return sessions.sign_out(Response(status=204))


@session.route("/session/password", methods=["PUT"], tags=["登录"])
@session.arguments(NewPassword)
@session.response(204)
def change_password(values: dict[str, str]) -> Response:
    """改密码：其他地方的登录都会退出"""
    accounts.change_password(values["old_password"], values["new_password"])
    return Response(status=204)
