"""Conditional requests as RFC 9110 (13.1) has them: what If-Match and If-None-Match say, before anything is asked of a service.

Rule kept here, for every route of the API whoever wrote it: what a GET answers carries a tag and is not sent to whoever has it;
a condition that would not be kept is refused.

A tag of ours begins with the version of what was read.  A weak one counts as the strong one it was: a proxy that compresses an
answer weakens its tag, and the version is the same all the same.
"""
import re
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, request

from services.gateway.problems import refuse

TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = re.compile(rf"{TAG}(?:[ \t]*,[ \t]*{TAG})*")
OURS = re.compile(r'(?:W/)?"(\d{1,9})(?:-[0-9a-f]+)?"', re.ASCII)
UNREADABLE = "{} 请求头读不懂：请原样写上回答里的 ETag（连同双引号），或写 *。"
ONE = "If-Match 请求头里请只写一个 ETag，就是最近读到的那一个。"
NOT_OURS = "If-Match 里的 ETag 与现在的内容不符，没有写入。请重新读取，再用读到的 ETag 提交。"
NEEDED = "请先读取最新内容，再把回答里的 ETag 放进 If-Match 请求头。"
NOT_ANY = "这项修改要以读到的内容为准，If-Match 不能写 *，请写上读到的 ETag。"
ONLY_NEW = "写入时 If-None-Match 只能写 *（只新建，已有就不写），请改正后重试。"
UNUSED = "这项操作不看 {}，请去掉这个请求头后重试。"


def register(app: Flask, blueprint: str) -> None:
    """Keep the rule on all routes of this blueprint."""
    app.before_request_funcs.setdefault(blueprint, []).append(_refuse_unkept)
    app.after_request_funcs.setdefault(blueprint, []).append(_tagged)


def keeps(view: Callable[..., Any]) -> Callable[..., Any]:
    """This view looks at the conditions itself."""
    view.keeps_conditions = True  # type: ignore[attr-defined]
    return view


def _tagged(response: Response) -> Response:
    """A tag of its own says more than one of the bytes, and stays."""
    if request.method in ("GET", "HEAD") and response.status_code == 200:
        response.add_etag()
        response.make_conditional(request)
    return response


def version_wanted() -> int:
    """The version in If-Match, where whoever overwrites must say what they have read.  Refuses ``*``, which says nothing of it."""
    if "If-Match" not in request.headers:
        raise refuse(428, NEEDED, code="if_match_needed")
    version, expects = wanted()
    if expects:
        raise refuse(428, NOT_ANY, code="if_match_needed")
    return version


def wanted() -> tuple[int, str]:
    """The version that must stand, 0 for any, and whether the thing must be ``there`` or ``absent``."""
    if (none := request.headers.get("If-None-Match")) is not None and none.strip() != "*":
        raise refuse(400, ONLY_NEW, code="if_none_match_not_supported")
    absent = "" if none is None else "absent"
    said = request.headers.get("If-Match")
    if said is None:
        return 0, absent
    if said.strip() == "*":
        if absent:
            raise refuse(412, "If-Match: * 和 If-None-Match: * 不能同时成立，请只留一个。")
        return 0, "there"
    return _version(said.strip()), absent


def _refuse_unkept() -> None:
    """A condition that would not be kept is refused rather than passed over."""
    if getattr(current_app.view_functions.get(request.endpoint or ""), "keeps_conditions", False):
        return
    for name in ("If-Match", "If-None-Match"):
        if name in request.headers and not (name == "If-None-Match" and request.method in ("GET", "HEAD")):
            raise refuse(400, UNUSED.format(name), code=f"{name.lower().replace('-', '_')}_not_supported")


def _version(said: str) -> int:
    if not TAGS.fullmatch(said):
        raise refuse(400, UNREADABLE.format("If-Match"), code="if_match_unreadable")
    versions = {int(version) for version in OURS.findall(said)}
    if len(versions) > 1:
        raise refuse(400, ONE, code="if_match_unreadable")
    if not versions or versions == {0}:
        raise refuse(412, NOT_OURS)
    return versions.pop()
