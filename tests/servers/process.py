"""One server process of the tests: how it is started, stopped, killed and paused, and where its folder and port come from."""
import contextlib
import getpass
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

PREFIX = "jiannuo-test-"
#: a wait in seconds is no promise; a broker took a minute to start on a starved machine
START_SECONDS, WAIT_SECONDS = 240, 90
#: a test process that is killed takes its servers with it
DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()

running: list["Server"] = []


class Missing(Exception):
    """A server is not installed on this machine."""


def free_port() -> int:
    """A port nobody listens on, outside the range from which outgoing connections take theirs."""
    while True:
        port = random.randint(20000, 31999)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def folder(name: str) -> Path:
    """A new temporary folder, named after this process so that a later one can tell that it is nobody's any more."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = left.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(left, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-{name}-"))
    made.chmod(0o711)
    return made


def family(pid: int) -> list[int]:
    """A process and everything it started that is still its descendant, parents first."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found.extend(children.get(one, []))
    return found


def wait_until(true: Callable[[], Any], seconds: float = WAIT_SECONDS, every: float = 0.05, what: str = "") -> Any:
    """Its first true answer; AssertionError with ``what`` when that does not come in time."""
    ends = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < ends, f"waited {seconds} s in vain: {what or true}"
        time.sleep(every)
    return answer


def crowding(work: float = 0.3) -> float:
    """How much longer things take here now than on a quiet machine, at least 1: a promise in seconds is held against it, so that
    what the machine takes from everybody is not blamed on the house."""
    wall, busy = time.monotonic(), time.process_time()
    while time.process_time() - busy < work:
        pass
    return max(1.0, (time.monotonic() - wall) / work)


class Server(ABC):
    """One server process: started, stopped, killed, paused; it keeps its folder and port until ``close``."""

    user = ""

    def __init__(self, name: str):
        self.port = free_port()
        self.folder = folder(name)
        self.process: subprocess.Popen | None = None
        self._paused: list[int] = []
        if self.user:
            shutil.chown(self.folder, self.user)

    def start(self) -> "Server":
        """Start it and wait until it answers."""
        self._launch()
        try:
            wait_until(self._answers_or_died, START_SECONDS, what=f"{self.folder.name} answers")
        except AssertionError:
            self.close()
            raise
        return self

    def stop(self) -> None:
        """Stop it in good order; nothing happens if it is not running."""
        self.resume()
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill9()
            self._gone()

    def kill9(self) -> None:
        """Kill it and all of its processes at once, as a power cut would."""
        if self.process:
            for pid in family(self.process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
            self._gone()

    def restart(self) -> None:
        self.stop()
        self.start()

    def pause(self) -> None:
        """Stop the clock of all its processes (SIGSTOP): sockets stay open, nothing answers."""
        assert self.process
        self._paused = family(self.process.pid)
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)
        self._paused = []

    def close(self) -> None:
        """Kill it and remove its folder.  A second call does nothing."""
        self.resume()
        self.kill9()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Any:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def log(self) -> str:
        """The end of what it wrote."""
        return "\n".join(file.read_text(errors="replace")[-3000:] for file in sorted(self.folder.glob("*.log")))

    @abstractmethod
    def _launch(self) -> None:
        """Start the process."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether it is ready to be used."""

    def _answers_or_died(self) -> bool:
        assert self.process and self.process.poll() is None, f"{self.folder.name} ended at its start:\n{self.log()}"
        return self._answers()

    def _run(self, command: list[str], environment: dict[str, str] | None = None) -> subprocess.Popen:
        with open(self.folder / f"{Path(command[0]).name}.log", "ab") as log:
            process = subprocess.Popen(
                [*DIE_WITH_PARENT, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                env=environment, start_new_session=True, **run_as(self.user))
        running.append(self)
        return process

    def _gone(self) -> None:
        self.process = None
        self._paused = []
        while self in running:
            running.remove(self)

    def _signal(self, number: int) -> None:
        for pid in self._paused:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


def run_as(user: str) -> dict[str, Any]:
    """What Popen is told to run as this user; nothing where that is who we are."""
    if not user or user == getpass.getuser():
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
