"""The processes of the house: started, watched, started again with a delay when one dies, and stopped together."""
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
#: seconds: a process that lived so long is new again; delays grow from the first to the longest
SETTLED, FIRST_DELAY, LONGEST_DELAY = 60.0, 1.0, 30.0
#: the drain of a process takes 30 s at most (T2)
STOP_SECONDS = 35.0
LOG_BYTES = 10_000_000
PLAIN = "deploy.process"
#: should the supervisor itself be killed, its processes are told to stop
WITH_PARENT = ("setpriv", "--pdeathsig", "TERM", "--") if shutil.which("setpriv") else ()


class Failed(Exception):
    """The house does not come up; the message says what was seen."""


@dataclass
class Worker:
    """One process: its name, what it runs, and the port on which it says how it is."""

    name: str
    services: tuple[str, ...]
    environment: dict[str, str]
    health: int
    module: str = PLAIN
    process: subprocess.Popen | None = None
    began: float = 0.0
    delay: float = FIRST_DELAY
    due: float = field(default=0.0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Supervisor:
    """Keeps its workers running until ``stop``.  ``say`` is told what a person should know."""

    def __init__(self, workers: list[Worker], logs: Path, say: Callable[[str], None]):
        self.workers, self._logs, self._say = workers, logs, say
        self._stopping = False
        logs.mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        for worker in self.workers:
            self._start(worker)

    def look(self) -> None:
        """Once in a while: start what has died, when its delay is over."""
        now = time.monotonic()
        for worker in self.workers:
            if worker.process and worker.process.poll() is not None:
                worker.delay = FIRST_DELAY if now - worker.began > SETTLED else min(worker.delay * 2, LONGEST_DELAY)
                self._say(f"{worker.name} 意外结束（返回 {worker.process.returncode}），{worker.delay:.0f} 秒后重新启动；"
                          f"原因见 {self.log(worker)}。")
                worker.process, worker.due = None, now + worker.delay
            if worker.process is None and now >= worker.due and not self._stopping:
                self._start(worker)

    def died(self) -> Worker | None:
        """A worker that is not running."""
        return next((w for w in self.workers if w.process is None or w.process.poll() is not None), None)

    def wrong(self) -> dict[str, str]:
        """What keeps the house from being ready: check and sentence; empty when every service of every worker is."""
        found: dict[str, str] = {}
        for worker in self.workers:
            checks = _checks(worker.health)
            started = {name.partition(" ")[0] for name in checks}
            found |= {name: sentence for name, sentence in checks.items() if sentence}
            found |= {service: "正在启动。" for service in worker.services if service not in started}
        return found

    def renew(self) -> None:
        """Whoever began as something else goes on as a plain process of the house.  A second call does nothing."""
        for worker in self.workers:
            if worker.module != PLAIN and not self._stopping:
                self._end([worker], time.monotonic() + STOP_SECONDS)
                worker.module = PLAIN
                self._start(worker)

    def stop(self) -> bool:
        """Tell the doors to drain first, then everybody else; whether all ended by themselves.  A second call does nothing."""
        self._stopping = True
        ends = time.monotonic() + STOP_SECONDS
        doors = [worker for worker in self.workers if "gateway" in worker.services]
        gentle = self._end(doors, ends)
        return self._end([worker for worker in self.workers if worker not in doors], ends) and gentle

    def log(self, worker: Worker) -> Path:
        return self._logs / f"{worker.name}.log"

    def tail(self, worker: Worker, lines: int = 8) -> str:
        """The end of what a worker wrote."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log(worker).read_text(errors="replace").splitlines()[-lines:])
        return ""

    def _start(self, worker: Worker) -> None:
        log = self.log(worker)
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        with open(log, "ab") as out:
            # a session of its own: Ctrl-C reaches the supervisor alone, which then drains in order
            worker.process = subprocess.Popen(
                [*WITH_PARENT, sys.executable, "-W", "ignore", "-m", worker.module, *worker.services],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, cwd=CHECKOUT,
                env={**os.environ, **worker.environment, "JIANNUO_HEALTH_PORT": str(worker.health)})
        worker.began = time.monotonic()

    def _end(self, workers: list[Worker], ends: float) -> bool:
        running = [worker.process for worker in workers if worker.process and worker.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        gentle = True
        for process in running:
            try:
                process.wait(max(0.1, ends - time.monotonic()))
            except subprocess.TimeoutExpired:
                gentle = False
                process.kill()
                process.wait()
        return gentle


def _checks(port: int) -> dict[str, str]:
    """The answer of a worker's /readyz, whatever its status; empty while it does not answer.

    Asked by hand: the standard library's client brings three megabytes of mail and encryption, for as long as the house runs.
    """
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
            line.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
            with line.makefile("rb") as answer:
                return dict(json.loads(answer.read().partition(b"\r\n\r\n")[2])["checks"])
    except (OSError, ValueError, KeyError):
        return {}
