"""Runs the rooms of the tests, each a process of its own, and says what each took.

A default run goes in two lanes beside each other, because half of what the longest room does is wait.  Rule kept: the exit
code is 0 only if every room was run and every one was green.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.packages import CHECKOUT, DEFAULT_ROOMS, named_rooms

#: a room that takes longer hangs: it is ended and red (seconds)
LIMITS = {"component": 2400, "journeys": 1200, "browser": 900, "faults": 900}
LIMIT = 300
#: what runs beside everything else in a default run
BESIDE = "component"
#: rooms that prove nothing about a disk keep what they write in memory where there is room: waiting for the disk was most of
#: their time.  Journeys, faults and benchmarks write where a county would
IN_MEMORY = ("unit", "component", "contracts")
MEMORY, ROOM_NEEDED = Path("/dev/shm"), 4_000_000_000


#: pytest's last word
COUNTED = re.compile(r"\d+ (passed|failed|errors?)\b.* in [\d.]+s")

#: what runs now, whether it is all over, and who speaks
_running: set[subprocess.Popen] = set()
_over = threading.Event()
_speaking = threading.Lock()


@dataclass(frozen=True)
class Outcome:
    room: str
    code: int
    seconds: float
    closing: str


def pytest(*arguments: str) -> list[str]:
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    return [sys.executable, "-m", "pytest", "-q", *colour, *arguments]


def commands(room: str, arguments: list[str]) -> list[list[str]]:
    """What a room runs: for most, pytest on the folder of that name."""
    if room == "bench":
        return [[sys.executable, "-m", "tests.bench", *arguments]]
    if room == "checks":
        domains = [str(found.relative_to(CHECKOUT)) for found in sorted(CHECKOUT.glob("services/*/domain"))]
        walks = [str(found.relative_to(CHECKOUT)) for found in sorted(CHECKOUT.glob("tests/test_*.py"))]
        tool = [sys.executable, "-m"]
        return [[*tool, "ruff", "check", "--quiet", "--output-format=concise", "."], [*tool, "mypy", "wire", *domains],
                [*tool, "codespell_lib"], pytest(*walks, *arguments)]
    return [pytest(f"tests/{room}", *arguments)]


def run(room: str, arguments: list[str], limit: float | None, name: str = "") -> Outcome:
    """Run a room, showing what it says, each line under its name where several run; the outcome keeps its last line."""
    _show(name, f"\n── {room} ──")
    began, closing = time.monotonic(), ""
    environment = {**os.environ, **({"JIANNUO_TESTS_BLOCKING": "1"} if room == "browser" else {}), **_where(room)}
    worst = 0
    for command in commands(room, arguments):
        code, last = _follow(command, environment, began + limit if limit else None, name)
        worst = worst or code
        closing = last if "pytest" in command else closing
    return Outcome(room, worst, time.monotonic() - began, closing)


def _where(room: str) -> dict[str, str]:
    if room in IN_MEMORY and "TMPDIR" not in os.environ and MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK) and (
            shutil.disk_usage(MEMORY).free > ROOM_NEEDED):
        return {"TMPDIR": str(MEMORY)}
    return {}


def _show(name: str, line: str) -> None:
    with _speaking:
        print(f"{name:<10}| {line}" if name and line.strip() else line, flush=True)


def _follow(command: list[str], environment: dict[str, str], ends: float | None, name: str) -> tuple[int, str]:
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace", start_new_session=True)
    assert process.stdout
    _running.add(process)
    late = threading.Timer(max(1.0, ends - time.monotonic()), _end, (process,)) if ends else None
    if late:
        late.start()
    last = counted = ""
    try:
        for line in process.stdout:
            _show(name, line.rstrip("\n"))
            last = line.strip() or last
            # what a process still logs while it ends comes after pytest's own last word
            counted = last if COUNTED.search(line) else counted
        return process.wait(), counted or last
    finally:
        if late:
            late.cancel()
        _running.discard(process)


def _end(process: subprocess.Popen) -> None:
    """End a room that hangs or is no longer wanted: first as one asks, so that it stops its servers."""
    _show("", "停止这一组测试 …")
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def lane(rooms: list[str], arguments: list[str], *, named: bool, beside: bool) -> list[Outcome]:
    """These rooms one after the other."""
    outcomes = []
    for room in rooms:
        if _over.is_set():
            break
        quick = ["--quick"] if room == "faults" and not named else []
        # by default every room has a limit; a room asked for by name may take what it takes
        limit = None if named else LIMITS.get(room, LIMIT)
        outcomes.append(run(room, [*quick, *arguments], limit, room if beside else ""))
    return outcomes


def table(outcomes: list[Outcome], seconds: float) -> str:
    """The last thing a run says: rooms, seconds, the closing line of each, and how many tests passed and failed."""
    plain = re.compile(r"\x1b\[[0-9;]*m")
    lines = [f"{'room':<10} {'seconds':>8}        "]
    for one in outcomes:
        lines.append(f"{one.room:<10} {one.seconds:>8.1f}  {'ok ' if not one.code else 'RED'}  {plain.sub('', one.closing).strip('= ')}")
    red = [one.room for one in outcomes if one.code]
    lines.append(f"{'all':<10} {seconds:>8.1f}  {'RED: ' + ' '.join(red) if red else 'ok'}")
    passed, failed = (sum(int(n) for one in outcomes for n in re.findall(rf"(\d+) (?:{word})", one.closing))
                      for word in ("passed", "failed|error"))
    lines.append(f"{passed} passed, {failed} failed")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    rooms = named_rooms(arguments)
    named = bool(arguments) and arguments[0] == rooms[0]
    rest = arguments[len(rooms):] if named else arguments
    unknown = [word for word in rest[:1] if not named and not word.startswith("-") and not Path(word).exists()]
    if unknown:
        print(f"没有名为 {unknown[0]} 的测试组；可选：{' '.join(DEFAULT_ROOMS)} bench。", file=sys.stderr)
        return 2
    lanes = [rooms] if named else [[room for room in rooms if room != BESIDE], [BESIDE]]
    began = time.monotonic()
    with ThreadPoolExecutor(len(lanes)) as threads:
        done = [threads.submit(lane, mine, rest, named=named, beside=len(lanes) > 1) for mine in lanes]
        try:
            outcomes = [outcome for one in done for outcome in one.result()]
        except BaseException:
            _over.set()
            for process in tuple(_running):
                _end(process)
            raise
    print("\n" + table(outcomes, time.monotonic() - began), flush=True)
    return int(any(one.code for one in outcomes))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    raise SystemExit(main(sys.argv[1:]))
