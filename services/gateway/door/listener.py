"""The nameko entrypoint ``door``: every HTTP request, whatever its path, becomes one worker with the whole body at hand.

Two addresses: the staff one (this machine, or behind a proxy), and with ``JIANNUO_LISTEN`` one that serves public pages
only.  The loop that accepts survives a full table of descriptors, connections are counted, nothing slow is waited for
longer than its deadline, and stopping lets what is under way finish.
"""
import errno
import logging
import time
from functools import partial
from typing import Any

import eventlet
import structlog
from eventlet import wsgi
from nameko.web.handlers import HttpRequestHandler
from nameko.web.server import WebServer
from werkzeug.wrappers import Request, Response

from services.gateway import settings as settings_
from services.gateway.door.body import Body, Broken, TooLarge, TooSlow
from services.gateway.door.conversation import Conversation, hurried
from services.gateway.settings import DoorSettings, GatewaySettings

log = structlog.get_logger("gateway")
LISTENER, STAFF, PUBLIC_ONLY = "jiannuo.listener", "staff", "public"
FULL = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
#: bodies on their way in, all together, may take so many times the limit of one
BODIES_AT_ONCE = 25
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Listener(WebServer):
    """The sockets of this process.  ``ports`` are the real ones once it started (port 0 takes any free one)."""

    _starting: bool

    def setup(self) -> None:
        config = self.container.config
        if "JIANNUO_DOOR" in config:
            self.door, self.limits = config["JIANNUO_DOOR"]
        else:
            self.door, self.limits = settings_.from_environment()
        self.container._worker_pool.resize(max(self.limits.workers, self.container.max_workers))
        self.ports: dict[str, int] = {}
        self._listening: list[Any] = []
        self._servers: list[Any] = []
        self._open = self._bytes = 0

    def start(self) -> None:
        if self._starting:
            return
        self._starting = True
        for name, where in _addresses(self.door):
            # without SO_REUSEPORT: a second instance on the same port must fail, not take half the requests
            sock = eventlet.listen(where, backlog=512, reuse_port=False)
            sock.settimeout(None)
            self.ports[name] = sock.getsockname()[1]
            server = wsgi.Server(
                sock, sock.getsockname(), self._answer, log=logging.getLogger("gateway.http"), log_output=False, debug=False,
                environ={LISTENER: name}, protocol=Conversation, keepalive=True, socket_timeout=self.limits.silence_seconds)
            server.limits = self.limits
            self._listening.append(sock)
            self._servers.append(server)
            self.container.spawn_managed_thread(partial(self._accept, sock, server), identifier=f"door {name}")

    def close(self, seconds: float = 10.0) -> None:
        """Take no more connections and wait for what is under way.  A second call does nothing."""
        self._is_accepting = False
        for sock in self._listening:
            sock.close()
        self._listening.clear()
        until = time.monotonic() + seconds
        while any(server.outstanding_requests for server in self._servers) and time.monotonic() < until:
            eventlet.sleep(0.02)

    def stop(self) -> None:
        self.close()

    def _accept(self, sock: Any, server: Any) -> None:
        while self._is_accepting:
            try:
                connection, address = sock.accept()
            except OSError as error:
                if not self._is_accepting:
                    return
                if error.errno in FULL:
                    log.warning("no descriptor free, waiting", open=self._open)
                eventlet.sleep(0.2 if error.errno in FULL else 0.01)
                continue
            if self._open >= self.limits.connections:
                eventlet.spawn_n(_turn_away, connection)
                continue
            self._open += 1
            connection.settimeout(self.limits.silence_seconds)
            self.container.spawn_managed_thread(partial(self._converse, server, connection, address), identifier="connection")

    def _converse(self, server: Any, connection: Any, address: Any) -> None:
        try:
            server.process_request([address, connection, wsgi.STATE_IDLE])
        except Exception as error:
            if not isinstance(error, OSError):
                log.warning("connection ended", exc_info=error)
        finally:
            self._open -= 1
            connection.close()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        """The WSGI side: take the body in, then have a worker answer."""
        conversation: Conversation = environ["jiannuo.conversation"]
        if not self._is_accepting:
            conversation.close_connection = True
        room = 0
        try:
            room = self._room_for(environ)
            body = self._body(environ)
        except (TooLarge, TooSlow, Broken, OSError) as error:
            conversation.part()
            return _refusal(environ, error)(environ, start_response)
        finally:
            self._bytes -= room
        environ["wsgi.input"] = body.kept
        environ["wsgi.input_terminated"] = True
        environ["CONTENT_LENGTH"] = str(body.size)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        provider = next(iter(self._providers))
        request = Request(environ, shallow=True)
        request.path_values = {}  # type: ignore[attr-defined]
        response = provider.handle_request(request)
        response.call_on_close(body.kept.close)
        return response(environ, start_response)

    def _room_for(self, environ: dict[str, Any]) -> int:
        """Keep place for a body that will lie on the disk; too many at once are turned away."""
        announced = self.limits.body_bytes if "HTTP_TRANSFER_ENCODING" in environ else int(environ.get("CONTENT_LENGTH") or 0)
        room = min(announced, self.limits.body_bytes)
        if self._bytes + room > BODIES_AT_ONCE * self.limits.body_bytes:
            raise Crowded
        self._bytes += room
        return room

    def _body(self, environ: dict[str, Any]) -> Body:
        if environ["jiannuo.conversation"].smuggled:
            raise Broken("framing")
        source = environ["eventlet.input"]
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > self.limits.body_bytes:
            raise TooLarge
        if (length or source.chunked_input) and source.should_send_hundred_continue:
            source.send_hundred_continue_response()
        source.is_hundred_continue_response_sent = True
        body = Body(source.rfile, limit=self.limits.body_bytes, seconds=self.limits.body_seconds, rate=self.limits.body_rate)
        body.take(None if source.chunked_input else length)
        # the web server must not look for a body again
        source.chunked_input, source.content_length, source.position = False, 0, 0
        return body


