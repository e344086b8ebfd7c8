"""Processes with limits of their own, so that no file takes the door's memory, time or life (T25).

``confine`` is called first thing in such a process; ``Confined`` starts one and listens to it without stopping the hub.
"""
import json
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[3]
#: of all such processes together: the machine has other things to do
AT_ONCE = 2


def confine(seconds: int, memory: int) -> None:
    """So much processor time and memory, and no core dump."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Ended(Exception):
    """The process ended before it had said everything.  ``by_limit``: it was its memory or time."""

    def __init__(self, by_limit: bool):
        self.by_limit = by_limit
        super().__init__("by its limits" if by_limit else "by itself")


def run(module: str, seconds: int, memory: int, *words: str) -> Iterator[dict[str, Any]]:
    """Start ``services.gateway.jobs.<module>`` and yield the JSON objects it says, one a line.  Raises Ended."""
    import eventlet
    from eventlet.green import subprocess

    with _slots():
        process = subprocess.Popen(
            [sys.executable, "-m", f"services.gateway.jobs.{module}", str(seconds), str(memory), *words], cwd=HOUSE,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(HOUSE), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"})
        try:
            for line in _lines(process.stdout.fileno(), 10 * seconds):
                yield json.loads(line)
            process.wait()
        except eventlet.Timeout:
            raise Ended(by_limit=True) from None
        except ValueError:
            raise Ended(by_limit=False) from None
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            process.stdout.close()
    if process.returncode:
        raise Ended(by_limit=process.returncode in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV))


def _lines(pipe: int, silence: float) -> Iterator[bytes]:
    """The lines of a pipe; nothing said for so long is a time-out, however long whoever listens takes over each.

    eventlet's own reader takes them byte by byte: seconds for a hundred thousand.
    """
    import eventlet
    from eventlet.green import os

    left = b""
    while True:
        with eventlet.Timeout(silence):
            piece = os.read(pipe, 262_144)
        if not piece:
            break
        *whole, left = (left + piece).split(b"\n")
        yield from whole
    if left:
        yield left


_semaphore: list[Any] = []


def _slots() -> Any:
    """The semaphore of this process, made where there is a hub."""
    from eventlet.semaphore import Semaphore

    if not _semaphore:
        _semaphore.append(Semaphore(AT_ONCE))
    return _semaphore[0]
