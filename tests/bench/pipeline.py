"""S1 and S2: durable events per second, pledge committed → row on the public board, on RabbitMQ + PostgreSQL.

The real use case (``pledge.publish`` in units of 200 and, for a second figure, one by one from ten writers), the real relay, contracts,
``@subscribe`` and projection, in two processes as deployed; against the bare loop and against stock nameko of
``limits.py``, each in processes of its own, in turn.
"""
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count as counting
from pathlib import Path
from time import monotonic, sleep

from eventlet import GreenPool
from kombu import Connection, Exchange, Queue
from sqlalchemy import func, select

from deploy.house import MEMORY
from services.notice.storage import board_pledge
from services.pledge.storage import tables
from tests import servers
from wire import directory
from wire.bus import migrate, signing
from wire.bus.calls import Caller
from wire.bus.database import Database, open_database
from wire.bus.settings import Settings
from wire.bus.unit import transaction
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.pledge import PublishPledges

ROOT = Path(__file__).parents[2]
VILLAGE, UNIT, STOCK = "org_bench", 200, 2_000
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
SECRETARY = Actor(kind="person", person_id="prs_bench", name="演书记", grants=(
    HeldGrant(grant_id="grt_bench", role="secretary", organisation_id=VILLAGE),))
_number = counting(1)
_bare: list[float] = []


