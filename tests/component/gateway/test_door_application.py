"""The application behind the door: who gets in, headers, CSRF, what goes wrong and how it is told."""
import json
import logging
import re
import shutil
from types import SimpleNamespace

import pytest
from flask import Blueprint, g, render_template_string, request
from flask import session as form_cookie

from services.gateway import clients
from services.gateway.door import create_app
from services.gateway.identity import sessions, sign_in
from services.gateway.settings import GatewaySettings
from services.gateway.storage import at_rest
from tests.fakes_gateway import PASSWORD, FakeCaller, HandClock, account, always, bearer, problem, sign_in_as
from tests.fakes import person
from wire.bus import logs
from wire.bus.settings import Settings
from wire.contracts.calls import Away, Remote
from wire.contracts.pledge import ReadPledge, SubmitPledge

PUBLIC_LISTENER = {"jiannuo.listener": "public", "REMOTE_ADDR": "192.0.2.9"}


def blueprints():
    public, entrance, desk = Blueprint("public", __name__), Blueprint("entrance", __name__), Blueprint("desk", __name__)

    @public.get("/board")
    def board():
        return "board"

    @entrance.get("/enter")
    def sign_in_page():
        return render_template_string('<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">')
    entrance.add_url_rule("/enter", "sign_in", sign_in_page)

    @entrance.post("/enter")
    def enter():
        from werkzeug.wrappers import Response
        return sessions.hand_over(Response("in"), sign_in.sign_in(request.form["username"], request.form["password"]))

    @desk.get("/desk")
    def desk_page():
        return render_template_string('{{ g.actor.name }} <input name="csrf_token" value="{{ csrf_token() }}">')

    @desk.post("/desk")
    def submit():
        return str(clients.call(SubmitPledge(pledge_id=request.form["pledge_id"])))

    @desk.get("/broken")
    def broken():
        raise ValueError("Canary-4711 林乔 530102199001011234")

    return public, entrance, desk


@pytest.fixture
def front(migrated, tmp_path, monkeypatch):
    logs.configure("INFO")
    shutil.copy(migrated, tmp_path / "gateway.sqlite")
    caller, clock = FakeCaller(), HandClock()
    store = at_rest(Settings(data=tmp_path), clock)
    made = blueprints()
    monkeypatch.setattr("services.gateway.prepared.Prepared", lambda *a: None)
    app = create_app(store, caller, clock=clock, pages=made, settings=GatewaySettings(hosts="county.example"))
    yield SimpleNamespace(app=app, store=store, caller=caller, clock=clock, web=app.test_client())
    store.close()


@pytest.fixture
def lin(front):
    front.caller.hold("prs_lin", ("secretary", "org_village"))
    return sign_in_as(front.app, front.web, person("secretary", person_id="prs_lin", name="林乔"))


def token_in(page) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]


# --- who gets in -------------------------------------------------------------------------------------------------------

def test_every_endpoint_is_closed_unless_its_name_says_otherwise(front):
    """Walk through all routes there are without a session: only public ones, entrances and the API's page answer. [X16]"""
    opened = set()
    for rule in front.app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = front.web.open(path, method=method)
            refused = answer.status_code == 401 or (answer.status_code == 302 and "/enter" in answer.location)
            if not refused:
                opened.add(rule.endpoint)
    assert {name.split(".")[0] for name in opened} <= {"public", "entrance", "static", "api-public", "api-docs", "api-entrance"}


def test_a_page_sends_to_the_sign_in_and_remembers_where_one_wanted_to_go(front):
    answer = front.web.get("/desk?year=2026")
    assert answer.status_code == 302 and answer.location == "/enter?next=/desk?year%3D2026"


def test_the_signed_in_person_is_known(front, lin):
    assert front.web.get("/desk").text.startswith("林乔")


def test_signing_in_gives_a_new_cookie_that_scripts_and_other_sites_do_not_get(front):
    """[X11] [X12]"""
    account(front.store, username="su.xiao", person_id="prs_su", password=PASSWORD)
    page = front.web.get("/enter")
    answer = front.web.post("/enter", data={"username": "su.xiao", "password": PASSWORD, "csrf_token": token_in(page)})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("jn_session"))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie and "Secure" not in cookie and "Domain" not in cookie
    secure = front.app.test_client()
    page = secure.get("/enter", base_url="https://county.example")
    answer = secure.post("/enter", base_url="https://county.example", headers={"Referer": "https://county.example/enter"},
                         data={"username": "su.xiao", "password": PASSWORD, "csrf_token": token_in(page)})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if "jn_session" in c)
    assert cookie.startswith("__Host-jn_session=") and "Secure" in cookie and "HttpOnly" in cookie and "Path=/" in cookie
    assert answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("path", ["/desk", "/enter", "/api/v1/session", "/api/v1/pledges?organisation_id=x&year=2026"])
