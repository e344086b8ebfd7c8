"""The real door on a loopback port: slow clients, big bodies, chunks, early ends, full tables, ambiguous framing."""
import errno
import http.client
import json
import os
import resource
import socket
from dataclasses import replace
from types import SimpleNamespace

import eventlet
import pytest
from flask import Flask, request
from nameko.containers import ServiceContainer
from werkzeug.wrappers import Response

from services.gateway.door.listener import Listener, door
from services.gateway.settings import DoorSettings, GatewaySettings
from tests.servers import wait_until
from wire.bus.settings import Settings

LIMIT = 1_000_000
echo = Flask("echo")


#: paths whose handler has begun
begun: list[str] = []


@echo.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT"])
@echo.route("/<path:path>", methods=["GET", "POST", "PUT"])
def said(path):
    body = request.get_data()
    begun.append(path)
    if path == "slow":
        eventlet.sleep(0.3)
    return {"path": path, "size": len(body), "sum": sum(body), "listener": request.environ["jiannuo.listener"]}


class Echo:
    name = "gateway"

    @door
    def serve(self, request):
        return Response.from_app(echo.wsgi_app, request.environ)


@pytest.fixture
def opened(tmp_path, request):
    """A door with short deadlines, unless a test says otherwise; ``port`` for staff, ``public``."""
    limits = replace(GatewaySettings(body_bytes=LIMIT, body_seconds=0.5, body_rate=1_000_000, header_seconds=0.5, silence_seconds=3600,
                                     connections=60, workers=20), **getattr(request, "param", {}))
    config = Settings(data=tmp_path).nameko() | {"JIANNUO_DOOR": (DoorSettings(port=0, listen="127.0.0.1:0"), limits)}
    container = ServiceContainer(Echo, config)
    container.start()
    listener = next(e for e in container.subextensions if isinstance(e, Listener))
    yield SimpleNamespace(port=listener.ports["staff"], public=listener.ports["public"], listener=listener, container=container)
    container.stop()


#: seconds in which nothing comes: by then everything that ends by a deadline has ended on the slowest machine
PATIENCE = 60.0


