"""The door: who gets in, by which listener and name; headers; CSRF."""
import re

import pytest
from flask import session as form_cookie

from tests.fakes_front import token_in
from tests.fakes_gateway import PASSWORD, account, always
from wire.contracts.pledge import SubmitPledge

PUBLIC_LISTENER = {"jiannuo.listener": "public", "REMOTE_ADDR": "192.0.2.9"}


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