def test_the_second_listener_serves_public_pages_only(front, lin, path):
    """Anything else there says where staff go, signed in or not. [X44]"""
    answer = front.web.get(path, environ_overrides=PUBLIC_LISTENER)
    assert answer.status_code == 403 and "https" in answer.text and "本机" in answer.text


def test_the_second_listener_serves_the_board_without_any_cookie(front):
    """[X44]"""
    answer = front.web.get("/board", environ_overrides=PUBLIC_LISTENER, headers={"Host": "192.0.2.1:8080"})
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:8000@evil.example", ""])
def test_a_foreign_host_header_is_refused(front, host):
    """[X52]"""
    assert front.web.get("/board", headers={"Host": host}).status_code == 400
    assert front.web.get("/board", headers={"Host": "county.example"}).status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "JEFF"])
def test_no_method_but_the_known_ones(front, method):
    """[X36]"""
    assert front.web.open("/board", method=method).status_code == 405
    assert front.web.open("/nowhere", method=method).status_code == 405


# --- headers -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("path", ["/board", "/desk", "/nowhere", "/api/v1/session", "/api/v1/nowhere", "/broken", "/static/theme.css"])
def test_every_answer_carries_the_headers(front, lin, path):
    """[X28]"""
    with front.web.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "'unsafe" not in policy and "frame-ancestors 'none'" in policy and "default-src 'none'" in policy and "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(("path", "kept"), [("/board", True), ("/static/theme.css", True), ("/desk", False), ("/enter", False),
                                            ("/api/v1/session", False), ("/nowhere", False)])
def test_private_pages_are_stored_nowhere(front, lin, path, kept):
    """[X52]"""
    with front.web.get(path) as answer:
        assert (answer.headers.get("Cache-Control") == "no-store") is not kept


# --- CSRF --------------------------------------------------------------------------------------------------------------

def test_a_change_without_its_token_is_refused_and_nothing_is_called(front, lin):
    """[X29]"""
    front.web.get("/desk")
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "made.up.token"}):
        answer = front.web.post("/desk", data={"pledge_id": "plg_1"} | token)
        assert answer.status_code == 400 and "刷新" in answer.text
    assert not front.caller.of(SubmitPledge)


def test_the_token_of_another_browser_is_refused(front, lin):
    """[X29]"""
    other = front.app.test_client()
    foreign = token_in(other.get("/enter"))
    assert front.web.post("/desk", data={"pledge_id": "plg_1", "csrf_token": foreign}).status_code == 400


def test_with_its_token_and_key_a_form_does_its_work_once_per_key(front, lin):
    front.caller.answers[SubmitPledge] = always("done")
    token = token_in(front.web.get("/desk"))
    for _ in range(2):
        answer = front.web.post("/desk", data={"pledge_id": "plg_1", "csrf_token": token, "key": "form-1"})
        assert answer.text == "done"
    first, second = front.caller.of(SubmitPledge)
    assert first.key == second.key and "form-1" in first.key


def test_the_forms_cookie_is_signed(front):
    with front.app.test_request_context("/"):
        assert "csrf_token" not in form_cookie
    front.web.set_cookie("jn_form", "eyJjc3JmX3Rva2VuIjoiYSJ9.made.up")
    assert front.web.get("/enter").status_code == 200


# --- what goes wrong ---------------------------------------------------------------------------------------------------

def test_a_mishap_is_told_by_a_number_that_stands_in_the_log_and_by_nothing_else(front, lin, capfd):
    """[X36] [X53]"""
    answer = front.web.get("/broken")
    assert answer.status_code == 500 and "Canary" not in answer.text and "Traceback" not in answer.text
    number = re.search(r"编号：(\w{8})", answer.text)[1]
    logged = capfd.readouterr().err
    line = next(json.loads(row) for row in logged.splitlines() if number in row)
    assert any("test_door_application.py" in place for place in line["exception"]) and line["exception"][0] == "ValueError"
    assert "Canary" not in logged and "5301021990" not in logged and "林乔" not in logged


def test_a_mishap_in_the_api_is_a_problem_document(front, lin):
    headers = bearer(front.app, account(front.store, username="su.xiao", person_id="prs_su"))
    front.caller.answers[ReadPledge] = ZeroDivisionError("Canary-4711")
    answer = front.web.get("/api/v1/pledges/plg_1", headers=headers)
    found = problem(answer)
    assert answer.status_code == 500 and found.code == "failed" and len(found.number) == 8 and b"Canary" not in answer.data


