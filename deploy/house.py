"""A house on one data folder: which processes it has, what they are told, and how it comes up and goes down."""
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.folder import Folder
from deploy.supervisor import CHECKOUT, Failed, Supervisor, Worker, free_port

SERVICES = tuple(sorted(found.name for found in (CHECKOUT / "services").iterdir()
                        if (found / "service.py").exists() or (found / "service" / "__init__.py").exists()))
#: until every service is ready; and until the demonstration county is loaded
READY_SECONDS, COUNTY_SECONDS = 120.0, 240.0
#: memory that is free again goes back to the machine: without this the first start keeps a hundred megabytes for nothing
MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "100000", "MALLOC_MMAP_THRESHOLD_": "100000"}
#: everything in one process: it asks no name server (eventlet's own resolver, twenty megabytes, is for those that do); its events are
#: on the way within it, so asking each producer whether any is missing is for accidents; and whoever opens a page waits for the batches
#: under way, so they are small (a backlog of 30,000 events: 1.6 s at most instead of 4.0, and no longer in all)
ALONE = {"EVENTLET_NO_GREENDNS": "yes", "EVENTLET_THREADPOOL_SIZE": "6", "JIANNUO_HEALING_SECONDS": "150", "JIANNUO_BATCH": "100",
         "JIANNUO_RELAY_BATCH": "100"}
#: a process that refuses its settings ends with this; starting it again would not help
REFUSED = 2


@dataclass(frozen=True)
class Plan:
    """What was asked for on the command line.  ``listen`` is host:port of public pages, or empty."""

    port: int
    listen: str
    data: Path
    empty: bool
    broker: str
    database: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class House:
    """Comes up, is looked after, goes down; ``say`` is told what a person should know."""

    def __init__(self, plan: Plan, folder: Folder, say: Callable[[str], None]):
        self.plan, self.folder, self._say = plan, folder, say
        self._supervisor: Supervisor | None = None
        self._new = not folder.county

    def up(self, told: list[int]) -> dict[str, Any]:
        """Start everything and return the report; empty when told to stop meanwhile.  Raises Failed."""
        demonstration = self._kind() == "demonstration"
        prepared = self._prepare(invite=not demonstration)
        self.folder.county = {**self.folder.county, "kind": self._kind()}
        self._supervisor = Supervisor(self._workers(demonstration), self.folder.path / "log", self._say)
        self._say(f"正在启动 {len(self._supervisor.workers)} 个进程（{'、'.join(SERVICES)}）…")
        self._supervisor.start()
        if not self._wait(told, READY_SECONDS, self._not_ready, "服务没有全部就绪"):
            return {}
        if demonstration and "accounts" not in self.folder.county:
            self._say("正在装入演示县（虚构人物）…")
            if not self._wait(told, COUNTY_SECONDS, self._not_loaded, "演示县没有装完"):
                return {}
            # a process keeps what loading a county took for as long as it lives
            self._supervisor.renew()
            if not self._wait(told, READY_SECONDS, self._not_ready, "服务没有全部就绪"):
                return {}
        self.folder.report = self._report(**prepared)
        return self.folder.report

    def look(self) -> None:
        """Once in a while: keep the processes running."""
        if self._supervisor:
            self._supervisor.look()

    def down(self) -> bool:
        """Drain and stop; whether every process ended by itself.  A second call does nothing."""
        return self._supervisor.stop() if self._supervisor else True

    def _kind(self) -> str:
        return self.folder.county.get("kind") or ("empty" if self.plan.empty else "demonstration")

    def _environment(self) -> dict[str, str]:
        keys, plan = self.plan.data / "keys", self.plan
        return {
            **MEMORY, **({} if plan.broker else ALONE),
            "JIANNUO_DATA": str(plan.data), "JIANNUO_BROKER": plan.broker, "JIANNUO_DATABASE": plan.database,
            "JIANNUO_PORT": str(plan.port), "JIANNUO_LISTEN": plan.listen, "JIANNUO_VERIFY_KEY": str(keys / "verify.pem"),
            "JIANNUO_SIGNING_KEY": "", "JIANNUO_GATEWAY_DEMONSTRATION": "1" if self._kind() == "demonstration" else "0"}

    def _workers(self, demonstration: bool) -> list[Worker]:
        """One process with everything, or one per service where there is a broker; the one with the gateway holds the
        key that signs, and loads the demonstration county when that has not been done."""
        parts = [SERVICES] if not self.plan.broker else [(name,) for name in SERVICES]
        workers = []
        for services in parts:
            environment = self._environment()
            worker = Worker(services[0] if len(services) == 1 else "house", services, environment, free_port())
            if "gateway" in services:
                environment["JIANNUO_SIGNING_KEY"] = str(self.plan.data / "keys" / "signing.pem")
                worker.module = "deploy.demo" if demonstration and "accounts" not in self.folder.county else worker.module
            workers.append(worker)
        return workers

    def _prepare(self, *, invite: bool) -> dict[str, Any]:
        """Keys; what ``deploy.prepare`` tells of this house.  Raises Failed with what the preparation said."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "deploy.prepare", *(["--invite"] if invite else [])], cwd=CHECKOUT,
            env={**os.environ, **self._environment()}, capture_output=True, text=True)
        if done.returncode:
            raise Failed(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "准备启动时出错，没有更多信息。")
        return dict(json.loads(done.stdout))

    def _wait(self, told: list[int], seconds: float, waiting: Callable[[], str], failed: str) -> bool:
        """Until there is nothing to wait for: True; told to stop: False.  Raises Failed when it takes too long."""
        assert self._supervisor
        began = said = time.monotonic()
        while why := waiting():
            if told:
                return False
            dead = self._supervisor.died()
            if dead and dead.process and (not self.plan.broker or dead.process.returncode == REFUSED):
                raise Failed(f"启动没有成功：{dead.name} 进程结束了。日志 {self._supervisor.log(dead)} 的最后几行：\n"
                             f"{self._supervisor.tail(dead)}")
            self._supervisor.look()
            if time.monotonic() - began > seconds:
                raise Failed(f"{failed}，等了 {seconds:.0f} 秒：{why} 日志在 {self.folder.path / 'log'}。")
            if time.monotonic() - said > 10:
                said = time.monotonic()
                self._say(f"还在等待：{why}")
            time.sleep(0.1)
        return True

    def _not_ready(self) -> str:
        assert self._supervisor
        return "；".join(f"{check}：{sentence}" for check, sentence in list(self._supervisor.wrong().items())[:3])

    def _not_loaded(self) -> str:
        county = self.folder.county
        return "" if "accounts" in county else county.get("progress", "演示县刚开始装入。")

    def _report(self, invitations: dict[str, str], console: str) -> dict[str, Any]:
        assert self._supervisor
        county, url = self.folder.county, self.plan.url
        accounts = {role: {**account, "link": url + account["link"]} for role, account in county.get("accounts", {}).items()}
        accounts |= {role: {"link": url + path} for role, path in invitations.items()}
        return {
            "url": url, "board": url + county.get("board", "/"), "accounts": accounts, "pid": os.getpid(), "data": str(self.plan.data),
            "console": console, "listen": f"http://{self.plan.listen}" if self.plan.listen else "", "kind": self._kind(),
            "kept": not self._new, "health": {worker.name: f"http://127.0.0.1:{worker.health}" for worker in self._supervisor.workers}}

