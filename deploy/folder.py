"""The data folder of one house: who uses it now, whose county is in it, and what the last start reported."""
import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.checks import Refused
from deploy.environment import say

#: held by the one process of an embedded house
RUNNING = "running.lock"
#: longer than a process may drain (seconds)
DRAINS_WITHIN = 45.0


class Folder:
    """``up.lock`` is held, with our pid in it, while the house is up; ``county.json`` says whether the county is the
    demonstration (演示) or somebody's own, and what its start must not forget; ``up.json`` is the last report."""

    def __init__(self, path: Path):
        self.path = path
        self._lock, self._county, self._report = path / "up.lock", path / "county.json", path / "up.json"

    @contextmanager
    def used(self) -> Iterator[None]:
        """Hold the folder.  Raises Refused, naming the process, when another start holds it."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused(self.in_use(lock.read().strip())) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            self._wait_for_the_last()
            yield
            self._report.unlink(missing_ok=True)

    def _wait_for_the_last(self) -> None:
        """A start that was killed leaves a process that still drains: let it end.  Raises Refused when it does not."""
        ends, said = time.monotonic() + DRAINS_WITHIN, False
        while True:
            with open(self.path / RUNNING, "a") as running:
                try:
                    fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return
                except BlockingIOError:
                    if time.monotonic() > ends:
                        raise Refused(f"数据目录 {self.path} 里上一次启动的进程还没有结束，请稍后再试，或先结束它。") from None
            if not said:
                say("上一次启动的进程还在收尾，等它结束 …")
            said = True
            time.sleep(0.2)

    def in_use(self, pid: str) -> str:
        return (f"数据目录 {self.path} 正在使用中（进程 {pid or '刚启动'}）。请先停止它：./deploy/down --data {self.path}，"
                "或用 --data 另选一个目录。")

    def user(self) -> int:
        """The process that holds the folder now; 0 for nobody."""
        try:
            with open(self._lock, "r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(self._lock.read_text() or 0)
        except OSError:
            return 0
        return 0

    @property
    def running(self) -> dict[str, Any]:
        """What its start reported, while the house is up; else nothing."""
        return self.report if self.user() else {}

    @property
    def county(self) -> dict[str, Any]:
        return _read(self._county)

    @county.setter
    def county(self, said: Mapping[str, Any]) -> None:
        _write(self._county, said)

    @property
    def report(self) -> dict[str, Any]:
        return _read(self._report)

    @report.setter
    def report(self, said: Mapping[str, Any]) -> None:
        _write(self._report, said)


def _read(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text()))
    except (OSError, ValueError):
        return {}


def _write(file: Path, said: Mapping[str, Any]) -> None:
    """Whole or not at all, and for its owner only: it holds the demonstration's passwords."""
    half = file.with_suffix(".half")
    half.touch(mode=0o600)
    half.write_text(json.dumps(said, ensure_ascii=False, indent=1))
    half.replace(file)
