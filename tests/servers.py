"""Private servers for the tests: RabbitMQ and PostgreSQL on free ports, in a folder of their own, gone afterwards.

The machine's own servers are never touched.  Rule kept: whatever a test started is stopped when the test process
ends, however it ends; what a killed test process left on disk is swept by the next one.
"""
import atexit
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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

RABBITMQ = Path("/usr/lib/rabbitmq/bin")
POSTGRESQL = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: int(found.parent.name))
CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), "")
PREFIX = "jiannuo-test-"
START_SECONDS = 90
#: a test process that is killed takes its servers with it
DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()

_running: list["Server"] = []


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


def wait_until(true: Callable[[], Any], seconds: float = START_SECONDS, every: float = 0.05, what: str = "") -> Any:
    """Its first true answer; AssertionError with ``what`` when that does not come in time."""
    ends = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < ends, f"waited {seconds} s in vain: {what or true}"
        time.sleep(every)
    return answer


class Server:
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
            wait_until(self._answers_or_died, what=f"{self.folder.name} answers")
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

    def _launch(self) -> None:
        raise NotImplementedError

    def _answers(self) -> bool:
        raise NotImplementedError

    def _answers_or_died(self) -> bool:
        assert self.process and self.process.poll() is None, f"{self.folder.name} ended at its start:\n{self.log()}"
        return self._answers()

    def _run(self, command: list[str], environment: dict[str, str] | None = None) -> subprocess.Popen:
        with open(self.folder / f"{Path(command[0]).name}.log", "ab") as log:
            process = subprocess.Popen(
                [*DIE_WITH_PARENT, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                env=environment, start_new_session=True, **_as(self.user))
        _running.append(self)
        return process

    def _gone(self) -> None:
        self.process = None
        self._paused = []
        while self in _running:
            _running.remove(self)

    def _signal(self, number: int) -> None:
        for pid in self._paused:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


class RabbitMQ(Server):
    """A broker with a data folder, cookie and name server of its own; no management, no plugins."""

    def __init__(self) -> None:
        if not (RABBITMQ / "rabbitmq-server").exists():
            raise Missing("RabbitMQ 没有安装（Debian：apt-get install rabbitmq-server）")
        super().__init__("rabbitmq")
        self.data = self.folder / "mnesia"
        self._epmd: subprocess.Popen | None = None
        self._epmd_port, dist_port = free_port(), free_port()
        (self.folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\n"
            "disk_free_limit.absolute = 50MB\nvm_memory_high_watermark.absolute = 1GB\nlog.file.level = warning\n")
        (self.folder / "plugins").write_text("[].\n")
        (self.folder / "none.conf").touch()
        self.environment = {
            "HOME": str(self.folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
            "RABBITMQ_NODENAME": f"jiannuo{self.port}@localhost", "RABBITMQ_DIST_PORT": str(dist_port),
            "RABBITMQ_MNESIA_BASE": str(self.data), "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "ERL_EPMD_PORT": str(self._epmd_port), "ERL_EPMD_ADDRESS": "127.0.0.1",
            # schedulers that wait without spinning: the tests share two cores with it
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none",
            # as under systemd: this process becomes the broker instead of a shell beside it
            "RUNNING_UNDER_SYSTEMD": "true"}

    def uri(self, vhost: str = "/") -> str:
        return f"pyamqp://guest:guest@127.0.0.1:{self.port}/{'' if vhost == '/' else vhost}"

    def vhost(self, name: str) -> str:
        """Make an empty virtual host; returns its URI."""
        self.rabbitmqctl("add_vhost", name)
        self.rabbitmqctl("set_permissions", "-p", name, "guest", ".*", ".*", ".*")
        return self.uri(name)

    def rabbitmqctl(self, *arguments: str) -> str:
        """What the broker's own console answers; RuntimeError with its words when it refuses.  Takes a second or two."""
        done = subprocess.run([RABBITMQ / "rabbitmqctl", "--quiet", *arguments], env=self.environment, cwd=self.folder,
                              capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(f"rabbitmqctl {' '.join(arguments)}: {done.stderr or done.stdout}")
        return done.stdout

    def alarm(self, on: bool) -> None:
        """Raise or clear the memory alarm: publishers are blocked while it lasts."""
        self.rabbitmqctl("set_vm_memory_high_watermark", *(("0.00001",) if on else ("absolute", "1GB")))

    def wipe(self) -> None:
        """Kill it and delete all it had stored: queues, exchanges, messages.  ``start`` brings it back empty."""
        self.kill9()
        shutil.rmtree(self.data, ignore_errors=True)

    def _launch(self) -> None:
        if not self._epmd:
            self._epmd = self._run(["epmd", "-port", str(self._epmd_port), "-address", "127.0.0.1"], self.environment)
        self.process = self._run([str(RABBITMQ / "rabbitmq-server")], self.environment)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 2) as connection:
            connection.settimeout(2)
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return bool(connection.recv(1))
        return False

    def _gone(self) -> None:
        super()._gone()
        if self._epmd:
            # a name server that forgets: the dead node's name must be free again at the next start
            self._epmd.kill()
            self._epmd.wait()
            self._epmd = None


class PostgreSQL(Server):
    """A cluster of its own; data is synced to disk as in real life (fsync on)."""

    def __init__(self) -> None:
        if not POSTGRESQL:
            raise Missing("PostgreSQL 没有安装（Debian：apt-get install postgresql）")
        self.bin = POSTGRESQL[-1]
        # initdb refuses to run as root
        self.user = "postgres" if os.getuid() == 0 else ""
        super().__init__("postgresql")
        self.data = self.folder / "data"
        self._tool("initdb", "-D", str(self.data), "-U", "jiannuo", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = '{self.folder}'\n"
                       "max_connections = 300\nfsync = on\nsynchronous_commit = on\nlog_error_verbosity = terse\n")

    def url(self, database: str = "postgres", user: str = "jiannuo") -> str:
        return f"postgresql+psycopg2://{user}@127.0.0.1:{self.port}/{database}"

    def database(self, name: str) -> str:
        """Make an empty database; returns its URL."""
        self.psql(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def psql(self, sql: str, database: str = "postgres") -> str:
        """The bare rows of a statement; RuntimeError with the server's words when it refuses."""
        return self._tool("psql", "-h", str(self.folder), "-p", str(self.port), "-U", "jiannuo", "-d", database,
                          "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", sql).strip()

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, the server does not wait for its clients."""
        self.resume()
        if self.process:
            self.process.send_signal(signal.SIGINT)
        super().stop()

    def _launch(self) -> None:
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self.process = self._run([str(self.bin / "postgres"), "-D", str(self.data)])

    def _answers(self) -> bool:
        ready = [self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready).returncode == 0

    def _tool(self, name: str, *arguments: str) -> str:
        done = subprocess.run([self.bin / name, *arguments], cwd=self.folder, capture_output=True, text=True,
                              env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, **_as(self.user))
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stderr or done.stdout}")
        return done.stdout


def stop_all() -> None:
    """Kill every server this process started."""
    for server in list(_running):
        server.close()


def _as(user: str) -> dict[str, Any]:
    if not user or user == getpass.getuser():
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


@contextlib.contextmanager
def stopped_at_the_end() -> Iterator[None]:
    """Stop everything at the end of this process: at exit, and on SIGTERM, which would skip ``atexit``."""
    def end(number: int, frame: object) -> None:
        stop_all()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        stop_all()
        signal.signal(signal.SIGTERM, before)


atexit.register(stop_all)
