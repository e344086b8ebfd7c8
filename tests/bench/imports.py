"""S5: a roster of 50,000 members moves in from one .xlsx, checks and all, on RabbitMQ + PostgreSQL.

The real processes of roster and gateway, the real door: upload, read, stage, check, write; the clock stops when the job is done.
Against reading the same file with python-calamine and inserting it in batches into a table of the same form.
"""
import os
import tempfile
import time
from datetime import date
from itertools import count as counting
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import requests
from python_calamine import CalamineWorkbook
from sqlalchemy import insert
from uuid_utils import uuid7

from services.gateway.identity import setup
from services.gateway.storage import at_rest
from services.roster.storage.members import members
from tests import servers
from tests.bench.pipeline import _processes, _servers
from tests.journeys.planted import County
from wire.bus import migrate, signing
from wire.bus.calls import Caller
from wire.bus.database import open_database
from wire.bus.settings import Settings
from wire.bus.unit import transaction
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.roster import CheckSheet, FoundCounty, SheetLine, StageLines, WriteSheet

PEOPLE, BRANCHES, BATCH = 50_000, 2_400, 1_000
PASSWORD = "Shan-Shui-2026-Tian"
_number = counting(1)


def s5(*, runs: int, count: int) -> list[dict]:
    """Seconds of an import against seconds of reading and inserting, in turn; and the highest memory of all its processes."""
    ours, bare, memory, stroke = [], [], [], []
    county = County(BRANCHES, PEOPLE)
    with tempfile.TemporaryDirectory(prefix="jiannuo-bench-") as folder, _servers() as (rabbit, postgres):
        file = Path(folder) / "members.xlsx"
        file.write_bytes(county.workbook("members"))
        for _ in range(runs):
            bare.append(_bare(file, postgres))
            seconds, peak, held = _imported(file, county, rabbit, postgres)
            ours.append(seconds)
            memory.append(peak)
            stroke.append(held)
    return [
        {"id": "S5", "what": f"import of {PEOPLE} members, upload to written", "values": ours, "unit": "s",
         "against": "calamine and batched inserts", "base": bare, "hold": "≤ 3 ×", "bound": 3, "most": True, "n": PEOPLE},
        {"id": "S5", "what": "highest memory of gateway, reader and roster together", "values": memory, "unit": "MB", "hold": "≤ 400 MB",
         "bound": 400, "most": True, "n": PEOPLE},
        {"id": "S5", "what": "of it, the last step: all rows at one stroke", "values": stroke, "unit": "s", "hold": "no bound",
         "bound": 1e9, "most": True, "n": PEOPLE}]


def _bare(file: Path, postgres: servers.PostgreSQL) -> float:
    name = f"bare{next(_number)}"
    with tempfile.TemporaryDirectory(prefix="jiannuo-bench-") as data:
        settings = Settings(data=Path(data), database=postgres.database(name), broker="amqp://nobody")
        migrate.upgrade("roster", settings)
        store = open_database(settings, "roster")
        empty: dict[str, Any] = {c.name: None if c.nullable else () if c.name == "lacks" else "" for c in members.columns}
        began = monotonic()
        rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
        lines = [row for row in rows[2:] if row[0]]
        with transaction(store) as sql:
            for start in range(0, len(lines), BATCH):
                sql.execute(insert(members), [empty | {
                    "id": f"mem_{uuid7().hex}", "code": row[0], "name": row[1], "sort_key": row[1], "kind": row[2],
                    "organisation_id": row[3], "post": row[4], "post_kind": row[5], "joined_on": date.fromisoformat(row[6]),
                    "state": "active", "version": 1} for row in lines[start:start + BATCH]])
        seconds = monotonic() - began
        store.close()
    return seconds


def _imported(file: Path, county: County, rabbit: servers.RabbitMQ, postgres: servers.PostgreSQL) -> tuple[float, float, float]:
    name, port = f"moves{next(_number)}", servers.free_port()
    with tempfile.TemporaryDirectory(prefix="jiannuo-bench-") as data:
        private, public = signing.make_keys(Settings(data=Path(data)))
        settings = Settings(data=Path(data), broker=rabbit.vhost(name), database=postgres.database(name), signing_key=str(private),
                            verify_key=str(public))
        os.environ |= {"JIANNUO_PORT": str(port), "JIANNUO_SIGNING_KEY": str(private), "JIANNUO_GATEWAY_SECOND_FACTOR": "none"}
        for service in ("roster", "gateway"):
            migrate.upgrade(service, settings)
        with _processes(settings, "roster", "gateway"):
            _founded(settings, county)
            url = f"http://127.0.0.1:{port}/api/v1"
            token = requests.post(f"{url}/session", json={"username": "xianban", "password": PASSWORD}, timeout=30).json()["token"]
            with _Watch() as watch:
                began = monotonic()
                with file.open("rb") as stream:
                    job = _done(requests.post(f"{url}/imports/members", files={"file": ("members.xlsx", stream)},
                                              headers={"Authorization": f"Bearer {token}"}, timeout=60), url, token)
                assert (job["state"], job["importable"]) == ("checked", PEOPLE), job
                pressed = monotonic()
                job = _done(requests.post(f"{url}/imports/{job['id']}/run", headers={"Authorization": f"Bearer {token}"}, timeout=60), url, token)
                ended = monotonic()
            assert (job["state"], job["new"]) == ("done", PEOPLE), job
    return ended - began, watch.highest, ended - pressed


def _founded(settings: Settings, county: County) -> None:
    """A county with its branches, and an office that can sign in."""
    caller = Caller(settings)
    made = caller.call(Actor(kind="invitation"), FoundCounty(code="C1", name="云岭县委", person_name="演县办"), deadline=30)
    office = Actor(kind="person", person_id=made.person_id, name="演县办", grants=(
        HeldGrant(grant_id=made.grant_id, role="office", organisation_id=made.organisation_id),))
    lines = tuple(SheetLine(row=n, cells=tuple(r[:5])) for n, r in enumerate(county.rows("organisations"), 2))
    caller.call(office, StageLines(sheet_id="s_tree", kind="organisations", piece=0, lines=lines,
                                   columns=("code", "name", "kind", "sector", "parent_code")), deadline=60)
    for step in (CheckSheet, WriteSheet):
        told = caller.call(office, step(sheet_id="s_tree"), deadline=60)
    assert (told.state, told.new) == ("written", len(lines)), told
    caller.stop()
    store = at_rest(settings)
    setup.create_account(store, username="xianban", password=PASSWORD, person_id=made.person_id, name="演县办")
    store.close()


def _done(answer: requests.Response, url: str, token: str) -> dict[str, Any]:
    job = answer.json()
    assert answer.status_code < 300, job
    while job["state"] in ("reading", "writing"):
        sleep(0.1)
        job = requests.get(f"{url}/imports/{job['id']}", headers={"Authorization": f"Bearer {token}"}, timeout=30).json()
    return job


class _Watch:
    """The highest sum of the resident memory of everything this process started that is Python, in MB."""

    def __init__(self) -> None:
        self.highest, self._stop = 0.0, Event()

    def __enter__(self) -> "_Watch":
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stop.set()
        self._thread.join(5)

    def _look(self) -> None:
        while not self._stop.is_set():
            total = 0.0
            for pid in servers.family(os.getpid())[1:]:
                try:
                    said = Path(f"/proc/{pid}/cmdline").read_bytes()
                    if b"deploy.process" in said or b"services.gateway.jobs" in said:
                        total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 1e6
                except (OSError, IndexError, ValueError):
                    continue
            self.highest = max(self.highest, total)
            time.sleep(0.1)