class Crowded(OSError):
    """Too many large bodies at once."""


class Door(HttpRequestHandler):
    """``@door``: the method gets the werkzeug request of every path and method and answers with a Response."""

    server = Listener()

    def __init__(self, **options: Any):
        super().__init__("GET", "/", **options)

    def stop(self) -> None:
        self.server.close()
        super().stop()

    def response_from_exception(self, exc: BaseException) -> Response:
        """What failed before the application could answer: never its text."""
        log.error("door failed", exc_info=exc)
        return hurried("/api/", 503, "系统正在启动或停止，请稍后重试。", {"Retry-After": "5"})


door = Door.decorator


def _addresses(door_: DoorSettings) -> list[tuple[str, tuple[str, int]]]:
    found = [(STAFF, ("127.0.0.1", door_.port))]
    if door_.listen:
        found.append((PUBLIC_ONLY, settings_.address(door_.listen)))
    return found


def _refusal(environ: dict[str, Any], error: Exception) -> Response:
    path = environ.get("PATH_INFO", "")
    if isinstance(error, TooLarge):
        return hurried(path, 413, "提交的内容太大，请减小或分几次提交。", {})
    if isinstance(error, TooSlow):
        return hurried(path, 408, "没有在规定时间内收完，请检查网络后重试。", {})
    if isinstance(error, Crowded):
        return hurried(path, 503, "同时上传的人太多，请稍后重试。", {"Retry-After": "5"})
    return hurried(path, 400, "请求的内容没有传完整，请重新提交。", {})


def _turn_away(connection: Any) -> None:
    try:
        connection.settimeout(1)
        connection.sendall(BUSY)
    except OSError:
        pass
    finally:
        connection.close()


def limits_of(container: Any) -> GatewaySettings:
    """The gateway's settings in this container, as the listener read them."""
    if "JIANNUO_DOOR" in container.config:
        return container.config["JIANNUO_DOOR"][1]
    return settings_.from_environment()[1]
