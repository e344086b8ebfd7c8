"""Is this process alive, may it be asked, what has it counted: three pages on a port and greenlets of their own.

``/livez`` fails when a loop has not turned for a minute: a supervisor restarts the process.  ``/readyz`` says for each
check what is wrong and what to look at, in Chinese: ``{"ready": false, "checks": {"pledge 数据库": "…"}}``, an empty text
where all is well.  ``/metrics`` is for the scraper.  All of it works while the broker or the database is away.
"""
import json
import socket
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import Any

import eventlet
import structlog
from eventlet import wsgi
from sqlalchemy.exc import SQLAlchemyError

from wire.bus import metrics, migrate, outbox
from wire.bus.calls.hall import Hall
from wire.bus.database import Busy
from wire.bus.service import Bus
from wire.bus.settings import Refused, Settings

log = structlog.get_logger("wire.health")
DATABASE_SECONDS = 1.0
#: probes of one process at a time; more wait in the backlog
CLIENTS = 20


class Health:
    """The checks of the services in this process.  ``services`` is asked anew each time."""

    def __init__(self, settings: Settings, services: Callable[[], Iterable[tuple[Bus, Hall | None]]]):
        self._settings, self._services = settings, services
        self._migrated: set[str] = set()

    def stuck(self) -> dict[str, float]:
        """Loops that have not turned for longer than they may, with their seconds."""
        found = {}
        for bus, hall in self._services():
            loops: dict[str, Any] = {"relay": bus.relay}
            loops |= {f"events of {consumer.producer}": consumer for consumer in bus.consumers}
            loops |= {"calls": hall.post} if hall is not None else {}
            for name, loop in loops.items():
                still = monotonic() - loop.turned_at
                if still > self._settings.stuck_seconds:
                    found[f"{bus.service} {name}"] = round(still, 1)
        return found

    def checks(self) -> dict[str, str]:
        """Each check with what is wrong, or an empty text."""
        services = list(self._services())
        found: dict[str, str] = {} if services else {"启动": "正在启动，请稍候再看。"}
        for bus, hall in services:
            found |= {f"{bus.service} {name}": wrong for name, wrong in self._of(bus, hall)}
        return found

    def _of(self, bus: Bus, hall: Hall | None) -> Iterator[tuple[str, str]]:
        connected = bus.relay.connected and all(c.connected for c in bus.consumers) and (hall is None or hall.post.connected)
        yield "消息总线", "" if connected else "没有连上消息总线，请检查 RabbitMQ 是否在运行。"
        if not self._asked(bus.database.answers):
            yield "数据库", "数据库没有在一秒内回应，请检查数据库是否在运行。"
            return
        yield "数据库", ""
        yield "数据库版本", "" if self._at_head(bus) else "数据库结构不是最新版本，请先执行升级再启动。"
        age = self._outbox_age(bus)
        late = age is None or age > self._settings.outbox_lag_seconds
        yield "待发事件", f"有事件已等待 {round(age or 0)} 秒没有发出，请检查消息总线。" if late else ""

    def _at_head(self, bus: Bus) -> bool:
        """A database once at its newest version stays there as long as this code runs."""
        if bus.service not in self._migrated and self._asked(lambda: not migrate.behind(bus.service, self._settings)):
            self._migrated.add(bus.service)
        return bus.service in self._migrated

    def _outbox_age(self, bus: Bus) -> float | None:
        def look() -> float:
            with bus.database.begin(writing=False) as sql:
                return outbox.unsent(sql, bus.room.clock.now())[1]
        return self._asked(look)

    def _asked(self, question: Callable[[], Any]) -> Any:
        """The answer, or None when the database does not give one in time."""
        try:
            with eventlet.Timeout(DATABASE_SECONDS, False):
                return question()
        except (SQLAlchemyError, Busy, OSError, Refused):
            return None
        return None


class Pages:
    """The little web server.  ``port`` 0 takes any free one; a port in use is refused, not shared."""

    def __init__(self, settings: Settings, health: Health):
        self._health = health
        # not eventlet.listen: it sets SO_REUSEPORT, and a second instance would silently take half the requests
        self._socket = eventlet.green.socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((settings.health_host, settings.health_port))
        except OSError:
            self._socket.close()
            raise Refused(f"健康检查端口 {settings.health_port} 已被占用，请修改 JIANNUO_HEALTH_PORT。") from None
        self._socket.listen(50)
        self.port: int = self._socket.getsockname()[1]
        self._greenlet: Any = None

    def start(self) -> None:
        self._greenlet = eventlet.spawn(
            wsgi.server, self._socket, self.answer, log=structlog.get_logger("wire.health"), log_output=False, max_size=CLIENTS,
            socket_timeout=5, keepalive=False)

    def stop(self) -> None:
        if self._greenlet is not None:
            self._greenlet.kill()
        self._socket.close()

    def answer(self, environ: dict[str, Any], start_response: Callable) -> list[bytes]:
        """The WSGI application.  GET and HEAD only; anything else is 405, an unknown page 404."""
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        kind = "application/json; charset=utf-8"
        if method not in ("GET", "HEAD"):
            status, body = "405 Method Not Allowed", b"{}"
        elif path == "/livez":
            stuck = self._health.stuck()
            status = "503 Service Unavailable" if stuck else "200 OK"
            body = _json({"live": not stuck, "stuck": stuck})
        elif path == "/readyz":
            checks = self._health.checks()
            ready = not any(checks.values())
            status, body = "200 OK" if ready else "503 Service Unavailable", _json({"ready": ready, "checks": checks})
        elif path == "/metrics":
            status, body, kind = "200 OK", metrics.page(), "text/plain; version=0.0.4; charset=utf-8"
        else:
            status, body = "404 Not Found", b"{}"
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
        return [body if method != "HEAD" else b""]


def extensions_of(container: Any) -> tuple[Bus, Hall | None]:
    """The Bus of a container, and the hall of its calls if it answers any."""
    bus = next(d for d in container.dependencies if isinstance(d, Bus))
    return bus, next((e for e in container.subextensions if isinstance(e, Hall)), None)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
