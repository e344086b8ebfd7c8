"""Signing in and out, sessions and their ends, passwords."""
from dataclasses import replace

import pytest

from services.gateway.identity import passwords, setup
from tests.fakes_gateway import PASSWORD, access_log, account, bearer, problem, session_of

SESSION = "/api/v1/session"


@pytest.fixture
def lin(gate):
    return account(gate.store, password=PASSWORD)


def sign_in(gate, username="lin.qiao", password=PASSWORD, **more):
    return gate.web.post(SESSION, json={"username": username, "password": password}, **more)


def test_a_fresh_system_has_no_login(gate):
    """[X1]"""
    assert setup.is_empty(gate.store)
    for username, password in (("admin", "admin"), ("root", "root"), ("demo", "demo"), ("", "")):
        assert sign_in(gate, username, password).status_code in (401, 422)


def test_a_token_opens_the_api_until_it_is_given_back(gate, lin):
    """Dead at sign-out, whoever kept a copy. [X10]"""
    gate.caller.hold("prs_lin", ("secretary", "org_village"))
    answer = sign_in(gate, " LIN.Qiao ")
    assert answer.status_code == 201 and len(answer.json["token"]) >= 43
    headers = {"Authorization": f"Bearer {answer.json['token']}"}
    me = gate.web.get(SESSION, headers=headers).json
    assert me["name"] == "林乔" and me["grants"] == [{"role": "secretary", "organisation_id": "org_village"}]
    assert gate.web.delete(SESSION, headers=headers).status_code == 204
    assert gate.web.get(SESSION, headers=headers).status_code == 401


def test_every_sign_in_has_an_identifier_of_its_own_and_none_is_stored(gate, lin):
    """[X9] [X11]"""
    tokens = {sign_in(gate).json["token"] for _ in range(3)}
    assert len(tokens) == 3
    with gate.store.reading() as unit:
        rows = unit.sql.exec_driver_sql("SELECT * FROM session").all()
    assert len(rows) == 3 and not any(token in str(rows) for token in tokens)


def test_a_session_ends_after_thirty_idle_minutes(gate, lin):
    """[X9]"""
    headers = bearer(gate.app, lin)
    for _ in range(3):
        gate.clock.move(minutes=29)
        assert gate.web.get(SESSION, headers=headers).status_code == 200
    gate.clock.move(minutes=30)
    assert gate.web.get(SESSION, headers=headers).status_code == 401
    gate.clock.move(minutes=-30)
    assert gate.web.get(SESSION, headers=headers).status_code == 401


def test_a_session_ends_after_twelve_hours_however_busy(gate, lin):
    """[X9]"""
    headers = bearer(gate.app, lin)
    for _ in range(35):
        gate.clock.move(minutes=20)
        assert gate.web.get(SESSION, headers=headers).status_code == 200
    gate.clock.move(minutes=20)
    assert gate.web.get(SESSION, headers=headers).status_code == 401


def test_a_disabled_account_is_out_at_its_next_request(gate, lin):
    """[X10]"""
    headers = bearer(gate.app, lin)
    assert gate.web.get(SESSION, headers=headers).status_code == 200
    with gate.store.writing() as unit:
        unit.sql.exec_driver_sql("UPDATE account SET state = 'disabled'")
    assert gate.web.get(SESSION, headers=headers).status_code == 401
    assert problem(sign_in(gate)).code == "sign_in_failed"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic bGlu", "Bearer " + "A" * 43, "Bearer " + "A" * 5000, "bearer\t"])
def test_a_made_up_token_opens_nothing(gate, lin, header):
    """[X9]"""
    assert gate.web.get(SESSION, headers={"Authorization": header}).status_code == 401


def test_a_sign_in_over_plain_http_from_elsewhere_is_refused(gate, lin):
    """Only this machine, or https. [X44]"""
    answer = sign_in(gate, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 403 and "https" in problem(answer).detail


def test_changing_the_password_needs_the_old_one_and_ends_the_other_sessions(gate, lin):
    """[X5]"""
    mine, elsewhere = bearer(gate.app, lin), bearer(gate.app, lin)
    change = f"{SESSION}/password"
    wrong = gate.web.put(change, headers=mine, json={"old_password": "wrong", "new_password": "Another-9 lantern"})
    assert problem(wrong).errors == {"old_password": "原密码不对，请重新输入。"}
    weak = gate.web.put(change, headers=mine, json={"old_password": PASSWORD, "new_password": "password1"})
    assert problem(weak).code == "weak_password" and "new_password" in problem(weak).errors
    assert gate.web.put(change, headers=mine, json={"old_password": PASSWORD, "new_password": "Another-9 lantern"}).status_code == 204
    assert gate.web.get(SESSION, headers=mine).status_code == 200
    assert gate.web.get(SESSION, headers=elsewhere).status_code == 401
    assert sign_in(gate).status_code == 401
    assert sign_in(gate, password="Another-9 lantern").status_code == 201


@pytest.mark.parametrize("meanwhile", ["changed", "disabled"])
def test_a_password_that_was_changed_while_it_was_verified_opens_nothing(gate, lin, monkeypatch, meanwhile):
    """Verifying is slow: what happens to the account in that time counts. [X5] [X14]"""
    mine, verify = bearer(gate.app, lin), passwords.fits

    def slow(*words):
        fits = verify(*words)
        monkeypatch.setattr(passwords, "fits", verify)
        if meanwhile == "changed":
            done = gate.app.test_client().put(f"{SESSION}/password", headers=mine,
                                              json={"old_password": PASSWORD, "new_password": "Another-9 lantern"})
            assert done.status_code == 204
        else:
            with gate.store.writing() as unit:
                unit.books.accounts.save(replace(lin, state="disabled", version=lin.version + 1))
                unit.books.sessions.end_others(lin.id)
        return fits
    monkeypatch.setattr(passwords, "fits", slow)
    assert problem(sign_in(gate)).code == "sign_in_again"
    with gate.store.reading() as unit:
        assert len(unit.books.sessions.of_account(lin.id)) == (1 if meanwhile == "changed" else 0)


def test_sign_ins_and_failures_stand_in_the_access_log_without_what_was_typed(gate, lin):
    """[X21]"""
    sign_in(gate)
    sign_in(gate, password="wrong")
    sign_in(gate, username="nobody.here")
    lines = access_log(gate.store)
    assert [(line["operation"], line["result"]) for line in lines] == [
        ("gateway.sign_in", "sign_in_failed"), ("gateway.sign_in", "sign_in_failed"), ("gateway.sign_in", "done")]
    assert lines[0]["person_id"] == "" and lines[1]["person_id"] == lines[2]["person_id"] == "prs_lin"
    assert all(line["address"] == "127.0.0.1" and line["correlation"].startswith("cor_") for line in lines)
    assert "nobody.here" not in str(lines)


def test_no_password_is_in_the_database(gate, lin, tmp_path):
    """[X25]"""
    sign_in(gate, password="Canary-4711 in a password")
    for file in tmp_path.glob("gateway.sqlite*"):
        assert b"Canary-4711" not in file.read_bytes() and PASSWORD.encode() not in file.read_bytes()


def test_the_browser_session_does_not_open_the_api(gate, lin):
    """A foreign page that makes a browser post to /api meets no session there. [X29]"""
    gate.web.set_cookie("jn_session", session_of(gate.store, lin, "browser"))
    assert gate.web.get(SESSION).status_code == 401
