"""A house of real processes to be killed: pledge and notice as deployed, over a real broker and a real database."""
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import eventlet
from kombu import Connection

from services.pledge.storage import tables
from tests import servers
from tests.faults.applied import metadata
from tests.servers.process import DIE_WITH_PARENT
from wire import directory
from wire.bus import migrate, signing
from wire.bus.calls import Caller
from wire.bus.database import Database, open_database
from wire.bus.settings import Settings
from wire.bus.unit import transaction
from wire.contracts.actor import Actor, HeldGrant

ROOT = Path(__file__).parents[2]
VILLAGE = "org_faults"
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
SECRETARY = Actor(kind="person", person_id="prs_faults", name="演书记", grants=(
    HeldGrant(grant_id="grt_faults", role="secretary", organisation_id=VILLAGE),))
READY_SECONDS = 60.0


class Process:
    """One process of the house; killed, it is started again by whoever killed it."""

    def __init__(self, name: str, services: tuple[str, ...], environment: dict[str, str], log: Path):
        self.name, self.services, self.log = name, services, log
        self.port = servers.free_port()
        self._environment = os.environ | environment | {"JIANNUO_HEALTH_PORT": str(self.port)}
        self.process: subprocess.Popen | None = None
        self.closed = False

    def start(self) -> "Process":
        """Start it; does not wait until it is ready.  Refused once its house is closed: nobody would end it."""
        if self.closed:
            raise RuntimeError(f"{self.name}: the house is closed")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*DIE_WITH_PARENT, sys.executable, "-m", "tests.faults.launcher", *self.services], cwd=ROOT, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, env=self._environment)
        return self

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill9(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to drain; its exit code."""
        assert self.process
        self.process.terminate()
        return self.process.wait(40)

    def signal(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def health(self, page: str = "readyz") -> tuple[int, Any]:
        """Status and content of a health page; 0 when nobody answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/{page}", timeout=5) as answer:
                return answer.status, json.load(answer)
        except URLError as error:
            if hasattr(error, "code"):
                return error.code, json.load(error)  # type: ignore[arg-type]
            return 0, None
        except OSError:
            return 0, None

    def ready(self) -> bool:
        return self.health()[0] == 200

    def told(self) -> str:
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""


class House:
    """Databases with signed pledges, processes by name, and a caller that signs as the gateway does."""

    def __init__(self, folder: Path, broker_uri: str, database_url: str, **environment: str):
        private, public = signing.make_keys(Settings(data=folder))
        self.settings = Settings(data=folder, broker=broker_uri, database=database_url, signing_key=str(private), verify_key=str(public))
        self.environment = {
            "JIANNUO_DATA": str(folder), "JIANNUO_BROKER": broker_uri, "JIANNUO_DATABASE": database_url,
            "JIANNUO_VERIFY_KEY": str(public), "JIANNUO_LOG_LEVEL": "WARNING",
            # when nobody hears notices, it need not be found out for a minute
            "JIANNUO_RETURN_GRACE_SECONDS": "2"} | environment
        self.processes: dict[str, Process] = {}
        self.stores: dict[str, Database] = {}
        self.caller = Caller(self.settings)
        self.closed = False

    def furnish(self, *services: str) -> None:
        """Migrate the databases of these services; their directory knows the village."""
        for service in services:
            migrate.upgrade(service, self.settings)
            store = self.stores[service] = open_database(self.settings, service)
            with transaction(store) as sql:
                village_in(sql)
                if service == "notice":
                    metadata.create_all(sql)
        if self.settings.broker:
            self.listen()

    def listen(self) -> None:
        """Somebody hears what notice announces, as the gateway does in life: a short queue that forgets."""
        with Connection(self.settings.broker) as connection:
            channel = connection.channel()
            channel.exchange_declare("notice.events", type="topic", durable=True, auto_delete=False)
            channel.queue_declare("faults.ear", durable=True, auto_delete=False, arguments={"x-max-length": 100})
            channel.queue_bind("faults.ear", exchange="notice.events", routing_key="#")

    def sign(self, count: int, *, first: int = 0, name: str = "演党员") -> list[str]:
        """Put signed pledges of three items into pledge's database, all of one name; their ids."""
        with transaction(self.stores["pledge"]) as sql:
            return sign_into(sql, count, first=first, name=name)

    def start(self, name: str, *services: str, **environment: str) -> Process:
        """Start a process (of the service of that name, unless others are named)."""
        made = Process(name, services or (name,), self.environment | environment, self.settings.data / f"{name}.log")
        self.processes[name] = made
        return made.start()

    def wait_ready(self, *names: str, seconds: float = READY_SECONDS) -> None:
        for name in names or tuple(self.processes):
            servers.wait_until(self.processes[name].ready, seconds, every=0.1, what=f"{name} is ready\n{self.processes[name].told()}")

    def close(self) -> None:
        """End everything; who is still at work in it gives up."""
        self.closed = True
        self.caller.stop()
        for process in self.processes.values():
            process.closed = True
            if process.running:
                process.signal(signal.SIGCONT)
                process.kill9()
        for store in self.stores.values():
            store.close()


@contextlib.contextmanager
def house(folder: Path, broker_uri: str, database_url: str, **environment: str) -> Iterator[House]:
    """A house whose processes end with the block, however it ends."""
    made = House(folder, broker_uri, database_url, **environment)
    try:
        yield made
    finally:
        made.close()


def comes(true: Any, seconds: float, every: float = 0.1) -> bool:
    """Whether it becomes true in time; errors of a server that is away count as not yet."""
    ends = monotonic() + seconds
    while monotonic() < ends:
        with contextlib.suppress(Exception):
            if true():
                return True
        eventlet.sleep(every)
    return False


def village_in(sql: Any) -> None:
    """Let a service's directory know the village."""
    sql.execute(directory.organisations.insert(), {
        "id": VILLAGE, "code": "F", "name": "演练村党支部", "kind": "branch", "sector": "rural", "parent_id": None,
        "path": f"/{VILLAGE}/", "state": "active", "epoch": 1, "version": 1, "lost": False})


def sign_into(sql: Any, count: int, *, first: int = 0, name: str = "演党员") -> list[str]:
    """Signed pledges of three items each; their ids."""
    ids = [f"plg_{n:08d}" for n in range(first, first + count)]
    sql.execute(tables.pledges.insert(), [_pledge(n, id_, name) for n, id_ in enumerate(ids, first)])
    sql.execute(tables.items.insert(), [_item(id_, position) for id_ in ids for position in (1, 2, 3)])
    return ids


def _pledge(n: int, id_: str, name: str) -> dict[str, Any]:
    return {
        "id": id_, "organisation_id": VILLAGE, "member_id": f"mbr_{id_}", "pledgor_name": name, "year": 2026, "kind": "annual",
        "form": "individual", "commitment": "written", "state": "signed", "number": f"2026-{n:06d}", "letter_hash": "0" * 64,
        "returned_because": "", "submitted_at": NOW, "signed_at": NOW, "published_at": None, "evaluation_id": "",
        "evaluation_epoch": 0, "evaluation_version": 0, "version": 4}


def _item(pledge_id: str, position: int) -> dict[str, Any]:
    return {
        "id": f"itm_{pledge_id}_{position}", "pledge_id": pledge_id, "position": position, "matter": f"为民办实事{position}",
        "category": "服务群众", "source": "own", "measure": "每周上门一次", "target": "全年 52 次", "responsible": "演党员",
        "deadline_on": date(2026, 12, 31), "state": "open", "progress": 0, "note": "", "evidence": "", "claimed_at": None,
        "fulfilled_at": None, "fulfilled_on": None, "verdict": ""}
