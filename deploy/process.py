"""One process of the house: ``python -m deploy.process SERVICE…`` starts the named services and drains on SIGTERM.

Settings come from the environment alone (``wire.bus.settings``).  Embedded, all services live in this one process, and
a second one on the same data folder is refused.  A broker or database that is not there yet is waited for, with
/readyz red meanwhile; a service that dies ends the process, so that its supervisor starts it anew.
"""
import eventlet

# psycopg2 is made green where a database is opened with it, and not loaded where none is
eventlet.monkey_patch(psycopg=False)

import fcntl
import gc
import importlib
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import structlog
from nameko.containers import ServiceContainer
from sqlalchemy.exc import OperationalError

from deploy import desk
from deploy.folder import RUNNING
from wire.bus import logs, migrate, settings as settings_, signing
from wire.bus.calls import hang_up
from wire.bus.health import Health, Pages, extensions_of
from wire.bus.settings import Refused, Settings

log = structlog.get_logger("deploy.process")
EVERYONE = ("roster", "pledge", "evaluation", "commendation", "notice", "gateway")
USAGE = "用法：python -m deploy.process 服务名…（roster pledge evaluation commendation notice gateway，或 all）"


class Process:
    """The services of this process, from start to drained."""

    def __init__(self, settings: Settings, names: tuple[str, ...]):
        self.settings = settings
        self.classes = {name: service_class(name) for name in names}
        self.containers: dict[str, ServiceContainer] = {}
        self.stopping = False
        self.died = ""

    def run(self) -> int:
        """Start, serve until told to stop, drain.  Returns the exit code."""
        signal.signal(signal.SIGTERM, self._told)
        signal.signal(signal.SIGINT, self._told)
        health = Health(self.settings, lambda: [extensions_of(c) for c in self.containers.values()])
        pages = Pages(self.settings, health) if self.settings.health_port >= 0 else None
        if pages:
            pages.start()
            log.info("health", port=pages.port)
        try:
            self._start()
            with desk.open_at(self.settings, lambda: {n: extensions_of(c)[0] for n, c in self.containers.items()}):
                # short sleeps: a signal does not wake eventlet's hub by itself
                while not self.stopping and not self.died:
                    eventlet.sleep(0.2)
            self._drain()
        finally:
            if pages:
                pages.stop()
        return 1 if self.died else 0

    def _start(self) -> None:
        for name in self.classes:
            self._migrate(name)
        for name, found in self.classes.items():
            if self.stopping:
                return
            container = ServiceContainer(found, self.settings.nameko())
            container.start()
            self.containers[name] = container
            eventlet.spawn(self._watch, name, container)
        _collect_seldom(alone=not self.settings.embedded)
        log.info("started", services=" ".join(self.containers))

    def _migrate(self, name: str) -> None:
        pause = 0.5
        while not self.stopping:
            try:
                migrate.upgrade(name, self.settings)
                return
            except OperationalError as error:
                if self.settings.embedded:
                    raise
                log.warning("database away", service=name, seconds=pause, exc_info=error)
                eventlet.sleep(pause)
                pause = min(pause * 2, 10.0)

    def _watch(self, name: str, container: ServiceContainer) -> None:
        try:
            container.wait()
        except Exception as error:
            log.error("service died", service=name, exc_info=error)
            self.died = name

    def _drain(self) -> None:
        """All at once; what is not done when the time is over is left to the next process."""
        started = monotonic()
        # who heals waits for nobody now: the journals it asks for stop answering at the same time
        hang_up(self.settings)
        stops = [eventlet.spawn(c.stop) for c in self.containers.values()]
        with eventlet.Timeout(self.settings.drain_seconds, False):
            for stop in stops:
                stop.wait()
        hang_up(self.settings)
        log.info("stopped", seconds=round(monotonic() - started, 2))

    def _told(self, number: int, frame: object) -> None:
        self.stopping = True


def _collect_seldom(alone: bool) -> None:
    """What was loaded stays for good and is not looked through again: a whole collection would hold up everybody for a tenth
    of a second (T35).  A batch of events makes a hundred thousand objects that need no collector: for a service alone in its
    process it runs once per batch instead of a hundred times; where all are in one, memory is dearer than speed."""
    gc.collect()
    gc.freeze()
    if alone:
        gc.set_threshold(50_000, 10, 10)


def service_class(name: str) -> type:
    """The nameko class of a service: the one in its ``service.py`` that carries its name.  Raises Refused."""
    try:
        module = importlib.import_module(f"services.{name}.service")
    except ModuleNotFoundError as missing:
        if missing.name and missing.name.startswith(f"services.{name}"):
            raise Refused(f"没有名为 {name} 的服务。{USAGE}") from None
        raise
    return next(c for c in vars(module).values() if isinstance(c, type) and getattr(c, "name", None) == name)


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Embedded: one process per data folder, for as long as it lives.  Raises Refused when another one runs."""
    if not settings.embedded:
        yield
        return
    settings.data.mkdir(parents=True, exist_ok=True)
    with open(settings.data / RUNNING, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"数据目录 {settings.data} 正在被另一个进程使用，请先停止它。") from None
        signing.make_keys(settings)
        yield


def main(names: list[str], kind: type[Process] = Process) -> int:
    wanted = EVERYONE if names == ["all"] else tuple(names)
    try:
        if not wanted or any(not name.isidentifier() for name in wanted):
            raise Refused(USAGE)
        settings = settings_.from_environment()
        logs.configure(settings.log_level)
        with alone(settings):
            return kind(settings, wanted).run()
    except (Refused, migrate.NoSchema) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
