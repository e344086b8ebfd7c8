"""A county moves in with two spreadsheets: the same story in one process and on RabbitMQ + PostgreSQL.

By default a county of 240 organisations and 3,000 members with all 300 errors; ``--full``: 2,400 and 50,000.
"""
import contextlib
import os
import signal
import time
from io import BytesIO
from typing import Any

import eventlet
import openpyxl
import pytest
import requests

from tests.conftest import World
from tests.journeys.driver import Refused, Visitor, deployed, founded
from tests.journeys.planted import COLUMNS, KINDS, County
from tests.servers import family

RED = "FFC7CE"


class Office:
    """The county's office at its desk."""

    def __init__(self, running: Any, visitor: Visitor, patience: float):
        self.running, self.visitor, self.patience = running, visitor, patience

    def uploaded(self, kind: str, content: bytes) -> dict[str, Any]:
        job = self.visitor.ask("POST", f"/imports/{kind}", None, files={"file": (f"{kind}.xlsx", content)})
        return self.visitor.worked(job, self.patience)

    def written(self, job: dict[str, Any]) -> dict[str, Any]:
        return self.visitor.worked(self.visitor.post(f"/imports/{job['id']}/run"), self.patience)

    def marks(self, job: dict[str, Any], kind: str) -> set[tuple[int, str]]:
        """Red cells with a comment in the file given back."""
        answer = requests.get(f"{self.visitor.url}/imports/{job['id']}/returned.xlsx", headers=self.visitor.headers, timeout=60)
        assert answer.status_code == 200, answer.text
        page = openpyxl.load_workbook(BytesIO(answer.content)).active
        header = [cell.value for cell in page[2]]
        assert header[:7] == list(COLUMNS[kind]) and header[7] == "要改的地方"
        return {(cell.row, header[cell.column - 1]) for row in page.iter_rows(max_col=7) for cell in row
                if cell.fill.fill_type == "solid" and cell.fill.start_color.rgb[-6:] == RED and cell.comment}

    def pressed(self, job: dict[str, Any]) -> None:
        """Import, whatever becomes of the answer."""
        with contextlib.suppress(requests.RequestException, Refused):
            self.visitor.post(f"/imports/{job['id']}/run")

    def finds(self, job: dict[str, Any]) -> dict[str, Any]:
        """The job, when the house is up again and nobody works on it any more."""
        ends = time.monotonic() + self.patience
        while True:
            try:
                return self.visitor.worked(job, self.patience)
            except requests.RequestException:
                assert time.monotonic() < ends, "the house never came up again"
                time.sleep(0.5)

    def heads(self) -> tuple[int, int]:
        """How many organisations and members the roster has."""
        root = self.visitor.get("/session")["grants"][0]["organisation_id"]
        organisations, after = 0, ""
        while True:
            page = self.visitor.get("/organisations", organisation_id=root, limit=500, after=after)
            organisations += len(page["organisations"])
            if not (after := page["next"]):
                break
        return organisations, self.visitor.get("/members", organisation_id=root, limit=1)["total"]

    def kill(self) -> None:
        """kill -9 whatever has the gateway in it; its supervisor starts it anew."""
        for pid in family(self.running.pid):
            with open(f"/proc/{pid}/cmdline") as said:
                words = said.read().split("\0")
            if "deploy.process" in words and "gateway" in words:
                os.kill(pid, signal.SIGKILL)
                return
        raise AssertionError("no process of the gateway")


@pytest.fixture
def size(request) -> County:
    return County(organisations=2_400, members=50_000) if request.config.getoption("--full") else County(organisations=240, members=3_000)


@pytest.fixture
def office(world: World, size: County):
    with deployed(world, "--empty") as running:
        visitor = founded(running, code="C1", name="云岭县委", person_name="演县办", username="xianban")
        yield Office(running, visitor, 600 if size.members > 10_000 else 120)


def test_a_county_moves_in(office: Office, size: County):
    """Every planted error comes back at its cell and no other; fixed and sent again it is written at one stroke; sent once more it
    changes nothing; killed in the middle it goes on; and taken back it is as before.

    [T1]
    """
    assert KINDS >= 20
    for kind, count in (("organisations", size.organisations), ("members", size.members)):
        before = office.heads()
        job = office.uploaded(kind, size.workbook(kind, planted=True))
        assert job["state"] == "wrong" and job["total"] == count, job["sentence"]
        assert office.marks(job, kind) == size.planted[kind]
        assert office.heads() == before, "nothing is written while one line is wrong"

        job = office.uploaded(kind, size.workbook(kind))
        assert (job["state"], job["importable"], job["wrong"]) == ("checked", count, 0), job
        done = office.written(job)
        assert done["state"] == "done" and f"新增 {count} 条" in done["sentence"], done
        again = office.uploaded(kind, size.workbook(kind))
        assert (again["state"], again["importable"], again["repeated"]) == ("checked", 0, count)
    assert office.heads() == (size.organisations + 1, size.members)

    # half of them are corrected, and the door is killed while it reads and again while it writes
    rows = size.rows("members")
    corrected = County(size.organisations, size.members, altered=[
        [*row[:4], "党小组长" if n % 2 else row[4], *row[5:]] for n, row in enumerate(rows)])
    job = office.visitor.ask("POST", "/imports/members", None, files={"file": ("members.xlsx", corrected.workbook("members"))})
    office.kill()
    job = office.finds(job)
    assert (job["state"], job["importable"]) == ("checked", size.members // 2), job
    pressing = eventlet.spawn(office.pressed, job)
    eventlet.sleep(0.3)
    office.kill()
    pressing.wait()
    done = office.finds(job)
    # killed before the press had arrived, it is pressed again
    done = done if done["state"] == "done" else office.written(done)
    assert done["state"] == "done" and done["changed"] == size.members // 2, done
    assert office.heads() == (size.organisations + 1, size.members)
    undone = office.visitor.worked(office.visitor.post(f"/imports/{job['id']}/undo"), office.patience)
    assert undone["state"] == "undone", undone
    last = office.uploaded("members", size.workbook("members"))
    assert (last["importable"], last["repeated"]) == (0, size.members)
