"""What every request meets first: is it well written, for us, at this door, and who is asking?  Denied unless allowed (X16)."""
import re
from urllib.parse import unquote_to_bytes

import structlog
from flask import Flask, current_app, g, make_response, redirect, request, url_for
from uuid_utils import uuid7
from werkzeug.wrappers import Response

from services.gateway import problems
from services.gateway.door.listener import LISTENER, PUBLIC_ONLY
from services.gateway.addresses import answers_to, is_loopback
from services.gateway.identity import keys, looks, owed, sessions
from services.gateway.problems import refuse
from services.gateway.storage import Account
from wire.bus import logs
from wire.contracts.actor import PUBLIC, Actor

log = structlog.get_logger("gateway")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: endpoints for everybody on every listener, and for everybody at the staff address; all others need a session
EVERYWHERE = ("public.", "api-public.", "api-docs.", "static")
ENTRANCES = ("entrance.", "api-entrance.")
#: what needs a person, whose account or whose file it is
NO_TOKEN = "请先登录：POST /api/v1/session，再把 token 放进 Authorization: Bearer 头。"
NO_KEY = "密钥无效：写得不完整，或者已停用、已更换、已到期。请核对 Authorization: Bearer 头，或请县级管理员重新开通。"
PEOPLE_ONLY = ("api-session.", "api-imports.", "api-exports.")
#: what somebody signed in does about their own account, also while it demands something of them first
OWN = ("account.", "api-session.", *ENTRANCES)
TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)
GARBLED = "地址或表单里有无法识别的文字（应为 UTF-8 编码），请重新输入后提交。"
UNSEEN = "填写的内容里有看不见的控制字符，请重新输入后提交，不要从别处粘贴。"
UNSEEN_KEPT = "填写的内容里有看不见的控制字符（多半是从别处粘贴带来的），没有保存。已经替您去掉，请核对后重新提交。"
STAFF_DOOR = "这个地址只供查看公开内容。工作人员请在本机打开，或者使用以 https 开头的地址。"


def register(app: Flask) -> None:
    app.before_request(enter)
    app.after_request(leave)


def enter() -> Response | None:
    """Let the request in, send it to the sign-in page, or refuse it.  Afterwards ``g.actor`` says who asks."""
    g.correlation = f"cor_{uuid7().hex}"
    g.traceparent = _traceparent()
    logs.bind(correlation=g.correlation, traceparent=g.traceparent)
    g.actor = PUBLIC
    _well_written()
    settings = current_app.extensions["gateway"]
    if request.mimetype != "multipart/form-data":
        request.max_content_length = settings.json_bytes
    if not answers_to(request.host, settings.hosts, public=_public_only()):
        raise refuse(400, "这个系统不使用这个网址，请核对浏览器地址栏里的网址。", code="unknown_host")
    endpoint = request.endpoint or ""
    everybody = endpoint.startswith(EVERYWHERE)
    if _public_only() and endpoint and not everybody:
        raise refuse(403, STAFF_DOOR, code="staff_door")
    if everybody:
        return None
    if not (request.is_secure or is_loopback(request.remote_addr or "")):
        raise refuse(403, STAFF_DOOR, code="staff_door")
    found = sessions.at_the_door()
    if found is None and endpoint.startswith("api-") and (key := keys.at_the_door()) is not None:
        if endpoint.startswith(PEOPLE_ONLY):
            raise refuse(403, "密钥没有自己的账号，不能这样用；请用本人的账号登录后办理。", code="key_not_for_this")
        g.api_key, g.actor = key, keys.actor_of(key)
    elif found is not None:
        g.session, g.account = found
        g.actor = _actor(found[1], endpoint)
        if endpoint and not endpoint.startswith(OWN) and (owes := owed.by(found[1], g.actor)):
            return _first(owes)
    elif endpoint and not endpoint.startswith(ENTRANCES):
        return _sign_in_first()
    if not request.path.startswith("/api/"):
        return _form_well_written()
    return None


def leave(response: Response) -> Response:
    """The looks of the request into the access log, before its answer leaves; and one line per request into the running
    log: which rule, not which address; nobody's name, nobody's address."""
    if response.status_code == 403 and "account" in g:
        looks.note(f"page.{request.endpoint}", result="forbidden")
    try:
        looks.flush()
    except Exception as error:
        # nobody sees what could not be noted
        response = problems.answer(problems.of(error))
    rule = request.url_rule.rule if request.url_rule else "-"
    log.info("request", method=request.method, rule=rule, status=response.status_code,
             account=g.account.id if "account" in g else g.api_key.id if "api_key" in g else "")
    return response


