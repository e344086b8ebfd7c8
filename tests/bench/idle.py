"""S8: everything in one process, idle: memory and share of a core."""
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

from tests.servers import family, free_port

ROOT = Path(__file__).parents[2]


def s8(*, runs: int, count: int) -> list[dict]:
    """The demonstration county, started by deploy/up from a clone of its own as a user would (an environment without the tests'
    packages), left alone, then watched for twenty seconds."""
    memory, share = [], []
    with tempfile.TemporaryDirectory(prefix="jiannuo-idle-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        for run in range(runs):
            data = f"{folder}/data{run}"
            up = subprocess.run([clone / "deploy/up", "--detach", "--json", "--port", str(free_port()), "--data", data],
                                capture_output=True, text=True, check=True, timeout=300)
            pid = json.loads(up.stdout)["pid"]
            try:
                time.sleep(15)
                # the house and the process that watches over it
                pids = family(pid)
                before, began = sum(map(_cpu_seconds, pids)), time.monotonic()
                time.sleep(20)
                share.append(100 * (sum(map(_cpu_seconds, pids)) - before) / (time.monotonic() - began))
                memory.append(sum(map(_megabytes, pids)))
            finally:
                subprocess.run([clone / "deploy/down", "--data", data], check=True, timeout=60, capture_output=True)
    return [
        {"id": "S8", "what": "embedded, idle: memory", "values": memory, "unit": "MB RSS", "hold": "≤ 150 MB", "bound": 150, "most": True},
        {"id": "S8", "what": "embedded, idle: processor", "values": share, "unit": "% of a core", "hold": "< 3 %", "bound": 3, "most": True}]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
