"""What an operator may do to the bus of a service, and the local socket on which a running process takes it.

Embedded, the process owns its SQLite files, so the console asks it; where each service has a database server behind it,
or the process is down, the console does the same on the database.  Every change leaves a line in the operation log.
"""
import json
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import eventlet
import structlog

from services.gateway.identity import setup
from wire.bus import audit, healing, outbox, retry
from wire.bus.service import Bus
from wire.bus.settings import Settings
from wire.bus.unit import transaction
from wire.contracts.actor import Actor

log = structlog.get_logger("deploy.desk")
OPERATOR = Actor(kind="service", person_id="console", name="运维控制台")
LINE_LIMIT = 1_000_000


class Refused(Exception):
    """The command cannot be done; the message is a Chinese sentence."""


def status(bus: Bus) -> dict[str, Any]:
    """How much waits to be sent, to be tried again, and for a person; what a restored producer lost."""
    with bus.database.begin(writing=False) as sql:
        waiting, age = outbox.unsent(sql, bus.room.clock.now())
        return {"outbox": waiting, "oldest_seconds": round(age, 1), **retry.count(sql), "lost": len(healing.lost(sql, bus.projections))}


def parked(bus: Bus) -> list[dict[str, Any]]:
    """What waits for a person, oldest first."""
    with bus.database.begin(writing=False) as sql:
        return [{"id": r.id, "topic": r.topic, "tries": r.tries, "since": r.first_at.isoformat(), "reason": r.reason}
                for r in retry.parked(sql)]


def again(bus: Bus, *ids: str) -> int:
    """Try parked events again, all of them without ids; returns how many."""
    return _changed(bus, "parked.replay", ids, lambda sql, chosen: retry.again(sql, chosen, bus.room.clock.now()))


def drop(bus: Bus, *ids: str) -> int:
    """Give parked events up for good; returns how many.  Refused without ids."""
    if not ids:
        raise Refused("请写明要放弃的事件编号。")
    return _changed(bus, "parked.drop", ids, retry.drop)


def replay(bus: Bus) -> int:
    """Read everything the service listens to again and rebuild its projections; returns how many streams."""
    streams = bus.replay()
    _note(bus, "replay", bus.service)
    return len(streams)


def restored(bus: Bus) -> int:
    """The service was restored from a backup: its journal begins a new epoch; returns it."""
    epoch = bus.open_epoch()
    _note(bus, "restored", f"{bus.service} {epoch}")
    return epoch


def lost(bus: Bus) -> list[dict[str, Any]]:
    """What this service still knows of producers that were restored and know it no more."""
    with bus.database.begin(writing=False) as sql:
        return [{"table": table, **{k: str(v) for k, v in keys.items()}} for table, keys in healing.lost(sql, bus.projections)]


def verify(bus: Bus) -> dict[str, Any]:
    """Whether the operation log is whole: how many lines are chained, how many not yet, where it breaks (None: nowhere)."""
    with bus.database.begin(writing=False) as sql:
        return {"chained": audit.chained(sql), "unlinked": audit.unlinked(sql), "broken": audit.broken(sql)}


def invite(bus: Bus, *roles: str) -> dict[str, str]:
    """New invitations for those of the three administrators who are still to come: role -> path, told to the terminal only.

    Refused for one who is there already, and when all three are.
    """
    still = setup.open_roles(bus)
    if not still or not set(roles) <= set(still):
        raise Refused("这位管理员已经开通，不能再用开通邀请；需要换人或增加，请县级管理员在“权限”“账号”页办理。")
    made = {role: setup.invite(bus, role).path for role in (roles or still)}
    _note(bus, "invite", " ".join(made))
    return made


COMMANDS: Mapping[str, Callable[..., Any]] = {
    "status": status, "parked": parked, "again": again, "drop": drop, "replay": replay, "restored": restored, "lost": lost,
    "verify": verify, "invite": invite}


def _changed(bus: Bus, what: str, ids: tuple[str, ...], change: Callable[[Any, Any], int]) -> int:
    with transaction(bus.database) as sql:
        chosen = ids or tuple(row.id for row in retry.parked(sql))
        done = change(sql, chosen)
        audit.write(sql, [_line(bus, what, " ".join(chosen)[:200], f"{done}")])
    return done


def _note(bus: Bus, what: str, subject: str) -> None:
    with transaction(bus.database) as sql:
        audit.write(sql, [_line(bus, what, subject, "done")])


def _line(bus: Bus, what: str, subject: str, result: str) -> dict[str, Any]:
    return audit.line(bus.room.clock.now(), OPERATOR, f"console.{what}", subject=subject, result=result)


def carry_out(buses: Mapping[str, Bus], request: Mapping[str, Any]) -> dict[str, Any]:
    """``{"command", "service", "arguments"}`` → ``{"done": {service: result}}``, or ``{"refused": sentence}``."""
    command, service = COMMANDS.get(str(request.get("command"))), request.get("service") or ""
    if command is None:
        return {"refused": "没有这个命令。"}
    chosen = {n: bus for n, bus in buses.items() if not service or n == service}
    if not chosen:
        return {"refused": f"没有正在运行的服务 {service}。" if service else "没有正在运行的服务。"}
    try:
        return {"done": {name: command(bus, *request.get("arguments", ())) for name, bus in chosen.items()}}
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
            answer = carry_out(buses(), request)
            file.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
    except (OSError, ValueError, eventlet.Timeout) as error:
        log.warning("console broke off", exc_info=error)
    finally:
        sock.close()
