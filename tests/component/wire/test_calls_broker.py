"""Calls over a real RabbitMQ and PostgreSQL: one deadline, whatever the broker does."""
import itertools
import subprocess
import sys
import time
from pathlib import Path

import eventlet
import pytest
from nameko.containers import ServiceContainer

from tests.component.wire.echo import SECRETARY, Echo, Read, Said, Wait, Write
from tests.servers import RabbitMQ, wait_until
from wire.bus import migrate, signing
from wire.bus.calls import Caller
from wire.bus.settings import Settings
from wire.contracts.actor import PUBLIC
from wire.contracts.calls import Away

pytestmark = pytest.mark.distributed
_names = itertools.count(1)
#: whoever hangs in a socket hangs until the broker goes on, and of twenty that wait in turn the last waits longer than this
LATE = 5.0


class Running:
    """The echo service and a caller, each with its own connection."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.container = ServiceContainer(Echo, settings.nameko())
        self.caller = Caller(settings)
        self.call = self.caller.call

    @property
    def hall(self):
        return next(e for e in self.container.subextensions if hasattr(e, "doors"))

    def stop(self):
        self.caller.stop()
        self.container.stop()


def settings_on(broker, database, folder, **options) -> Settings:
    name = f"calls{next(_names)}"
    private, public = signing.make_keys(Settings(data=folder))
    made = Settings(data=folder, broker=broker.vhost(name), database=database.database(name), signing_key=str(private),
                    verify_key=str(public), max_workers=5, **options)
    migrate.upgrade("echo", made)
    return made


@pytest.fixture
def running(broker, database, tmp_path):
    Echo.done.clear()
    Echo.begun.clear()
    running = Running(settings_on(broker, database, tmp_path))
    running.container.start()
    assert wait_until(lambda: running.hall.post.connected)
    yield running
    broker.resume()
    running.stop()


def late_by(running, request, *, deadline, key="") -> float:
    """How many seconds after its deadline a call that cannot be answered came back; LATE is what a starved machine may take."""
    started = time.monotonic()
    with pytest.raises(Away):
        running.call(SECRETARY, request, key=key, deadline=deadline)
    return time.monotonic() - started - deadline


def test_a_call_over_the_broker_returns_its_reply(running):
    assert running.call(PUBLIC, Read(words="你好")) == Said(words="你好")
    first = running.call(SECRETARY, Write(words="once"), key="k1")
    assert running.call(SECRETARY, Write(words="once"), key="k1") == first
    assert Echo.done == ["once"]


def test_two_calls_with_one_key_at_the_same_time_do_the_work_once(running):
    """[T32]"""
    both = [eventlet.spawn(running.call, SECRETARY, Wait(milliseconds=50), key="k2") for _ in range(2)]
    assert [g.wait() for g in both] == [Said(words="waited")] * 2
    assert Echo.done == ["waited"]


def test_calls_come_back_in_time_while_the_broker_has_an_alarm_and_work_after_it(running, broker):
    """[T13] [T32]"""
    running.call(PUBLIC, Read(words="before"))
    broker.alarm(True)
    try:
        assert late_by(running, Write(words="during"), key="k3", deadline=1.0) < LATE
        # once the broker has said that it takes nothing, nobody waits at all
        assert wait_until(lambda: running.caller.post.blocked)
        assert late_by(running, Read(words="during"), deadline=60.0) < LATE - 60.0
    finally:
        broker.alarm(False)
    wait_until(lambda: not running.caller.post.blocked)
    assert running.call(SECRETARY, Write(words="after"), deadline=60.0).words == "after"
    assert Echo.done in (["after"], ["during", "after"])


def test_calls_come_back_in_time_while_the_broker_is_stopped_and_work_after_it(running, broker):
    """[T11] [T32]"""
    running.call(PUBLIC, Read(words="before"))
    broker.pause()
    try:
        many = [eventlet.spawn(late_by, running, Write(words="during"), deadline=1.0) for _ in range(20)]
        assert max(g.wait() for g in many) < LATE
        assert running.caller._waiting == {}
    finally:
        broker.resume()
    assert wait_until(lambda: _answers(running))
    # nothing was begun after its caller had given up
    assert "during" not in Echo.done


def test_a_broker_that_stays_silent_is_left_and_called_again(broker, database, tmp_path):
    """Both ends of a call, without anything to send: the watchdog notices.  [T11]"""
    running = Running(settings_on(broker, database, tmp_path, heartbeat=1, watchdog_seconds=2.0))
    running.container.start()
    posts = [running.hall.post, running.caller.post]
    running.caller.post.start()
    try:
        assert wait_until(lambda: all(post.connected for post in posts))
        broker.pause()
        try:
            assert wait_until(lambda: not any(post.connected for post in posts))
        finally:
            broker.resume()
        assert wait_until(lambda: _answers(running))
    finally:
        running.stop()


def test_a_large_request_in_a_black_hole_is_bounded_too(running, broker):
    """The socket's buffers are full: the write itself hangs, not the wait for the reply.  [T11]"""
    running.call(PUBLIC, Read(words="before"))
    broker.pause()
    try:
        many = [eventlet.spawn(late_by, running, Read(words="字" * 1_000_000), deadline=1.0) for _ in range(4)]
        assert max(g.wait() for g in many) < LATE
        assert late_by(running, Read(words="x"), deadline=1.0) < LATE
    finally:
        broker.resume()
    assert wait_until(lambda: _answers(running))


