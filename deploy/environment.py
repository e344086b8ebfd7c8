"""The project's own Python environment, made from the lock with hashes: `.venv` in the checkout.

Standard library only: it runs before anything is installed.  Rule kept: a start finds either a whole environment,
stamped with the hash of the lock it was made from, or makes it; a half-made one is made again, and two starts at
once make it once.

    python deploy/environment.py run|test [--] -m MODULE ARG…     prepare, then become that program
"""
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import dropwhile, takewhile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
LOCKS = {"run": "requirements.lock", "test": "requirements-test.lock"}
#: the tests' lock is the system's lock and more
HOLDS = {"run": ("run",), "test": ("run", "test")}
#: published as source alone; everything else must come as a wheel, so no compiler is needed
SOURCE_ONLY = ("psycogreen",)


class Failed(Exception):
    """The environment cannot be made; the sentence says what was found and what to do."""


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def digest(checkout: Path, kind: str) -> str:
    return hashlib.sha256((checkout / LOCKS[kind]).read_bytes()).hexdigest()


class Environment:
    """`.venv` of one checkout: is it whole for this kind of use, and if not, make it so."""

    def __init__(self, checkout: Path = CHECKOUT):
        self.checkout = checkout
        self.folder = checkout / ".venv"
        self.python = self.folder / "bin" / "python"
        self._stamp = self.folder / "stamp.json"

    def whole(self, kind: str) -> bool:
        """Made to the end, from the lock as it is now, by a Python that is still there."""
        return self.python.exists() and self._stamped().get(kind) == digest(self.checkout, kind)

    def prepare(self, kind: str, get_venv: Callable[[], None] | None = None) -> None:
        """Make the environment whole.  A second call does nothing and takes milliseconds.

        ``get_venv`` may install Python's venv module where it is missing.  Raises Failed.
        """
        if self.whole(kind):
            return
        with self._alone():
            if self.whole(kind):
                return
            if not self.python.exists() or not self._stamped():
                self._create(get_venv)
            self._install(kind)

    def _create(self, get_venv: Callable[[], None] | None) -> None:
        if not _has_venv() and get_venv:
            get_venv()
        if not _has_venv():
            raise Failed(
                f"这个 Python（{sys.executable}）缺少 venv 模块。请安装后再运行一次，Debian 上："
                f"apt-get install python3-venv。\nThis Python lacks the venv module; on Debian: apt-get install python3-venv.")
        if shutil.disk_usage(self.checkout).free < 1_000_000_000:
            raise Failed(f"{self.checkout} 所在磁盘剩余不足 1 GB，装不下运行环境。请先清理磁盘，再运行一次。")
        say(f"第一次运行：正在准备 Python 环境 {self.folder} …")
        shutil.rmtree(self.folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(self.folder)], "无法创建 Python 环境")

    def _install(self, kind: str) -> None:
        lock = self.checkout / LOCKS[kind]
        packages = sum(1 for line in lock.read_text().splitlines() if "==" in line and not line.startswith((" ", "#")))
        say(f"正在安装 {packages} 个软件包（按 {lock.name} 逐个核对哈希，第一次约一两分钟）…")
        self._stamp.unlink(missing_ok=True)
        pip = [str(self.python), "-m", "pip", "--disable-pip-version-check", "install", "--require-hashes", "--no-deps",
               "--progress-bar", "off"]
        failed = "软件包没有装全。请检查网络（或 pip 镜像设置）后再运行一次，已下载的不会重复下载"
        # what has no wheel is built with the locked setuptools, not with whatever pip would fetch for it
        first = self.folder / "first.lock"
        first.write_text(_entry(lock.read_text(), "setuptools"))
        _run([*pip, "--only-binary", ":all:", "-r", str(first)], failed)
        _run([*pip, "--no-build-isolation", "--only-binary", ":all:", "--no-binary", ",".join(SOURCE_ONLY), "-r", str(lock)],
             failed)
        half = self._stamp.with_suffix(".half")
        half.write_text(json.dumps({held: digest(self.checkout, held) for held in HOLDS[kind]}))
        half.replace(self._stamp)
        say("环境已就绪。")

    def _stamped(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._stamp.read_text()))
        except (OSError, ValueError):
            return {}

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with open(self.checkout / ".venv.lock", "w") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("另一个终端正在准备环境，等它完成 …")
                fcntl.flock(held, fcntl.LOCK_EX)
            yield


def _has_venv() -> bool:
    # asked of a fresh process: this one would remember the answer from before an installation
    return subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True).returncode == 0


def _entry(lock: str, package: str) -> str:
    """The lines of one package in a lock file: its version and hashes."""
    lines = dropwhile(lambda line: not line.startswith(f"{package}=="), lock.splitlines(keepends=True))
    return "".join([next(lines), *takewhile(lambda line: line.startswith(" "), lines)])


def _run(command: list[str], failed: str) -> None:
    """Run it quietly; if it fails, show the end of what it said."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        say("\n".join(done.stdout.splitlines()[-15:]))
        raise Failed(f"{failed}。（{Path(command[0]).name} 返回 {done.returncode}，原因见上面几行。）")


def become(kind: str, arguments: list[str], get_venv: Callable[[], None] | None = None) -> None:
    """Prepare the environment and replace this process by its Python with these arguments; does not return."""
    environment = Environment()
    try:
        environment.prepare(kind, get_venv)
    except (Failed, OSError) as why:
        say(str(why))
        raise SystemExit(3) from None
    # the checkout is the only folder of ours to import from, wherever the command was typed
    os.environ.update(PYTHONPATH=str(CHECKOUT), PYTHONSAFEPATH="1", PYTHONUNBUFFERED="1")
    os.execv(environment.python, [str(environment.python), *arguments])


if __name__ == "__main__":
    become(sys.argv[1], sys.argv[2:])
