"""Starts the reader: a process with limits, so that no file can take the door's memory, time or life (T25)."""
import json
import sys
from pathlib import Path
from typing import Any

import eventlet
from eventlet.green import subprocess
from eventlet.semaphore import Semaphore

from services.gateway.jobs.reader import DAMAGED, TOO_BIG
from services.gateway.settings import GatewaySettings

HOUSE = Path(__file__).resolve().parents[3]
_at_once = Semaphore(2)


def read(kind: str, file: Path, settings: GatewaySettings) -> dict[str, Any]:
    """``{"rows", "faults"}`` or ``{"refused": sentence}``; never raises for what is in the file."""
    command = [sys.executable, "-m", "services.gateway.jobs.reader", kind, str(file), str(settings.sheet_rows),
               str(settings.sheet_inflated_bytes), str(settings.sheet_seconds), str(settings.sheet_memory_bytes)]
    with _at_once:
        process = subprocess.Popen(command, cwd=HOUSE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   env={"PYTHONPATH": str(HOUSE), "LANG": "C.UTF-8"})
        try:
            with eventlet.Timeout(settings.sheet_seconds * 2):
                told, _ = process.communicate()
        except eventlet.Timeout:
            return {"refused": TOO_BIG}
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if process.returncode:
        # ended by its limits (memory, processor time), or by a fault of the library on a damaged file
        return {"refused": TOO_BIG if process.returncode < 0 else DAMAGED}
    return json.loads(told)