def test_a_call_whose_caller_gave_up_is_not_begun(running):
    """[T32]"""
    running.container.stop()
    assert late_by(running, Write(words="too late"), deadline=0.3) < LATE
    running.container = ServiceContainer(Echo, running.settings.nameko())
    running.container.start()
    assert wait_until(lambda: _answers(running))
    assert "too late" not in Echo.done


def test_a_body_larger_than_the_broker_takes_or_the_house_allows_costs_no_memory(running, broker):
    """[T22]"""
    running.call(PUBLIC, Read(words="before"))
    # from here on the highest mark of this process counts anew
    Path("/proc/self/clear_refs").write_text("5")
    before, publisher = _peak(), Path(__file__).with_name("publish_large.py")
    for megabytes in (10, 100):
        subprocess.run([sys.executable, publisher, running.settings.broker_uri, str(megabytes)], check=True, timeout=240)
    assert running.call(PUBLIC, Read(words="still here"), deadline=60.0).words == "still here"
    assert _peak() - before < 20_000_000
    with pytest.raises(Exception, match="太大"):
        running.call(PUBLIC, Read(words="字" * 1_900_000))


def test_a_service_starts_without_the_broker_and_answers_when_it_comes(database, tmp_path):
    """[T7]"""
    with RabbitMQ() as broker:
        settings = settings_on(broker, database, tmp_path)
        broker.stop()
        running = Running(settings)
        # whoever waited for the broker here would wait for ever
        with eventlet.Timeout(60):
            running.container.start()
        assert late_by(running, Read(words="x"), deadline=0.5) < LATE
        broker.start()
        assert wait_until(lambda: _answers(running))
        # a connection that breaks while a call is under way: it goes again under its key
        asked = eventlet.spawn(running.call, SECRETARY, Wait(milliseconds=400), key="k9", deadline=60.0)
        wait_until(lambda: Echo.begun, what="a call under way")
        running.caller.post._shut()
        assert asked.wait() == Said(words="waited")
        broker.kill9()
        broker.start()
        assert wait_until(lambda: _answers(running))
        running.stop()


def _answers(running) -> bool:
    try:
        return running.call(PUBLIC, Read(words="hi"), deadline=2.0).words == "hi"
    except Away:
        return False


def _peak() -> int:
    """The most memory this process ever had, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
