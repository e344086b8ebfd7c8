"""Calls in one process: the door refuses what it must, does the work once, and never lets an exception out."""
import json
import sqlite3
import time

import eventlet
import pytest
from sqlalchemy import select

from tests.component.wire.echo import CLERK, SECRETARY, Echo, Journal, List, Read, Said, Wait, Write
from tests.component.wire.trial import until
from tests.pauses import longest_pauses
from tests.servers import crowding
from wire.bus import audit, idempotency
from wire.bus.calls import Caller
from wire.bus.settings import Settings
from wire.bus.tables import audit as lines
from wire.bus.testing import house
from wire.contracts.actor import PUBLIC, Actor, service_actor
from wire.contracts.calls import Away, Remote


@pytest.fixture
def running(tmp_path):
    Echo.done.clear()
    Echo.begun.clear()
    with house(tmp_path, Echo) as running:
        yield running


def refused(running, actor, request, **options) -> Remote:
    with pytest.raises(Remote) as caught:
        running.call(actor, request, **options)
    return caught.value


def test_a_call_returns_the_reply_shape(running):
    assert running.call(PUBLIC, Read(words="你好")) == Said(words="你好")
    assert running.call(PUBLIC, List(words=("a", "b"))) == (Said(words="a"), Said(words="b"))


def test_the_same_key_does_the_work_once(running):
    """[T32]"""
    first = running.call(SECRETARY, Write(words="once"), key="k1")
    assert running.call(SECRETARY, Write(words="once"), key="k1") == first
    assert Echo.done == ["once"]


def test_two_calls_with_one_key_at_the_same_time_do_the_work_once(running):
    """[T32]"""
    both = [eventlet.spawn(running.call, SECRETARY, Wait(milliseconds=50), "k2") for _ in range(2)]
    assert [g.wait() for g in both] == [Said(words="waited")] * 2
    assert Echo.done == ["waited"]


def test_a_lost_reply_and_a_second_try_do_the_work_once(running, monkeypatch):
    """[T32]"""
    hall = next(e for e in running._containers["echo"].subextensions if hasattr(e, "doors"))
    send = hall.post.send
    lost = []
    monkeypatch.setattr(hall.post, "send", lambda act, seconds: lost.append(act))
    asked = eventlet.spawn(running.call, SECRETARY, Write(words="lost"), key="k3", deadline=60.0)
    until(lambda: lost, what="a reply to lose")
    asked.kill()
    monkeypatch.setattr(hall.post, "send", send)
    assert running.call(SECRETARY, Write(words="lost"), key="k3") == Said(words="lost", times=1)
    assert Echo.done == ["lost"]


def test_a_key_used_for_other_words_is_refused(running):
    running.call(SECRETARY, Write(words="one"), key="k4")
    assert refused(running, SECRETARY, Write(words="two"), key="k4").code == "idempotency_key_reused"
    assert Echo.done == ["one"]


def test_a_key_belongs_to_one_person(running):
    other = Actor(kind="person", person_id="per_9", grants=SECRETARY.grants)
    running.call(SECRETARY, Write(words="one"), key="k5")
    assert running.call(other, Write(words="two"), key="k5").words == "two"


def test_keys_are_forgotten_after_their_days(running):
    running.call(SECRETARY, Write(words="one"), key="k6")
    bus = running.bus("echo")
    with bus.writing() as unit:
        assert idempotency.forget(unit.sql, unit.now, days=7) == 0
        assert idempotency.forget(unit.sql, unit.now, days=-1) == 1


def test_a_refusal_of_the_domain_crosses_with_code_status_sentence_and_errors(running):
    refusal = refused(running, SECRETARY, Write(words="unready"))
    assert (refusal.code, refusal.status, refusal.sentence) == ("unready", 409, "还没有到时间，请明天再提交。")
    assert refusal.errors == {"words": ["太早了。"]}
    assert refused(running, PUBLIC, Read(words="nothing")).status == 404


def test_a_refused_decision_is_in_the_operation_log_too(running):
    """[X21]"""
    running.call(SECRETARY, Write(words="fine"))
    refused(running, SECRETARY, Write(words="unready"))
    refused(running, CLERK, Write(words="no"))
    with running.bus("echo").writing() as unit:
        found = unit.sql.execute(select(lines.c.person_id, lines.c.operation, lines.c.result).order_by(lines.c.seq)).all()
        assert found == [("per_1", "echo.write", "done"), ("per_1", "echo.write", "unready"), ("per_2", "echo.write", "forbidden")]
        audit.link(unit.sql)
        assert audit.broken(unit.sql) is None


def test_an_unknown_error_crosses_as_a_number_and_its_words_reach_neither_user_nor_log(running, capsys):
    """[X36] [X53]"""
    from wire.bus import logs
    logs.configure("INFO")
    refusal = refused(running, SECRETARY, Write(words="broken"))
    assert refusal.code == "internal" and refusal.incident in refusal.sentence
    written = capsys.readouterr().err
    assert refusal.incident in written and "ValueError" in written and "echo.py" in written
    assert "13812345678" not in written + refusal.sentence + json.dumps(refusal.errors)


def test_nobody_calls_without_the_kind_and_a_role_the_call_asks_for(running):
    """[X16]"""
    for actor in (PUBLIC, CLERK, service_actor("notice")):
        assert refused(running, actor, Write(words="no")).code == "forbidden"
    assert refused(running, SECRETARY, Journal(words="x")).code == "forbidden"
    assert running.call(service_actor("notice"), Journal(words="x")) == Said(words="x")
    assert Echo.done == []


