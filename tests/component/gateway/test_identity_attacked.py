"""Signing in under attack: guessing, listing names, and fifty at once."""
import contextlib
import time
import urllib.request
from collections import Counter
from types import SimpleNamespace

import eventlet
import pytest
from sqlalchemy import event

from services.gateway.identity import failures, passwords, rules
from services.gateway.identity.refusals import Locked
from tests.component.gateway.test_identity_sign_in import SESSION, sign_in
from tests.fakes_gateway import PASSWORD, account, problem
from tests.servers import crowding
from wire.bus.health import Health, Pages
from wire.bus.settings import Settings


@pytest.fixture
def lin(gate):
    return account(gate.store, password=PASSWORD)


def test_five_failures_lock_the_name_at_this_address_for_fifteen_minutes(gate, lin):
    """The right password does not help either; from another address it does: nobody can lock everybody out. [X6] [X7]"""
    for _ in range(5):
        assert problem(sign_in(gate, password="wrong")).code == "sign_in_failed"
    locked = sign_in(gate)
    assert locked.status_code == 429 and "15 分钟" in problem(locked).detail
    assert sign_in(gate, environ_base={"REMOTE_ADDR": "127.0.0.9"}).status_code == 201
    gate.clock.move(minutes=14)
    assert sign_in(gate).status_code == 429
    gate.clock.move(minutes=1, seconds=1)
    assert sign_in(gate).status_code == 201


def test_four_failures_and_a_success_begin_the_count_anew(gate, lin):
    for _ in range(2):
        for _ in range(4):
            sign_in(gate, password="wrong")
        assert sign_in(gate).status_code == 201


def test_tries_at_the_same_moment_are_all_counted(gate, lin):
    """Forty guesses sent at once are not forty guesses. [X6]"""
    answers = [eventlet.spawn(lambda n=n: gate.app.test_client().post(SESSION, json={"username": "lin.qiao", "password": f"no{n}"}).status_code)
               for n in range(40)]
    found = [thread.wait() for thread in answers]
    assert found.count(401) <= 5 and found.count(429) >= 35


def test_a_thousand_names_under_attack_leave_the_others_free(gate, lin):
    """And the attacked themselves get in from another place; an address of IPv6 is its whole network. [X6] [X7]"""
    for n in range(1000):
        with gate.app.test_request_context(SESSION, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
            for _ in range(6 if n % 100 == 0 else 1):
                with contextlib.suppress(Locked):
                    failures.count(failures.mark_of("lin.qiao" if n == 500 else f"name{n}"))
    assert sign_in(gate).status_code == 429
    assert sign_in(gate, environ_base={"REMOTE_ADDR": "127.0.0.2"}).status_code == 201
    account(gate.store, username="su.xiao", person_id="prs_su", password=PASSWORD)
    assert sign_in(gate, username="su.xiao").status_code == 201
    marks = set()
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"):
        with gate.app.test_request_context(SESSION, environ_base={"REMOTE_ADDR": address}):
            marks.add(failures.mark_of("lin.qiao"))
    assert len(marks) == 2


def test_an_unknown_name_is_answered_like_a_known_one(gate, lin):
    """In words: the bodies differ in nothing but the correlation. [X8]"""
    known, unknown = sign_in(gate, password="wrong"), sign_in(gate, username="nobody.here", password="wrong")
    bodies = [{k: v for k, v in answer.json.items() if k != "correlation"} for answer in (known, unknown)]
    assert bodies[0] == bodies[1] and known.status_code == unknown.status_code
    assert [(k, len(v)) for k, v in known.headers] == [(k, len(v)) for k, v in unknown.headers]


def test_an_unknown_name_costs_as_much_work_as_a_known_one(gate, lin, monkeypatch):
    """Two hundred tries each of a known, an unknown, a disabled name and of one whose owner never chose a password: one slow
    hash with the same parameters and the same statements to the database each time. [X8]"""
    account(gate.store, username="gone", person_id="prs_gone", password=PASSWORD)
    with gate.store.writing() as unit:
        unit.sql.exec_driver_sql("UPDATE account SET state = 'disabled' WHERE username = 'gone'")
    work, known = [], passwords._hasher.verify

    def verify(hashed, password):
        work.append(("hash", hashed.rpartition("$")[0].rpartition("$")[0]))
        return known("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$9pS9wE2cWvyZyX6TlU0cBSaRHMZVPDTFHAVjB7JFVFc", password)
    monkeypatch.setattr(passwords, "_hasher", SimpleNamespace(verify=verify))
    event.listen(gate.store.database.engine, "before_cursor_execute",
                 lambda c, cursor, statement, *more: work.append(("sql", statement.split(" WHERE")[0])))

    gate.app.extensions[rules.KEY] = rules.Rules(gate.store, gate.clock, lambda: 0.0)
    gate.app.extensions[rules.KEY].now()

    def work_of(username, n):
        work.clear()
        answer = sign_in(gate, username=username, password="wrong", environ_base={"REMOTE_ADDR": f"127.1.{n // 250}.{n % 250}"})
        assert answer.status_code == 401
        return tuple(work)
    found = {name: Counter(work_of(name, n) for n in range(50 * at, 50 * at + 50))
             for at, name in enumerate(("lin.qiao", "nobody.here", "gone", "NOBODY@else where"))}
    assert len(set(map(frozenset, (one.items() for one in found.values())))) == 1, found
    (steps,), = [one.keys() for one in list(found.values())[:1]]
    assert [kind for kind, _ in steps].count("hash") == 1


def test_a_process_answers_that_it_lives_while_fifty_sign_in(gate, lin, monkeypatch):
    """The slow hash runs beside the hub, two at a time: answers come while it is at work, and they come soon. [X15]"""
    settings = Settings(health_port=0)
    pages = Pages(settings, Health(settings, list))
    pages.start()
    #: seconds each answer took; how many hashes are at work, at each beginning of one; how many answers came during each
    took, at_work, most, meanwhile, stop = [], [], [], [], []
    real = passwords._hasher

    def verify(*words):
        at_work.append(True)
        most.append(len(at_work))
        before = len(took)
        try:
            return real.verify(*words)
        finally:
            meanwhile.append(len(took) - before)
            at_work.pop()
    monkeypatch.setattr(passwords, "_hasher", SimpleNamespace(verify=verify))

    def ask():
        while not stop:
            began, hashing = time.perf_counter(), bool(most)
            with urllib.request.urlopen(f"http://127.0.0.1:{pages.port}/livez", timeout=60) as answer:
                assert answer.status == 200
            # before the first of them only the fifty clients of this test start, in the same process
            if hashing:
                took.append(time.perf_counter() - began)
            eventlet.sleep(0.001)
    asking = eventlet.spawn(ask)
    waiting = [eventlet.spawn(lambda n=n: gate.app.test_client().post(
        SESSION, json={"username": "lin.qiao", "password": "x"}, environ_base={"REMOTE_ADDR": f"127.0.1.{n}"})) for n in range(50)]
    assert all(thread.wait().status_code == 401 for thread in waiting)
    stop.append(True)
    asking.wait()
    pages.stop()
    assert len(meanwhile) == 50 and max(most) == 2
    # on the hub no hash ever sees an answer come
    assert sum(1 for answers in meanwhile if answers) > 10, meanwhile
    assert len(took) > 20 and sorted(took)[int(len(took) * 0.95)] < 0.2 * crowding(), took
