"""Private servers for the tests: RabbitMQ and PostgreSQL on free ports, in a folder of their own, gone afterwards.

The machine's own servers are never touched.  Rule kept: whatever a test started is stopped when the test process
ends, however it ends; what a killed test process left on disk is swept by the next one.
"""
import atexit
import contextlib
import os
import shutil
import signal
from collections.abc import Iterator

from tests.servers.postgresql import PostgreSQL
from tests.servers.process import Missing, Server, crowding, family, folder, free_port, running, wait_until
from tests.servers.rabbitmq import RabbitMQ

__all__ = ["CHROMIUM", "Missing", "PostgreSQL", "RabbitMQ", "Server", "crowding", "family", "folder", "free_port", "stop_all", "stopped_at_the_end",
           "wait_until"]

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), "")


def stop_all() -> None:
    """Kill every server this process started."""
    for server in list(running):
        server.close()


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
