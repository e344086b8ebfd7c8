import eventlet

eventlet.monkey_patch()

"""The benchmarks: every figure is a ratio against something measured in the same run.

    python -m tests.bench [S1 S2 S5 S8] [--out FILE.json]

Writes one table, as markdown on the screen and as JSON with ``--out``.
"""
import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from tests import servers
from tests.bench import idle, imports, pipeline
from tests.servers.postgresql import POSTGRESQL

BENCHMARKS = {"S1": pipeline.s1, "S2": pipeline.s2, "S5": imports.s5, "S8": idle.s8}


@dataclass(frozen=True)
class Figure:
    """One row: ``value`` is the median of ``runs``; ``ratio`` is value over what it is measured against, where there is one."""

    id: str
    what: str
    value: float
    unit: str
    against: str
    ratio: float | None
    hold: str
    held: bool
    n: int
    runs: int
    min: float
    median: float
    max: float


def figure(id: str, what: str, values: list[float], unit: str, *, against: str = "", base: list[float] | None = None,
           hold: str, bound: float, most: bool = False, n: int = 1) -> Figure:
    """A row from the runs; ``bound`` is held by the ratio where there is a base, else by the value."""
    value = median(values)
    ratio = value / median(base) if base else None
    judged = value if ratio is None else ratio
    return Figure(id, what, round(value, 2), unit, against, None if ratio is None else round(ratio, 3), hold,
                  judged <= bound if most else judged >= bound, n, len(values), round(min(values), 2), round(value, 2),
                  round(max(values), 2))


def machine() -> dict[str, str]:
    """What it ran on."""
    names = ("nameko", "kombu", "amqp", "eventlet", "SQLAlchemy", "psycopg2-binary", "marshmallow")
    postgresql = subprocess.run([POSTGRESQL[-1] / "postgres", "--version"], capture_output=True, text=True).stdout.split()
    rabbitmq = subprocess.run(["dpkg-query", "-W", "-f=${Version}", "rabbitmq-server"], capture_output=True, text=True).stdout
    return {"cores": str(os.cpu_count()), "processor": platform.machine(), "python": platform.python_version(),
            "PostgreSQL": postgresql[2] if len(postgresql) > 2 else "?", "RabbitMQ": rabbitmq or "?",
            **{name: version(name) for name in names}}


def table(figures: list[Figure]) -> str:
    lines = ["| id | what | median | min–max | runs | against | ratio | hold | held |", "|---|---|---|---|---|---|---|---|---|"]
    lines += [f"| {f.id} | {f.what} | {f.value} {f.unit} | {f.min}–{f.max} | {f.runs} | {f.against or '–'} "
              f"| {'–' if f.ratio is None else f.ratio} | {f.hold} | {'yes' if f.held else 'NO'} |" for f in figures]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./tests/run bench", description="Benchmarks, as ratios in one run.")
    parser.add_argument("ids", nargs="*", metavar="ID", help=f"which ones: {' '.join(BENCHMARKS)} (default all)")
    parser.add_argument("--out", type=Path, help="also write the figures as JSON")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side, taken in turn (default 3)")
    parser.add_argument("--count", type=int, default=10_000, help="events per run (default 10000)")
    told = parser.parse_args()
    if unknown := set(told.ids) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {' '.join(sorted(unknown))}; there are {' '.join(BENCHMARKS)}")
    figures: list[Figure] = []
    with servers.stopped_at_the_end():
        for id in told.ids or BENCHMARKS:
            for row in BENCHMARKS[id](runs=told.runs, count=told.count):
                figures.append(figure(**row))
    print(f"\n{table(figures)}\n\n{', '.join(f'{k} {v}' for k, v in machine().items())}")
    if told.out:
        told.out.write_text(json.dumps({"machine": machine(), "figures": [asdict(f) for f in figures]}, ensure_ascii=False, indent=1))
    return 0 if all(f.held for f in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
