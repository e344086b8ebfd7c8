"""A private RabbitMQ."""
import contextlib
import shutil
import socket
import subprocess
from pathlib import Path

from tests.servers.process import Missing, Server, free_port

RABBITMQ = Path("/usr/lib/rabbitmq/bin")


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
                              capture_output=True, text=True, timeout=240)
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
