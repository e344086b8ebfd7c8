"""What an operator may do to the bus of a service, and the local socket on which a running process takes it.

Embedded, the process owns its SQLite files, so the console asks it; where each service has a database server behind it,
or the process is down, the console does the same on the database.  Every change leaves a line in the operation log.
"""
import json
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import eventlet
import structlog
from sqlalchemy import select

from wire.bus import audit, inbox, outbox, retry
from wire.bus.clock import SystemClock
from wire.bus.database import Database
from wire.bus.service import Bus
from wire.bus.settings import Settings
from wire.bus.tables import watermark
from wire.bus.unit import transaction
from wire.contracts.actor import Actor

log = structlog.get_logger("deploy.desk")
OPERATOR = Actor(kind="service", person_id="console", name="运维控制台")
LINE_LIMIT = 1_000_000


@dataclass(frozen=True)
class Counter:
    """Where a command is carried out."""

    service: str
    database: Database
    clock: SystemClock
    #: the streams the service listens to; None when only the running process knows them
    streams: tuple[str, ...] | None = None


class Refused(Exception):
    """The command cannot be done; the message is a Chinese sentence."""


def status(at: Counter) -> dict[str, Any]:
    """How much waits to be sent, to be tried again, and for a person."""
    with at.database.begin(writing=False) as sql:
        waiting, age = outbox.unsent(sql, at.clock.now())
        return {"outbox": waiting, "oldest_seconds": round(age, 1), **retry.count(sql)}


def parked(at: Counter) -> list[dict[str, Any]]:
    """What waits for a person, oldest first."""
    with at.database.begin(writing=False) as sql:
        return [{"id": r.id, "topic": r.topic, "tries": r.tries, "since": r.first_at.isoformat(), "reason": r.reason}
                for r in retry.parked(sql)]


def again(at: Counter, *ids: str) -> int:
    """Try parked events again, all of them without ids; returns how many."""
    return _changed(at, "parked.replay", ids, lambda sql, chosen: retry.again(sql, chosen, at.clock.now()))


def drop(at: Counter, *ids: str) -> int:
    """Give parked events up for good; returns how many.  Refused without ids."""
    if not ids:
        raise Refused("请写明要放弃的事件编号。")
    return _changed(at, "parked.drop", ids, retry.drop)


def replay(at: Counter) -> int:
    """Forget that anything was applied, so that healing fetches and applies every stream again; returns how many streams."""
    with transaction(at.database) as sql:
        streams = at.streams if at.streams is not None else tuple(sql.execute(select(watermark.c.stream).distinct()).scalars())
        inbox.set_back(sql, streams)
        audit.write(sql, [audit.line(at.clock.now(), OPERATOR, "console.replay", subject=at.service)])
    return len(streams)


COMMANDS: Mapping[str, Callable[..., Any]] = {
    "status": status, "parked": parked, "again": again, "drop": drop, "replay": replay}


def _changed(at: Counter, what: str, ids: tuple[str, ...], change: Callable[[Any, Any], int]) -> int:
    with transaction(at.database) as sql:
        chosen = ids or tuple(row.id for row in retry.parked(sql))
        done = change(sql, chosen)
        audit.write(sql, [audit.line(at.clock.now(), OPERATOR, f"console.{what}", subject=" ".join(chosen)[:200], result=f"{done}")])
    return done


def counter_of(bus: Bus) -> Counter:
    streams = tuple(s for c in bus.consumers for s in c.streams)
    return Counter(bus.service, bus.database, bus.room.clock, streams)


def carry_out(counters: Mapping[str, Counter], request: Mapping[str, Any]) -> dict[str, Any]:
    """``{"command", "service", "arguments"}`` → ``{"done": {service: result}}``, or ``{"refused": sentence}``."""
    command, service = COMMANDS.get(str(request.get("command"))), request.get("service") or ""
    if command is None:
        return {"refused": "没有这个命令。"}
    chosen = {n: c for n, c in counters.items() if not service or n == service}
    if not chosen:
        return {"refused": f"没有正在运行的服务 {service}。"}
    try:
        return {"done": {name: command(at, *request.get("arguments", ())) for name, at in chosen.items()}}
    except (Refused, TypeError) as refusal:
        return {"refused": str(refusal)}


def path_of(settings: Settings) -> Path:
    return settings.data / "console.sock"


@contextmanager
def open_at(settings: Settings, buses: Callable[[], Mapping[str, Bus]]) -> Iterator[None]:
    """Take commands on the local socket while the block runs (embedded only); readable by this user alone."""
    if not settings.embedded:
        yield
        return
    path = path_of(settings)
    path.unlink(missing_ok=True)
    listener = eventlet.green.socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(5)
    serving = eventlet.spawn(eventlet.serve, listener, lambda sock, _: _serve(sock, buses), concurrency=5)
    try:
        yield
    finally:
        serving.kill()
        listener.close()
        path.unlink(missing_ok=True)


def _serve(sock: Any, buses: Callable[[], Mapping[str, Bus]]) -> None:
    try:
        with eventlet.Timeout(30), sock.makefile("rwb") as file:
            request = json.loads(file.readline(LINE_LIMIT))
            answer = carry_out({n: counter_of(b) for n, b in buses().items()}, request)
            file.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
    except (OSError, ValueError, eventlet.Timeout) as error:
        log.warning("console broke off", exc_info=error)
    finally:
        sock.close()
