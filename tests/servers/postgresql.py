"""A private PostgreSQL."""
import os
import signal
import subprocess
from pathlib import Path

from tests.servers.process import Missing, Server, run_as

POSTGRESQL = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: int(found.parent.name))


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
                              env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, **run_as(self.user))
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stderr or done.stdout}")
        return done.stdout