def test_a_grant_over_another_place_does_not_reach_here(running):
    """[X17]"""
    assert refused(running, SECRETARY, Write(words="no", organisation_id="org_2")).code == "forbidden"


def test_a_request_that_does_not_fit_names_its_fields(running):
    """[X26]"""
    refusal = refused(running, SECRETARY, Write(words="字" * 21))
    assert (refusal.code, refusal.status) == ("invalid", 422)
    assert "最多 20 个字" in refusal.errors["words"][0]


def test_nothing_commits_after_the_deadline(running):
    """[X49] [T32]"""
    with pytest.raises(Away):
        running.call(SECRETARY, Wait(milliseconds=2500), key="k7", deadline=1.0)
    assert Echo.begun and not Echo.done, "the caller waits no longer than that"

    def told():
        with running.reading("echo") as unit:
            return unit.sql.execute(select(lines.c.result)).scalars().all()
    assert until(told, what="how it ended") == ["service_away"] and Echo.done == ["waited"]


def test_a_call_whose_caller_gave_up_is_not_begun(running):
    """[T32]"""
    running.stop("echo")
    with pytest.raises(Away):
        running.call(SECRETARY, Write(words="too late"), deadline=0.1)
    running.start("echo")
    running.call(PUBLIC, Read(words="after it in the queue"))
    assert Echo.done == []


def test_a_service_nobody_ever_started_is_away_at_once(running, tmp_path):
    with house(tmp_path / "empty") as empty:
        with eventlet.Timeout(60), pytest.raises(Away):
            empty.call(PUBLIC, Read(words="hi"), deadline=600)


def test_the_table_of_replies_waited_for_does_not_leak(running):
    running.call(PUBLIC, Read(words="hi"))
    with pytest.raises(Away):
        running.call(SECRETARY, Wait(milliseconds=100), deadline=0.05)
    waiting = eventlet.spawn(running.call, SECRETARY, Wait(milliseconds=100))
    until(lambda: running.caller._waiting, what="somebody who waits")
    waiting.kill()
    assert running.caller._waiting == {}


def test_a_service_that_stops_finishes_what_it_has_in_hand(running):
    """[T2]"""
    asked = eventlet.spawn(running.call, SECRETARY, Wait(milliseconds=100))
    until(lambda: Echo.begun, what="something in hand")
    running.stop("echo")
    assert asked.wait() == Said(words="waited")


def test_a_call_without_a_key_of_its_own_is_refused_at_the_door(running, monkeypatch):
    monkeypatch.setattr("wire.bus.calls.ask.uuid7", lambda: type("", (), {"hex": ""}))
    assert refused(running, SECRETARY, Write(words="no key")).code == "invalid"


def test_a_file_locked_by_another_process_neither_freezes_the_hub_nor_outlasts_the_deadline(running):
    """A backup holds the file for two seconds: reading goes on, a decision is refused with 503 or waits its turn.  [T35] [T9]"""
    running.call(SECRETARY, Write(words="before"))
    other = sqlite3.connect(running.settings.sqlite("echo"), isolation_level=None)
    try:
        with longest_pauses() as pauses:
            other.execute("BEGIN IMMEDIATE")
            calls = [eventlet.spawn(outcome, running, SECRETARY, Write(words=f"w{n}")) for n in range(10)]
            for _ in range(20):
                assert running.call(PUBLIC, Read(words="reading goes on"), deadline=10.0)
                eventlet.sleep(0.1)
            other.execute("ROLLBACK")
            assert {call.wait() for call in calls} <= {"done", "database_away", "service_away"}
    finally:
        other.close()
    # a hub that waited for the file would stand still for most of two seconds; what the machine took from everybody is not its own
    assert pauses["hub"] < 1.0 + 2 * pauses["machine"], pauses
    assert running.call(SECRETARY, Write(words="after")).words == "after"


def outcome(running, actor, request) -> str:
    try:
        running.call(actor, request, deadline=5.0)
        return "done"
    except (Remote, Away) as refusal:
        return refusal.code


def test_a_service_that_cannot_say_how_it_went_is_asked_again_under_its_key(running):
    """Killed in the middle of its work: the work is done once, by whichever process comes next.  [T1] [T32]"""
    asked = eventlet.spawn(running.call, SECRETARY, Wait(milliseconds=200), "k8", 60.0)
    until(lambda: Echo.begun, what="the work in its middle")
    running.kill("echo")
    assert Echo.done == []
    running.start("echo")
    assert asked.wait() == Said(words="waited") and Echo.done == ["waited"]


def test_calls_while_the_broker_is_away_leave_nothing_behind(tmp_path):
    """Each comes back at its deadline; what waited to be written is dropped.  [T10] [T32]"""
    settings = Settings(data=tmp_path, broker="pyamqp://127.0.0.1:1/none", database="postgresql+psycopg2://nobody@127.0.0.1:1/none")
    caller = Caller(settings)
    slowest = 0.0
    for _ in range(5):
        started = time.monotonic()
        many = [eventlet.spawn(caller.call, service_actor("notice"), Journal(words="x" * 100), deadline=0.2) for _ in range(10)]
        for call in many:
            with pytest.raises(Away):
                call.wait()
        slowest = max(slowest, time.monotonic() - started)
    assert len(caller.post._waiting) <= 10 and caller._waiting == {}
    caller.stop()
    # one after the other they would take ten times that
    assert slowest < 1.0 * crowding()