def test_a_service_that_is_away_is_503_with_retry_after(front, lin):
    """[T9] [T32]"""
    front.caller.answers[SubmitPledge] = Away("暂时没有回应，请稍后再试。")
    token = token_in(front.web.get("/desk"))
    answer = front.web.post("/desk", data={"pledge_id": "plg_1", "csrf_token": token})
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0 and "请稍后再试" in answer.text


def test_a_refusal_keeps_its_status_code_and_sentence(front, lin):
    headers = bearer(front.app, account(front.store, username="su.xiao", person_id="prs_su"))
    front.caller.answers[ReadPledge] = Remote("not_ready", 409, "还有事项没有审查，请逐项审查。", {"items": ["itm_2"]})
    found = problem(front.web.get("/api/v1/pledges/plg_1", headers=headers))
    assert (found.status, found.code, found.detail, found.errors) == (409, "not_ready", "还有事项没有审查，请逐项审查。", {"items": ["itm_2"]})
    assert found.type == "urn:jiannuo:problem:not_ready" and found.title


def test_coming_in_and_going_out_work_while_roster_is_away(front, lin):
    from wire.contracts.roster import GrantsOf
    front.caller.answers[GrantsOf] = Away("暂时没有回应。")
    assert front.web.get("/enter").status_code == 200
    assert front.web.get("/desk").status_code == 503


# --- strange text ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("path", ["/board?search=%B0%B2", "/board?search=%ff", "/board?x=%00", "/b%00ard", "/%c0%ae%c0%ae/etc", "/%b0%b2",
                                  "/board?%ed%a0%80=1"])
def test_an_address_that_is_no_text_is_refused(front, path):
    """GB18030, overlong forms, NUL, surrogates. [T23]"""
    raw = {"RAW_PATH_INFO": path.partition("?")[0]}  # as the web server hands it over; the test client decodes on its own
    assert front.web.get(path, environ_overrides=raw).status_code == 400


@pytest.mark.parametrize("body", [b"pledge_id=%B0%B2", b"pledge_id=\xb0\xb2", "pledge_id=张".encode("utf-16"), b"pledge_id=%00",
                                  b"pledge_id=%ed%a0%80", b"\xff\xfe=1"])
def test_a_form_that_is_no_text_is_refused(front, lin, body):
    """[T23]"""
    token = token_in(front.web.get("/desk"))
    answer = front.web.post("/desk", data=b"csrf_token=" + token.encode() + b"&" + body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400 and not front.caller.of(SubmitPledge)


def test_chinese_in_a_form_arrives_byte_exact(front, lin):
    """[T23]"""
    front.caller.answers[SubmitPledge] = lambda actor, request: request.pledge_id
    token = token_in(front.web.get("/desk"))
    for word in ("柳溪村 𠮷野 é 👍", "a&b=c<script>", "ｆｕｌｌ"):
        assert front.web.post("/desk", data={"pledge_id": word, "csrf_token": token}).text == word


def test_a_form_of_a_million_fields_is_refused(front, lin):
    """[T22]"""
    answer = front.web.post("/desk", data=b"&".join(b"a%d=1" % n for n in range(1_000_000)), content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (400, 413)


def test_one_line_per_request_names_the_rule_and_no_person(front, lin, capfd):
    """[X25]"""
    front.web.get("/desk?search=林乔", headers={"traceparent": "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"})
    line = next(json.loads(row) for row in capfd.readouterr().err.splitlines() if '"request"' in row)
    assert line["rule"] == "/desk" and line["status"] == 200 and line["account"] == lin.id and line["correlation"].startswith("cor_")
    assert line["traceparent"].startswith("00-0123456789abcdef0123456789abcdef") and "林乔" not in str(line) and "127.0.0.1" not in str(line)


def test_a_forged_line_in_a_header_stays_one_line(front, capfd):
    """[X25]"""
    front.web.get("/board", headers={"traceparent": "00-x\\n{\"event\": \"forged\"}"})
    assert "forged" not in capfd.readouterr().err


def test_a_correlation_travels_with_the_call(front, lin):
    front.caller.answers[SubmitPledge] = lambda actor, request: g.correlation
    token = token_in(front.web.get("/desk"))
    assert front.web.post("/desk", data={"pledge_id": "plg_1", "csrf_token": token}).text.startswith("cor_")


@pytest.fixture(autouse=True)
def _quiet_again():
    yield
    logging.getLogger().handlers[:] = []
    logs.configure("CRITICAL")
