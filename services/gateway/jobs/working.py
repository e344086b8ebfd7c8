"""The work of the jobs: one greenlet a job under a lease, everything heavy in a process of its own.

Whoever works renews the lease and saves how far it is; a process that dies leaves the job to whoever looks next, who begins
its step anew.  Every step can be done twice, so nothing is lost and nothing is written by halves.

Rule kept: a lease is an attempt's and not a process's.  Where one ran out, the next attempt may be of the same process, and
the one before saves nothing and asks nobody any more.
"""
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import eventlet
import structlog
from flask import Flask

from services.gateway.jobs import exporting, importing
from services.gateway.storage.jobs import Job, LeaseLost
from wire.contracts.actor import Actor
from wire.contracts.calls import Refusal

log = structlog.get_logger("gateway")
KEY = "jobs"
SWEEP_SECONDS, LEASE_SECONDS, RENEW_SECONDS = 3.0, 12.0, 3.0
#: a job that ends its process every time is given up
TRIES = 5
GIVEN_UP = "处理几次都被中断，{}；如果再次出现，请联系运维人员。"
BROKEN = "系统处理时出了错，{}。"
STEPS: dict[str, Callable[["Task"], Job]] = {
    "reading": importing.read_and_check, "writing": importing.write, "undoing": importing.undo, "exporting": exporting.export}
#: where a job stands when its step was refused or failed: as before it.  A step that was done all the same, and could not say so
#: any more, is found done by the next try.
BEFORE = {"reading": "failed", "writing": "checked", "undoing": "done", "exporting": "failed"}
#: what is known of a step that ended without an answer, and what to do
UNSURE = {
    "reading": "没有写入任何内容，请稍后重新上传", "writing": "还不能确定是否已经写入，请稍后再按一次导入，已经写入的不会重复",
    "undoing": "还不能确定是否已经撤销，请稍后再按一次撤销，已经撤销的不会再动", "exporting": "没有做出文件，请稍后重新导出"}


def before(job: Job) -> str:
    """The state the step began from: only the right lines are written of a sheet that has wrong ones."""
    return "wrong" if job.state == "writing" and job.right_only and job.wrong else BEFORE[job.state]


class Task:
    """One job being worked on: the job as it is, and what its steps need."""

    def __init__(self, app: Flask, job: Job, lease: str):
        self.app, self.job, self._lease = app, job, lease
        #: somebody else works on the job by now
        self.lost = False
        self.settings = app.extensions["gateway"]
        self.actor = Actor(kind="person", person_id=job.person_id, name=job.person_name, member_id=job.member_id, address=job.address)

    def ask(self, request: Any, *, key: str = "", deadline: float = 30.0) -> Any:
        """Ask a service for the person whose job it is; asked again within this attempt, nothing is done twice.

        A service that is away is waited for, as long as the settings say.  Raises LeaseLost.
        """
        call, left, pause = self.app.extensions["clients"].call, self.settings.job_patience_seconds, 0.5
        while True:
            if self.lost:
                raise LeaseLost(self.job.id)
            try:
                return call(request, self.actor, key=f"{self.job.id}:{self.job.attempt}:{key}" if key else "", deadline=deadline,
                            correlation=f"cor_{self.job.id}")
            except Refusal as away:
                if away.status != 503 or left <= 0:
                    raise
            eventlet.sleep(min(pause, left))
            left, pause = left - pause, min(2 * pause, 4.0)

    def save(self, **changes: Any) -> Job:
        """The job with these changes, kept.  Raises LeaseLost when it is another's by now."""
        self.job = replace(self.job, **changes)
        with self.app.extensions["store"].writing() as unit:
            unit.books.jobs.save(replace(self.job, leased_until=unit.now + timedelta(seconds=LEASE_SECONDS)), worker=self._lease)
        return self.job

    def finish(self, **changes: Any) -> Job:
        """The job's step is over."""
        with self.app.extensions["store"].writing() as unit:
            self.job = replace(self.job, **changes, finished_at=unit.now, leased_by="", leased_until=None)
            unit.books.jobs.save(self.job, worker=self._lease)
        return self.job

    def file(self, name: str) -> bytes | None:
        with self.app.extensions["store"].reading() as unit:
            return unit.books.jobs.file(self.job.id, name)

    def put_file(self, name: str, body: bytes) -> None:
        with self._held() as unit:
            unit.books.jobs.put_file(self.job.id, name, body)

    def drop_file(self, name: str) -> None:
        with self._held() as unit:
            unit.books.jobs.drop_file(self.job.id, name)

    @contextmanager
    def _held(self) -> Iterator[Any]:
        """A unit in which the job is still this attempt's.  Raises LeaseLost."""
        with self.app.extensions["store"].writing() as unit:
            if not unit.books.jobs.hold(self.job.id, self._lease, unit.now + timedelta(seconds=LEASE_SECONDS)):
                raise LeaseLost(self.job.id)
            yield unit


class Jobs:
    """The jobs of this process."""

    def __init__(self, app: Flask, store: Any):
        self._app, self._store = app, store
        self._worker = f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"
        self._attempts = count(1)
        self._stopped = False
        app.extensions[KEY] = self

    def begin(self, job_id: str) -> Any:
        """Work on this job, in a greenlet of its own that goes on when the person hangs up."""
        return eventlet.spawn(self.work, job_id)

    def turn(self) -> None:
        """Take up what a stopped process left behind, until ``stop``."""
        while not self._stopped:
            try:
                self.sweep()
            except Exception:
                log.exception("jobs wait for the next sweep")
            eventlet.sleep(SWEEP_SECONDS)

    def stop(self) -> None:
        self._stopped = True

    def sweep(self) -> list[str]:
        """Begin what nobody works on; which."""
        with self._store.reading() as unit:
            left = unit.books.jobs.left(unit.now)
        for job_id in left:
            self.begin(job_id)
        return left

    def work(self, job_id: str) -> None:
        """The step the job is at, if nobody else works on it."""
        lease = f"{self._worker}:{next(self._attempts)}"
        with self._store.writing() as unit:
            job = unit.books.jobs.take(job_id, lease, unit.now, unit.now + timedelta(seconds=LEASE_SECONDS))
        if job is None:
            return
        task = Task(self._app, job, lease)
        renewing = eventlet.spawn(self._renew, task, lease)
        try:
            self._step(task)
        except LeaseLost:
            log.warning("job taken over", job=job_id)
        finally:
            renewing.kill()

    def _step(self, task: Task) -> None:
        job = task.job
        if job.tries > TRIES:
            task.finish(state=before(job), sentence=GIVEN_UP.format(UNSURE[job.state]))
            return
        try:
            with self._app.app_context():
                STEPS[job.state](task)
        except Refusal as refusal:
            task.finish(state=before(task.job), sentence=refusal.sentence)
        except LeaseLost:
            raise
        except Exception as error:
            log.error("job failed", job=job.id, exc_info=error)
            task.finish(state=before(task.job), sentence=BROKEN.format(UNSURE[task.job.state]))

    def _renew(self, task: Task, lease: str) -> None:
        """While a step waits for one long answer, the lease goes on, through trouble of the database as well; once it is
        another's, the step stops at what it would do next."""
        while not task.lost:
            eventlet.sleep(RENEW_SECONDS)
            try:
                with self._store.writing() as unit:
                    task.lost = not unit.books.jobs.hold(task.job.id, lease, unit.now + timedelta(seconds=LEASE_SECONDS))
            except Exception:
                log.exception("lease not renewed, tried again", job=task.job.id)
