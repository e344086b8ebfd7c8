"""One's own account through the API: where one is signed in, and the second factor."""
from typing import Any

import marshmallow as ma
from flask import g
from werkzeug.wrappers import Response

from services.gateway.api.entrance import session
from services.gateway.identity import factors, sessions
from wire.contracts.calls import NotFound


class SessionTold(ma.Schema):
    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    device = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    seen_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    here = ma.fields.Boolean(required=True)


class SessionList(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(SessionTold), required=True)


class EnrolmentTold(ma.Schema):
    """``address`` is what a QR code for the app holds; both until a first code was shown."""

    secret = ma.fields.String(required=True)
    address = ma.fields.String(required=True)


class Code(ma.Schema):
    code = ma.fields.String(required=True, validate=ma.validate.Length(1, 60))


class RecoveryCodes(ma.Schema):
    codes = ma.fields.List(ma.fields.String(), required=True)


@session.route("/sessions", methods=["GET"], tags=["登录"])
@session.response(200, SessionList)
def listed() -> dict[str, Any]:
    """我的登录：设备、地址、从何时起、最近使用"""
    return {"items": [{"name": sessions.name_of(one), "kind": one.kind, "address": one.address, "device": one.device,
                       "created_at": one.created_at, "seen_at": one.seen_at, "expires_at": one.expires_at,
                       "here": one.digest == g.session.digest} for one in sessions.mine()]}


@session.route("/sessions", methods=["DELETE"], tags=["登录"])
@session.response(204)
def end_others() -> Response:
    """退出其他所有登录"""
    sessions.end_others()
    return Response(status=204)


@session.route("/sessions/<name>", methods=["DELETE"], tags=["登录"])
@session.response(204)
def end_one(name: str) -> Response:
    """退出一个登录"""
    if not sessions.end_mine(name[:80]):
        raise NotFound("没有这个登录，可能已经退出，请重新读取列表。")
    return Response(status=204)


@session.route("/session/factor", methods=["POST"], tags=["登录"])
@session.response(201, EnrolmentTold)
def begin_factor() -> factors.Enrolment:
    """开始开通动态口令：取得密钥"""
    return factors.begin()


@session.route("/session/factor", methods=["PUT"], tags=["登录"])
@session.arguments(Code)
@session.response(200, RecoveryCodes)
def confirm_factor(values: dict[str, str]) -> dict[str, Any]:
    """用第一个口令开通，取得十个恢复码（只给一次）"""
    return {"codes": factors.confirm(values["code"])}


@session.route("/session/factor/codes", methods=["POST"], tags=["登录"])
@session.arguments(Code)
@session.response(200, RecoveryCodes)
def new_codes(values: dict[str, str]) -> dict[str, Any]:
    """重新生成恢复码，旧的作废"""
    return {"codes": factors.give_codes(values["code"])}


@session.route("/session/factor/off", methods=["POST"], tags=["登录"])
@session.arguments(Code)
@session.response(204)
def take_off(values: dict[str, str]) -> Response:
    """关闭动态口令（换手机前）"""
    factors.take_off(values["code"])
    return Response(status=204)