def _actor(account: Account, endpoint: str) -> Actor:
    """Who asks, with the grants as they are known: pages show by them what a person may do, services decide anew.

    Coming in and going out must work while roster is away.
    """
    held = () if endpoint.startswith(ENTRANCES) else current_app.extensions["clients"].grants(account.person_id)
    return Actor(kind="person", person_id=account.person_id, name=account.name, member_id=account.member_id, grants=held,
                 address=(request.remote_addr or "")[:60])


def _sign_in_first() -> Response:
    if request.path.startswith("/api/"):
        problem = problems.said(401, NO_KEY if sessions.carried().startswith("jn_") else NO_TOKEN)
        return problems.answer(problems.said_with(problem, {"WWW-Authenticate": 'Bearer realm="jiannuo"'}))
    if request.method in ("GET", "HEAD") and "entrance.sign_in" in current_app.view_functions:
        return redirect(url_for("entrance.sign_in", next=request.full_path.rstrip("?")))
    if "entrance.sign_in_and_go_on" in current_app.view_functions:
        from services.gateway.pages.entrance import expired
        _form_well_written()
        return make_response(expired())
    return problems.answer(problems.said(401, "登录已失效，刚才的内容没有保存。请在新页面登录，再返回这里重新提交。"))


def _first(owes: owed.Owed) -> Response:
    """Nothing else is done before that (X4, X13)."""
    if request.path.startswith("/api/") or owes.endpoint not in current_app.view_functions:
        return problems.answer(problems.said(403, owes.sentence, code=owes.code))
    return redirect(url_for(owes.endpoint, first=1), 303)


def _public_only() -> bool:
    return request.environ.get(LISTENER) == PUBLIC_ONLY


def _well_written() -> None:
    """Refuse what no browser sends: other methods, addresses that are not UTF-8, control characters, strange keys (T23)."""
    if request.method not in METHODS:
        raise refuse(405)
    raw = request.environ.get("RAW_PATH_INFO") or request.environ.get("PATH_INFO", "")
    for part in (raw, request.environ.get("QUERY_STRING", "")):
        if not _is_text(unquote_to_bytes(part.replace("+", " ").encode("latin-1", "replace"))):
            raise refuse(400, GARBLED)
    key = request.headers.get("Idempotency-Key")
    if key is not None and not KEY.fullmatch(key):
        raise refuse(400, "Idempotency-Key 应为 1 到 200 个可见的英文字符，请改正后重试。", code="bad_key")


def _form_well_written() -> Response | None:
    """A form that is not UTF-8 would be stored as something else than was typed: refused (T23).

    Control characters nobody sees (NUL, pasted along) are refused too; whoever is signed in gets everything typed back,
    without them, to be sent with one press.
    """
    if request.method not in ("POST", "PUT", "PATCH"):
        return None
    if request.mimetype == "application/x-www-form-urlencoded":
        said = unquote_to_bytes(request.get_data(cache=True, parse_form_data=False))
        if not _is_text(said.replace(b"\0", b"")):
            raise refuse(400, GARBLED)
        if b"\0" in said:
            if (request.endpoint or "").startswith(ENTRANCES):
                raise refuse(400, UNSEEN)
            if "account" not in g:
                # the page that asks to sign in again keeps what was typed, as text
                return None
            from services.gateway.pages.entrance import kept_if_ours
            return make_response(kept_if_ours(UNSEEN_KEPT, refuse(400, UNSEEN)), 400)
    elif request.mimetype == "multipart/form-data" and any(
            "\ufffd" in word or "\0" in word for pair in request.form.items(multi=True) for word in pair):
        raise refuse(400, GARBLED)
    return None


def _is_text(found: bytes) -> bool:
    try:
        return "\0" not in found.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _traceparent() -> str:
    """The caller's trace goes on; anything else begins a new one."""
    sent = request.headers.get("traceparent", "")
    if TRACEPARENT.fullmatch(sent) and sent[3:35] != "0" * 32:
        return sent
    return f"00-{uuid7().hex}-{uuid7().hex[16:]}-01"
