"""The house as deployed, and the people who use it over HTTP: what every journey is told with."""
import contextlib
import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import requests
import xlsxwriter

from tests.conftest import World
from tests.servers import free_port

ROOT = Path(__file__).parents[2]
PASSWORD = "Shan-Shui-2026-Tian"


@dataclass(frozen=True)
class Running:
    """What ``deploy/up --json`` printed."""

    url: str
    board: str
    accounts: dict[str, dict[str, str]]
    pid: int
    data: str


def up(world: World, *options: str) -> Running:
    """Start the house in its world, as a user would, and leave it running."""
    done = subprocess.run(
        [ROOT / "deploy/up", "--detach", "--json", "--port", str(free_port()), "--data", world.data / "house", *world.options, *options],
        capture_output=True, text=True, timeout=300,
        # a second factor has tests of its own
        env={**os.environ, "JIANNUO_GATEWAY_SECOND_FACTOR": "none"})
    assert done.returncode == 0, done.stdout + done.stderr
    return Running(**json.loads(done.stdout))


def down(running: Running) -> None:
    subprocess.run([ROOT / "deploy/down", "--data", running.data], check=True, capture_output=True, timeout=60)


@contextlib.contextmanager
def deployed(world: World, *options: str) -> Iterator[Running]:
    """The running house, stopped at the end."""
    running = up(world, *options)
    try:
        yield running
    finally:
        down(running)


class Refused(AssertionError):
    """The house said no: its problem document."""

    def __init__(self, problem: dict[str, Any]):
        self.problem, self.status, self.code = problem, problem.get("status"), problem.get("code")
        super().__init__(json.dumps(problem, ensure_ascii=False))


class Visitor:
    """Somebody at the API: the public without a token, a person with one."""

    def __init__(self, url: str, token: str = ""):
        self.url = url.rstrip("/") + "/api/v1"
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The answer; raises Refused with the problem.  A GET's body is its query."""
        sent = {"params": body} if method == "GET" else {"json": body}
        answer = requests.request(method, self.url + path, headers=self.headers | more.pop("headers", {}), timeout=90, **(sent | more))
        if answer.status_code >= 400:
            raise Refused(answer.json())
        return answer.json() if answer.content else None

    def get(self, path: str, **query: Any) -> Any:
        return self.ask("GET", path, query)

    def post(self, path: str, **body: Any) -> Any:
        return self.ask("POST", path, body)

    def put(self, path: str, **body: Any) -> Any:
        return self.ask("PUT", path, body)

    def imported(self, kind: str, name: str, content: bytes) -> dict[str, Any]:
        """Upload a spreadsheet, wait for its check, and write it if nothing is wrong with it."""
        job = self.ask("POST", f"/imports/{kind}", None, files={"file": (name, content)})
        checked = self.worked(job)
        return self.worked(self.post(f"/imports/{job['id']}/run")) if checked["state"] == "checked" else checked

    def worked(self, job: dict[str, Any], seconds: float = 120.0) -> dict[str, Any]:
        """The job when nobody works on it any more."""
        return eventually(lambda: (told := self.get(f"/imports/{job['id']}"))["state"] not in ("reading", "writing", "undoing") and told, seconds)


class Reader:
    """Somebody at the pages, without JavaScript: follows links and sends the forms that stand there."""

    def __init__(self, url: str, username: str):
        self.url, self.session = url.rstrip("/"), requests.Session()
        told = self.send("/sign-in", username=username, password=PASSWORD)
        assert "退出" in told.text, told.text

    def get(self, path: str) -> str:
        """The page; what is no page is told as it came."""
        answer = self.session.get(self.url + path, timeout=90)
        return answer.text if answer.ok else f"{answer.status_code} {answer.text}"

    def send(self, path: str, to: str = "", **fields: str) -> requests.Response:
        """The form of that page filled in and sent, to ``to`` where the page has several; the page one is led to."""
        hidden = dict(re.findall(r'type="hidden" name="(csrf_token|key)" value="([^"]*)"', self.get(path)))
        return self.session.post(self.url + (to or path), data=hidden | fields, timeout=90, headers={"Referer": self.url + path})


def signed_in(url: str, username: str, password: str = PASSWORD) -> Visitor:
    return Visitor(url, Visitor(url).post("/session", username=username, password=password)["token"])


def founded(running: Running, **county: str) -> Visitor:
    """Spend the invitation of an empty system; the county's first administrator."""
    link = next(iter(running.accounts.values()))["link"]
    token = link.partition("#")[2].rpartition("=")[2]
    told = Visitor(running.url).post("/invitations/county", token=token, password=PASSWORD, **county)
    return Visitor(running.url, told["token"])


def joined(url: str, office: Visitor, organisation_id: str, person_id: str, username: str) -> Visitor:
    """Somebody who holds a grant accepts their invitation."""
    token = office.post(f"/organisations/{organisation_id}/invitations", person_id=person_id)["token"]
    return Visitor(url, Visitor(url).post("/invitations/account", token=token, username=username, password=PASSWORD)["token"])


def eventually(ask: Callable[[], Any], seconds: float = 90.0) -> Any:
    """What an event brings about comes soon, not at once: the first true answer."""
    ends = time.monotonic() + seconds
    while True:
        with contextlib.suppress(Refused):
            if answer := ask():
                return answer
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.1)


def workbook(header: list[str], rows: list[list[str]]) -> bytes:
    """A spreadsheet as a county officer would make it."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)
    return made.getvalue()
