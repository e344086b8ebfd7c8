"""Every no and every mishap becomes one answer here: a problem document (RFC 9457) for /api, a page for people.

``code`` is stable and for programs; ``title`` and ``detail`` are Chinese and for people.  What was not foreseen is told
by a short number one can read out, which stands in the log with the traceback; never by its text (X36, X53).
"""
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, has_request_context, render_template, request
from flask_wtf.csrf import CSRFError, validate_csrf
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from wtforms import ValidationError

from wire.bus import logs
from wire.bus.database import Busy
from wire.contracts.calls import Refusal

log = structlog.get_logger("gateway")

#: status -> (stable code, title, what to do) for what the door itself refuses
SAID: dict[int, tuple[str, str, str]] = {
    400: ("bad_request", "请求有误", "请求的内容读不懂，请检查后重新提交。"),
    401: ("sign_in_first", "请先登录", "请登录后再办理。"),
    403: ("forbidden", "没有权限", "您没有这项权限，请联系上级党组织或县级管理员开通。"),
    404: ("not_found", "没有找到", "没有找到这个页面，可能已经不在了，或者地址有误。请从下面重新进入。"),
    405: ("method_not_allowed", "请求方式不对", "这个地址不支持这种请求方式，请查看接口说明。"),
    408: ("too_slow", "上传太慢", "没有在规定时间内收完，请检查网络后重试。"),
    409: ("refused", "没有办成", "现在不能这样办理，请刷新后重试。"),
    410: ("gone", "已经失效", "这个内容已经失效，请重新取得。"),
    412: ("stale", "内容已变动", "别人刚改过，请刷新后再办理。"),
    413: ("too_large", "内容太大", "提交的内容太大，请减小或分几次提交。"),
    414: ("address_too_long", "地址太长", "地址太长，请从页面重新进入。"),
    415: ("wrong_type", "内容类型不对", "请把 Content-Type 写成 application/json 后重试。"),
    422: ("invalid", "填写有误", "有的内容填写不对，请按提示改正后重新提交。"),
    428: ("if_match_needed", "缺少版本", "请先读取最新内容再修改。"),
    429: ("too_many", "操作太频繁", "操作太频繁，请稍后再试。"),
    500: ("failed", "系统出错", "系统出了问题，您的内容没有保存，请稍后重试。"),
    503: ("service_away", "暂时办不了", "系统正忙，请稍后重试。"),
}
RETRY_SECONDS = 5
#: what a form is refused for once the grant or the thing it was opened for is gone: doing it again is no use, the words are
KEEPING = (403, 404, 410)
#: the form's token is missing, another browser's, or from before a sign-in elsewhere: nothing was done
EXPIRED = "这个页面打开太久、在别处登录过，或者浏览器没有保存 cookie，这次没有提交。请返回上一页，刷新后重新提交。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is said to whoever asked.  ``number`` only where somebody should look into it."""

    status: int
    code: str
    title: str
    detail: str
    errors: Mapping[str, Any] = field(default_factory=dict)
    number: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The members of the problem document, empty ones left out."""
        found = {"type": f"urn:jiannuo:problem:{self.code}", "title": self.title, "status": self.status, "detail": self.detail,
                 "code": self.code, "errors": dict(self.errors), "number": self.number}
        if has_request_context() and "correlation" in g:
            found["correlation"] = g.correlation
        return {name: value for name, value in found.items() if value not in ("", {})}


def of(error: BaseException) -> Problem:
    """The problem an exception is.  Domain refusals cross by their attributes; whatever else is a mishap with a number."""
    if isinstance(error, HTTPException):
        return _of_http(error)
    code, status, sentence = getattr(error, "code", None), getattr(error, "status", None), getattr(error, "sentence", None)
    if isinstance(code, str) and isinstance(status, int) and isinstance(sentence, str):
        headers = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
        title = SAID.get(status, SAID[409])[1]
        return Problem(status=status, code=code, title=title, detail=sentence, errors=getattr(error, "errors", {}), headers=headers)
    if isinstance(error, (Busy, OperationalError, InterfaceError, PoolTimeout)):
        # our own database is away or full of others: nothing was changed, it may be tried again (T9)
        log.warning("database away", exc_info=error)
        return said(503)
    number = logs.incident()
    log.error("unforeseen", number=number, exc_info=error)
    return said(500, number=number)


def said(status: int, detail: str = "", *, code: str = "", errors: Mapping[str, Any] | None = None, number: str = "") -> Problem:
    """A problem the door itself states."""
    known = SAID.get(status) or SAID[500 if status >= 500 else 400]
    headers = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
    return Problem(status=status, code=code or known[0], title=known[1], detail=detail or known[2], errors=errors or {},
                   number=number, headers=headers)


class Refuse(Exception):
    """Raised inside the door to answer with this problem."""

    def __init__(self, problem: Problem):
        self.problem = problem
        super().__init__(problem.code)


def refuse(status: int, detail: str = "", **more: Any) -> Refuse:
    """``raise refuse(413)``."""
    return Refuse(said(status, detail, **more))


def answer(problem: Problem) -> Response:
    """The problem as JSON under /api, as a page elsewhere."""
    if wants_document():
        response = Response(json.dumps(problem.document(), ensure_ascii=False), status=problem.status,
                            content_type="application/problem+json; charset=utf-8")
    else:
        response = Response(_page(problem), status=problem.status, content_type="text/html; charset=utf-8")
    response.headers.update(problem.headers)
    return response


def wants_document() -> bool:
    return request.path.startswith("/api/")


def register(app: Flask) -> None:
    """Let no exception leave the application but through here."""
    app.register_error_handler(Exception, _answered)


def _answered(error: Exception) -> Any:
    if isinstance(error, Refuse):
        return answer(error.problem)
    if isinstance(error, HTTPException) and (error.response is not None or (error.code or 500) < 400):
        return error
    return answer(of(error))


def _of_http(error: HTTPException) -> Problem:
    status = error.code or 500
    if isinstance(error, CSRFError):
        return said(400, EXPIRED, code="form_expired")
    found = getattr(error, "data", None) or {}
    if status == 422 and "messages" in found:
        return said(422, errors=_flat(found["messages"]))
    problem = said(status, getattr(error, "sentence", ""))
    if status == 405 and getattr(error, "valid_methods", None):
        return said_with(problem, {"Allow": ", ".join(sorted(error.valid_methods))})  # type: ignore[attr-defined]
    return problem


def said_with(problem: Problem, headers: Mapping[str, str]) -> Problem:
    return Problem(status=problem.status, code=problem.code, title=problem.title, detail=problem.detail, errors=problem.errors,
                   number=problem.number, headers={**problem.headers, **headers})


def _flat(messages: Any) -> dict[str, Any]:
    """webargs puts the place (json, query) around the fields; people are told the fields."""
    if isinstance(messages, Mapping) and len(messages) == 1:
        (place, inner), = messages.items()
        if place in ("json", "query", "headers", "form", "files", "json_or_form", "path") and isinstance(inner, Mapping):
            return dict(inner)
    return dict(messages) if isinstance(messages, Mapping) else {"": messages}


def _page(problem: Problem) -> str:
    """The page of the house; bare words where there are no pages or even that fails, so that a mishap never hides another."""
    try:
        if "public" not in current_app.blueprints:
            return bare_page(problem)
        if problem.status in KEEPING and (kept := _kept(problem)):
            return kept
        return render_template("problem.html", title=problem.title, sentence=problem.detail, code=problem.code, number=problem.number,
                               errors=problem.errors, status=problem.status)
    except Exception as error:
        log.error("problem page failed", exc_info=error)
        return bare_page(problem)


def _kept(problem: Problem) -> str:
    """The page that keeps what somebody signed in typed into a form of ours, which is not shown again; empty where nothing was."""
    if request.method != "POST" or "account" not in g:
        return ""
    from services.gateway.pages import forms
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return ""
    refusal = Refusal(problem.detail, errors=problem.errors)
    refusal.status = problem.status
    return forms.kept(refusal)


def bare_page(problem: Problem) -> str:
    """The problem without the look of the house."""
    number = f"<p>编号：{problem.number}</p>" if problem.number else ""
    return (f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{problem.title}</title>'
            f"<h1>{problem.title}</h1><p>{escape(problem.detail)}</p>{number}")