def talk(port, raw: bytes) -> bytes:
    """Send bytes, read until the other side closes; TimeoutError where it never does."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as sock:
        sock.sendall(raw)
        return hear(sock)


def hear(sock) -> bytes:
    found = b""
    try:
        while piece := sock.recv(65_536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def post(port, body, headers=None, path="/"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", path, body=body, headers=headers or {}, encode_chunked=bool(headers and "Transfer-Encoding" in headers))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_chunked_upload_arrives_whole(opened):
    """The old behaviour: an empty body. [T28]"""
    body = os.urandom(300_000)
    pieces = (body[i:i + 7_001] for i in range(0, len(body), 7_001))
    status, answer = post(opened.port, pieces, {"Transfer-Encoding": "chunked"})
    assert status == 200 and json.loads(answer)["size"] == 300_000 and json.loads(answer)["sum"] == sum(body)


def test_one_connection_serves_many_requests(opened):
    connection = http.client.HTTPConnection("127.0.0.1", opened.port, timeout=PATIENCE)
    for n in range(5):
        connection.request("POST", f"/a{n}", body=b"x" * n, headers={"Content-Length": str(n)})
        answer = connection.getresponse()
        assert json.loads(answer.read()) == {"path": f"a{n}", "size": n, "sum": 120 * n, "listener": "staff"}
    connection.close()


def test_a_body_over_the_limit_is_refused_unread(opened):
    """[T22]"""
    head = f"POST /api/v1/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: {300 * 1024 * 1024}\r\n\r\n".encode()
    answer = talk(opened.port, head)
    assert answer.startswith(b"HTTP/1.1 413") and b"application/problem+json" in answer and b"Connection: close" in answer


def test_three_hundred_megabytes_cost_no_memory(opened):
    """Sent in full by somebody who does not listen, announced and in chunks. [T22]"""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    piece = b"x" * 1_000_000
    for head in (f"Content-Length: {300_000_000}", "Transfer-Encoding: chunked"):
        with socket.create_connection(("127.0.0.1", opened.port), timeout=PATIENCE) as sock:
            sock.sendall(f"POST / HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n".encode())
            try:
                for _ in range(300):
                    sock.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" if "chunked" in head else piece)
            except OSError:
                pass
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
    assert post(opened.port, b"still here")[0] == 200


def test_chunks_over_the_limit_are_refused_with_the_answer_read(opened):
    """[T22]"""
    pieces = (b"x" * 100_000 for _ in range(15))
    status, answer = post(opened.port, pieces, {"Transfer-Encoding": "chunked"}, path="/api/v1/x")
    assert status == 413 and json.loads(answer)["code"] == "too_large"


def test_a_client_that_waits_for_permission_is_refused_before_it_sends(opened):
    """Expect: 100-continue. [T22]"""
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    assert talk(opened.port, head % (LIMIT + 1)).startswith(b"HTTP/1.1 413")
    with socket.create_connection(("127.0.0.1", opened.port), timeout=PATIENCE) as sock:
        sock.sendall(head % 3)
        assert sock.recv(100).startswith(b"HTTP/1.1 100 Continue")
        sock.sendall(b"abc")
        assert b'"size":3' in sock.recv(65_536)


def test_a_slow_upload_ends_at_its_deadline(opened):
    """[T28]"""
    assert talk(opened.port, b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc").startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("start", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: local"])
def test_a_connection_that_never_says_what_it_wants_is_ended(opened, start):
    """[T28]"""
    assert talk(opened.port, start) == b""


@pytest.mark.parametrize("opened", [{"body_seconds": 3600}], indirect=True)
def test_slow_uploads_hold_no_worker(opened):
    """Thirty of them, more than there are workers; others are served. [T28]"""
    slow = [socket.create_connection(("127.0.0.1", opened.port), timeout=PATIENCE) for _ in range(30)]
    for sock in slow:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc")
    wait_until(lambda: opened.listener._open == 30)
    assert post(opened.port, b"quick")[0] == 200
    # meanwhile none of them was answered
    with pytest.raises(BlockingIOError):
        slow[0].settimeout(0)
        slow[0].recv(1)
    for sock in slow:
        sock.close()


@pytest.mark.parametrize("opened", [{"header_seconds": 3600}], indirect=True)
def test_connections_over_the_cap_are_turned_away_and_come_back_later(opened):
    """[T28]"""
    held = [socket.create_connection(("127.0.0.1", opened.port), timeout=PATIENCE) for _ in range(60)]
    wait_until(lambda: opened.listener._open == 60)
    assert talk(opened.port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").startswith(b"HTTP/1.1 503")
    for sock in held:
        sock.close()
    wait_until(lambda: opened.listener._open == 0)
    assert post(opened.port, b"")[0] == 200


def test_early_disconnects_leave_nothing_behind(opened):
    """[T28]"""
    for n in range(200):
        sock = socket.create_connection(("127.0.0.1", opened.port), timeout=PATIENCE)
        sock.sendall(b"POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"[:n % 70 + 1] + b"x" * (n % 7))
        sock.close()
        if n % 20 == 0:
            eventlet.sleep(0.01)
    wait_until(lambda: opened.listener._open == 0, what="all of them gone")
    assert opened.listener._bytes == 0
    assert post(opened.port, b"")[0] == 200


def test_a_full_table_of_descriptors_does_not_end_the_door(opened, monkeypatch):
    """The old behaviour: the accepting loop dies and takes the container along. [T28]"""
    sock, calls = opened.listener._listening[0], []
    real = type(sock).accept

    def accept(self):
        if len(calls) < 3:
            calls.append(1)
            raise OSError(errno.EMFILE, "Too many open files")
        return real(self)
    monkeypatch.setattr(type(sock), "accept", accept)
    post(opened.port, b"")
    for _ in range(2):
        assert post(opened.port, b"x")[0] == 200
    assert len(calls) == 3


@pytest.mark.parametrize("head", [
    b"Content-Length: 3\r\nTransfer-Encoding: chunked", b"Content-Length: 3\r\nContent-Length: 4", b"Content-Length: +3",
    b"Content-Length: 3_0", b"Content-Length: -1", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", b"Transfer-Encoding: xchunked"])
def test_framing_that_can_be_read_in_two_ways_is_refused_and_the_connection_closed(opened, head):
    """Request smuggling: what follows is never taken for a request. [T28]"""
    after = b"\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = talk(opened.port, b"POST / HTTP/1.1\r\nHost: localhost\r\n" + head + after)
    assert answer.split(b" ")[1] == b"400" and b"smuggled" not in answer and answer.count(b"HTTP/1.") == 1


@pytest.mark.parametrize("chunks", [b"zz\r\nabc\r\n", b"-3\r\nabc\r\n", b"3\r\nabcdef\r\n0\r\n\r\n", b"3;" + b"x" * 5000,
                                    b"ffffffffffffffff\r\n", b"3\r\nab"])
def test_broken_chunks_are_refused(opened, chunks):
    """[T28]"""
    answer = talk(opened.port, b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    assert answer.split(b" ")[1] in (b"400", b"408", b"413") and answer.count(b"HTTP/1.") == 1


def test_a_second_instance_on_the_same_port_fails_loudly(opened):
    """The old behaviour: it starts silently and takes half the requests."""
    with pytest.raises(OSError):
        eventlet.listen(("127.0.0.1", opened.port), reuse_port=False)


def test_each_listener_says_which_it_is(opened):
    assert json.loads(post(opened.port, b"")[1])["listener"] == "staff"
    assert json.loads(post(opened.public, b"")[1])["listener"] == "public"


def test_stopping_lets_what_is_under_way_finish(tmp_path):
    """[T2]"""
    config = Settings(data=tmp_path).nameko() | {"JIANNUO_DOOR": (DoorSettings(port=0), GatewaySettings())}
    container = ServiceContainer(Echo, config)
    container.start()
    port = next(e for e in container.subextensions if isinstance(e, Listener)).ports["staff"]
    begun.clear()
    under_way = [eventlet.spawn(post, port, b"abc", None, "/slow") for _ in range(10)]
    wait_until(lambda: len(begun) == 10)
    container.stop()
    assert [thread.wait()[0] for thread in under_way] == [200] * 10
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
