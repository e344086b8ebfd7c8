"""Health on a port of its own: alive, ready and counted, whatever is away."""
import json
import socket
from contextlib import suppress
from time import monotonic
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import eventlet
import pytest

from tests.component.wire.echo import Echo, Read
from tests.servers import wait_until
from wire.bus.health import Health, Pages, extensions_of
from wire.bus.settings import Refused, Settings
from wire.bus.testing import house
from wire.contracts.actor import PUBLIC


@pytest.fixture
def running(tmp_path):
    with house(tmp_path, Echo, health_port=0, outbox_lag_seconds=5.0) as running:
        running.call(PUBLIC, Read(words="connected"))
        health = Health(running.settings, lambda: [extensions_of(c) for c in running._containers.values()])
        running.pages = Pages(running.settings, health)
        running.pages.start()
        yield running
        running.pages.stop()


def page(running, path, method="GET"):
    try:
        with urlopen(Request(f"http://127.0.0.1:{running.pages.port}{path}", method=method), timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def wrong(running) -> dict[str, str]:
    status, body = page(running, "/readyz")
    found = json.loads(body)
    assert (status == 200) is found["ready"] is (not any(found["checks"].values()))
    return {k: v for k, v in found["checks"].items() if v}


def settled(running) -> dict[str, str]:
    """What is wrong once the loops have come round."""
    with suppress(AssertionError):
        wait_until(lambda: not wrong(running))
    return wrong(running)


def test_a_house_in_order_is_alive_and_ready(running):
    assert page(running, "/livez") == (200, '{"live": true, "stuck": {}}')
    assert settled(running) == {}


def test_nothing_is_ready_before_it_has_started(running):
    running.stop("echo")
    assert list(wrong(running)) == ["启动"] and page(running, "/livez")[0] == 200


def test_a_loop_that_hangs_for_a_minute_is_not_alive(running, monkeypatch):
    """[T11]"""
    _, hall = extensions_of(running._containers["echo"])
    # however often the loop itself comes round meanwhile
    monkeypatch.setattr(type(hall.post), "turned_at", property(lambda post: monotonic() - 61, lambda post, at: None), raising=False)
    status, body = page(running, "/livez")
    assert status == 503 and json.loads(body)["stuck"].keys() == {"echo calls"}


def test_a_broker_that_is_away_is_said_and_the_page_still_answers(running):
    assert settled(running) == {}
    _, hall = extensions_of(running._containers["echo"])
    hall.post.connected = False
    assert wrong(running) == {"echo 消息总线": "没有连上消息总线，请检查 RabbitMQ 是否在运行。"}
    assert page(running, "/livez")[0] == 200 and page(running, "/metrics")[0] == 200


def test_a_database_that_does_not_answer_within_a_second_is_said(running, monkeypatch):
    """[T12]"""
    assert settled(running) == {}
    bus, _ = extensions_of(running._containers["echo"])
    monkeypatch.setattr(bus.database, "answers", lambda: eventlet.sleep(30))
    with eventlet.Timeout(20):
        assert list(wrong(running)) == ["echo 数据库"]


def test_a_database_behind_its_code_is_not_ready(running, monkeypatch):
    monkeypatch.setattr("wire.bus.migrate.behind", lambda service, settings: True)
    assert "echo 数据库版本" in wrong(running)


def test_an_event_that_waits_too_long_is_said(running, monkeypatch):
    monkeypatch.setattr("wire.bus.outbox.unsent", lambda sql, now: (3, 61.0))
    assert "已等待 61 秒" in wrong(running)["echo 待发事件"]


def test_the_counters_tell_of_calls_and_never_what_was_in_them(running):
    running.call(PUBLIC, Read(words="13812345678"))
    text = page(running, "/metrics")[1]
    assert 'jiannuo_call_seconds_count{operation="echo.read",outcome="done",service="echo"}' in text
    assert "13812345678" not in text


def test_nothing_else_is_served_and_nothing_can_be_changed(running):
    """[X36]"""
    assert [page(running, p)[0] for p in ("/", "/metrics/..", "/readyz/x")] == [404] * 3
    assert [page(running, "/readyz", m)[0] for m in ("POST", "TRACE", "DELETE")] == [405] * 3


def test_a_port_in_use_is_refused_and_not_shared(running, tmp_path):
    with pytest.raises(Refused, match=str(running.pages.port)):
        Pages(Settings(data=tmp_path, health_port=running.pages.port), running.pages._health)
    with socket.create_connection(("127.0.0.1", running.pages.port)):
        assert page(running, "/livez")[0] == 200
