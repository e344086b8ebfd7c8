"""What goes wrong at the door and how it is told: mishaps, refusals, services away, text that is none, lines in the log."""
import json
import re

import pytest
from flask import g

from tests.fakes_front import token_in
from tests.fakes_gateway import account, bearer, problem
from wire.contracts.calls import Away, Remote
from wire.contracts.pledge import ReadPledge, SubmitPledge
from wire.contracts.roster import GrantsOf


def test_a_mishap_is_told_by_a_number_that_stands_in_the_log_and_by_nothing_else(front, lin, capfd):
    """[X36] [X53]"""
    answer = front.web.get("/broken")
    assert answer.status_code == 500 and "Canary" not in answer.text and "Traceback" not in answer.text
    number = re.search(r"编号：(\w{8})", answer.text)[1]
    logged = capfd.readouterr().err
    line = next(json.loads(row) for row in logged.splitlines() if number in row)
    assert any("fakes_front.py" in place for place in line["exception"]) and line["exception"][0] == "ValueError"
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


@pytest.mark.parametrize("body", [b"pledge_id=%B0%B2", b"pledge_id=\xb0\xb2", "pledge_id=张".encode("utf-16"),
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