def s1(*, runs: int, count: int) -> list[dict]:
    """Ours against the bare loop, in turn; and one pledge per unit from ten writers, without a bound."""
    ours, alone = [], []
    with _servers() as (rabbit, postgres):
        for _ in range(runs):
            _bare.append(_limits("raw", count, rabbit, postgres))
            ours.append(_published(rabbit, postgres, count, UNIT, 2))
        alone.append(_published(rabbit, postgres, count // 10, 1, 10))
    return [
        {"id": "S1", "what": "published pledges on the board, units of 200", "values": ours, "unit": "events/s",
         "against": "the bare loop", "base": list(_bare), "hold": "≥ 0.5", "bound": 0.5, "n": count},
        {"id": "S1", "what": "one pledge per unit, 10 writers", "values": alone, "unit": "events/s", "hold": "no bound",
         "bound": 0, "n": count // 10}]


def s2(*, runs: int, count: int) -> list[dict]:
    """Ours against stock nameko's dispatcher and handler, one by one, in turn."""
    ours, stock = [], []
    with _servers() as (rabbit, postgres):
        for _ in range(runs):
            stock.append(_limits("nameko", min(count, STOCK), rabbit, postgres))
            ours.append(_published(rabbit, postgres, count, UNIT, 2))
    return [{"id": "S2", "what": "published pledges on the board, units of 200", "values": ours, "unit": "events/s",
             "against": "stock nameko", "base": stock, "hold": "≥ 7 ×", "bound": 7, "n": count}]


@contextmanager
def _servers() -> Iterator[tuple[servers.RabbitMQ, servers.PostgreSQL]]:
    with servers.RabbitMQ() as rabbit, servers.PostgreSQL() as postgres:
        yield rabbit, postgres


def _limits(kind: str, count: int, rabbit: servers.RabbitMQ, postgres: servers.PostgreSQL) -> float:
    """What the machine can do, measured by limits.py in processes that know nothing of this house."""
    # limits.py publishes to the broker's default virtual host, whatever its address says
    environment = os.environ | {
        "AMQP": rabbit.uri().replace("pyamqp", "amqp"),
        "PG": postgres.database(f"limits{next(_number)}").replace("+psycopg2", "")}
    done = subprocess.run([sys.executable, Path(__file__).parent / "limits.py", kind, str(count)], env=environment,
                          capture_output=True, text=True, timeout=600)
    found = re.search(r"(\d+) events/s", done.stdout)
    assert found, done.stderr[-2000:]
    return float(found[1])


def _published(rabbit: servers.RabbitMQ, postgres: servers.PostgreSQL, count: int, unit: int, writers: int) -> float:
    """Publish ``count`` signed pledges through the pledge service's door; the clock stops when the board has them all."""
    name = f"bench{next(_number)}"
    with tempfile.TemporaryDirectory(prefix="jiannuo-bench-") as data:
        private, public = signing.make_keys(Settings(data=Path(data)))
        settings = Settings(data=Path(data), broker=rabbit.vhost(name), database=postgres.database(name),
                            signing_key=str(private), verify_key=str(public))
        stores = {service: _made(service, settings) for service in ("pledge", "notice")}
        ids = _signed_pledges(stores["pledge"], count)
        with _processes(settings, *stores):
            _gateway_hears(settings)
            caller = Caller(settings)
            caller.call(SECRETARY, PublishPledges(pledge_ids=tuple(ids[:1])), deadline=30)
            _wait_for(stores["notice"], 1)
            pool, began = GreenPool(writers), monotonic()
            for start in range(1, len(ids), unit):
                request = PublishPledges(pledge_ids=tuple(ids[start:start + unit]))
                pool.spawn(caller.call, SECRETARY, request, deadline=60)
            pool.waitall()
            _wait_for(stores["notice"], len(ids))
            seconds = monotonic() - began
            caller.stop()
        for store in stores.values():
            store.close()
    return count / seconds


def _gateway_hears(settings: Settings) -> None:
    """The queue the gateway would have: what notice announces has somewhere to go, as in every deployment."""
    with Connection(settings.broker) as connection:
        exchange = Exchange("notice.events", type="topic", durable=True)
        Queue("gateway.notice", exchange, routing_key="notice.notice.#", durable=True)(connection.channel()).declare()


def _made(service: str, settings: Settings) -> Database:
    migrate.upgrade(service, settings)
    store = open_database(settings, service)
    with transaction(store) as sql:
        sql.execute(directory.organisations.insert(), {
            "id": VILLAGE, "code": "B", "name": "基准村党支部", "kind": "branch", "sector": "rural", "parent_id": None,
            "path": f"/{VILLAGE}/", "state": "active", "epoch": 1, "version": 1, "lost": False})
    return store


def _signed_pledges(store: Database, count: int) -> list[str]:
    ids = [f"plg_{n:08d}" for n in range(count + 1)]
    with transaction(store) as sql:
        sql.execute(tables.pledges.insert(), [{
            "id": id_, "organisation_id": VILLAGE, "member_id": f"mbr_{id_}", "pledgor_name": "演党员", "year": 2026, "kind": "annual",
            "form": "individual", "commitment": "written", "state": "signed", "number": f"2026-{n:06d}", "letter_hash": "0" * 64,
            "returned_because": "", "submitted_at": NOW, "signed_at": NOW, "published_at": None, "evaluation_id": "",
            "evaluation_epoch": 0, "evaluation_version": 0, "version": 4} for n, id_ in enumerate(ids)])
        sql.execute(tables.items.insert(), [{
            "id": f"itm_{id_}_{position}", "pledge_id": id_, "position": position, "matter": "为民办实事" * 8, "category": "服务群众",
            "source": "own", "measure": "每周上门一次", "target": "全年 52 次", "responsible": "演党员", "deadline_on": date(2026, 12, 31),
            "state": "open", "progress": 0, "note": "", "evidence": "", "claimed_at": None, "fulfilled_at": None,
            "fulfilled_on": None, "verdict": ""} for id_ in ids for position in (1, 2, 3)])
        # a database that lives for more than a minute has its statistics from autovacuum; without, every look is at all rows
        sql.exec_driver_sql("ANALYZE")
    return ids


def _wait_for(store: Database, count: int) -> None:
    ends = monotonic() + 300
    while True:
        with store.begin(writing=False) as sql:
            if sql.scalar(select(func.count()).select_from(board_pledge)) >= count:
                return
        assert monotonic() < ends, "the board never had them all"
        sleep(0.05)


@contextmanager
def _processes(settings: Settings, *services: str) -> Iterator[None]:
    """One process per service, as deploy/up starts them, ready for work."""
    started = []
    try:
        for service in services:
            port = servers.free_port()
            started.append((port, subprocess.Popen(
                [sys.executable, "-m", "deploy.process", service], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env=os.environ | MEMORY | {
                    "JIANNUO_DATA": str(settings.data), "JIANNUO_BROKER": settings.broker, "JIANNUO_DATABASE": settings.database,
                    "JIANNUO_VERIFY_KEY": settings.verify_key, "JIANNUO_HEALTH_PORT": str(port),
                    "JIANNUO_LOG_LEVEL": "WARNING"})))
        for port, process in started:
            servers.wait_until(lambda port=port, process=process: _ready(port, process), what="a process of the house is ready")
        yield
    finally:
        for _, process in started:
            process.terminate()
        for _, process in started:
            process.wait(40)


def _ready(port: int, process: subprocess.Popen) -> bool:
    assert process.poll() is None, f"{process.args} ended with {process.returncode}"
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
