"""Jobs: what was asked for, how far it is, what came of it, and the files of it.

A job under a lease is being worked on; whoever works saves only while the lease is theirs, so that two who believe it is
theirs do not write over one another.  Faults are kept compressed, as JSON.
"""
import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from services.gateway.storage.tables import job, job_file
from wire.bus.tables import drop_some
from wire.contracts.envelope import parse, text_of

#: states in which somebody has to work
UNDER_WAY = ("reading", "writing", "undoing", "exporting")


class LeaseLost(Exception):
    """Another process works on this job: leave it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A spreadsheet in or out.

    ``state``: reading 检查中, checked 可以导入, wrong 有错误, writing 导入中, done 已导入, undoing 撤销中, undone 已撤销, failed
    未能处理; of an export exporting 导出中, done, failed.  ``step`` and ``read``, ``handled`` of ``expected`` say how far it is.
    """

    id: str
    kind: str
    state: str
    person_id: str
    member_id: str = ""
    person_name: str = ""
    address: str = ""
    file_name: str
    total: int = 0
    importable: int = 0
    wrong: int = 0
    repeated: int = 0
    new: int = 0
    changed: int = 0
    expected: int = 0
    read: int = 0
    handled: int = 0
    right_only: bool = False
    #: of all its steps; and of the step at hand
    attempt: int = 0
    tries: int = 0
    sentence: str = ""
    #: as JSON: of an export what it was asked for, of an import the house's address, which its links begin with
    asked: str = ""
    created_at: datetime
    began_at: datetime | None = None
    finished_at: datetime | None = None
    leased_by: str = ""
    leased_until: datetime | None = None
    faults: Sequence[dict[str, Any]] = field(default=(), repr=False)


PLAIN = tuple(f.name for f in fields(Job) if f.name != "faults")


class JobBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def add(self, new: Job) -> None:
        self._sql.execute(insert(job).values(**_row(new)))

    def save(self, changed: Job, *, worker: str = "") -> None:
        """Keep this state of the job; as a ``worker`` only while the lease is theirs, else LeaseLost."""
        wanted = [job.c.id == changed.id] + ([job.c.leased_by == worker] if worker else [])
        if not self._sql.execute(update(job).where(*wanted).values(**_row(changed))).rowcount and worker:
            raise LeaseLost(changed.id)

    def move(self, changed: Job, known: Job) -> bool:
        """Keep this state of a job nobody works on, if it still is where it was ``known`` to be; whether it was."""
        return bool(self._sql.execute(update(job).where(
            job.c.id == known.id, job.c.state == known.state, job.c.attempt == known.attempt).values(**_row(changed))).rowcount)

    def get(self, job_id: str, person_id: str) -> Job | None:
        """The job, for whom it belongs to; to everybody else it does not exist."""
        row = self._sql.execute(select(job).where(job.c.id == job_id, job.c.person_id == person_id)).first()
        return _job(row) if row else None

    def latest(self, person_id: str, kinds: Sequence[str], limit: int = 20) -> list[Job]:
        """A person's jobs of these kinds, newest first, without their faults."""
        found = self._sql.execute(select(*(job.c[name] for name in PLAIN)).where(
            job.c.person_id == person_id, job.c.kind.in_(kinds)).order_by(job.c.created_at.desc()).limit(limit))
        return [Job(**row._mapping) for row in found]

    def counted(self, since: datetime) -> dict[str, int]:
        """How many are under way, and how many begun since then were done and failed: 办理中, 已办好, 未能处理; nobody's by name."""
        found = self._sql.execute(select(job.c.state, func.count()).where(
            or_(job.c.created_at >= since, job.c.state.in_(UNDER_WAY))).group_by(job.c.state))
        by_state = dict(found.all())  # type: ignore[arg-type]
        under_way = sum(count for state, count in by_state.items() if state in UNDER_WAY)
        failed = by_state.get("failed", 0)
        return {"under_way": under_way, "failed": failed, "done": sum(by_state.values()) - under_way - failed}

    def left(self, now: datetime) -> list[str]:
        """Jobs under way that nobody holds."""
        return list(self._sql.scalars(select(job.c.id).where(job.c.state.in_(UNDER_WAY), _free(now)).order_by(job.c.created_at)))

    def take(self, job_id: str, worker: str, now: datetime, until: datetime) -> Job | None:
        """Lease a job that is under way to this worker, as its next attempt; None when another one has it."""
        taken = self._sql.execute(update(job).where(job.c.id == job_id, job.c.state.in_(UNDER_WAY), _free(now)).values(
            leased_by=worker, leased_until=until, attempt=job.c.attempt + 1, tries=job.c.tries + 1)).rowcount
        return _job(self._sql.execute(select(job).where(job.c.id == job_id)).one()) if taken else None

    def hold(self, job_id: str, worker: str, until: datetime) -> bool:
        """Prolong the lease; whether it is still theirs."""
        return bool(self._sql.execute(update(job).where(job.c.id == job_id, job.c.leased_by == worker).values(leased_until=until)).rowcount)

    def put_file(self, job_id: str, name: str, body: bytes) -> None:
        """Keep a file of the job, in place of the one of that name."""
        self.drop_file(job_id, name)
        self._sql.execute(insert(job_file).values(job_id=job_id, name=name, body=body))

    def file(self, job_id: str, name: str) -> bytes | None:
        return self._sql.scalar(select(job_file.c.body).where(job_file.c.job_id == job_id, job_file.c.name == name))

    def take_file(self, job_id: str, name: str) -> bytes | None:
        """The file, for the only time: of two who come at once one gets it."""
        body = self.file(job_id, name)
        gone = self._sql.execute(delete(job_file).where(job_file.c.job_id == job_id, job_file.c.name == name)).rowcount
        return body if gone == 1 else None

    def has_file(self, job_id: str, name: str) -> bool:
        return self._sql.scalar(select(job_file.c.name).where(job_file.c.job_id == job_id, job_file.c.name == name)) is not None

    def drop_file(self, job_id: str, name: str) -> None:
        self._sql.execute(delete(job_file).where(job_file.c.job_id == job_id, job_file.c.name == name))

    def sweep_files(self, before: datetime, most: int) -> int:
        """Forget files of jobs begun before then, and those no job has any more: they hold personal data (X38)."""
        kept = select(job.c.id).where(or_(job.c.created_at >= before, job.c.state.in_(UNDER_WAY)))
        return drop_some(self._sql, job_file, job_file.c.job_id.not_in(kept), most=most)

    def sweep(self, before: datetime) -> int:
        """Forget jobs that ended before then, with their faults."""
        return drop_some(self._sql, job, job.c.state.not_in(UNDER_WAY), func.coalesce(job.c.finished_at, job.c.created_at) < before)


def _free(now: datetime) -> Any:
    return or_(job.c.leased_until.is_(None), job.c.leased_until < now)


def _row(one: Job) -> dict[str, Any]:
    return {name: getattr(one, name) for name in PLAIN} | {"faults_gz": _pack(one.faults)}


def _job(row: Any) -> Job:
    found = row._mapping
    return Job(**{name: found[name] for name in PLAIN}, faults=_unpack(found["faults_gz"]))


def _pack(values: Sequence[dict[str, Any]]) -> bytes:
    return gzip.compress(text_of(list(values)).encode(), compresslevel=3, mtime=0)


def _unpack(packed: bytes) -> list[dict[str, Any]]:
    return parse(gzip.decompress(packed))
