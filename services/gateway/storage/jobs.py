"""Jobs: what was uploaded, how far it is, what it found.  Rows and faults are kept compressed, as JSON."""
import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from services.gateway.storage.tables import job
from wire.contracts.envelope import parse, text_of

PLAIN = ("id", "kind", "state", "person_id", "file_name", "total", "importable", "wrong", "repeated", "sentence", "created_at",
         "finished_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An import.  ``state``: reading 读取中, checked 可以导入, wrong 有错误, done 已导入, failed 未能处理."""

    id: str
    kind: str
    state: str
    person_id: str
    file_name: str
    total: int = 0
    importable: int = 0
    wrong: int = 0
    repeated: int = 0
    sentence: str = ""
    created_at: datetime
    finished_at: datetime | None = None
    faults: Sequence[dict[str, Any]] = field(default=(), repr=False)
    rows: Sequence[dict[str, Any]] = field(default=(), repr=False)


class JobBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def add(self, new: Job) -> None:
        self._sql.execute(insert(job).values(**_row(new)))

    def save(self, changed: Job) -> None:
        self._sql.execute(update(job).where(job.c.id == changed.id).values(**_row(changed)))

    def get(self, job_id: str, person_id: str) -> Job | None:
        """The job, for whom it belongs to; to everybody else it does not exist."""
        row = self._sql.execute(select(job).where(job.c.id == job_id, job.c.person_id == person_id)).first()
        return _job(row) if row else None

    def latest(self, person_id: str, limit: int = 20) -> list[Job]:
        found = self._sql.execute(
            select(job).where(job.c.person_id == person_id).order_by(job.c.created_at.desc()).limit(limit))
        return [_job(row) for row in found]


def _row(one: Job) -> dict[str, Any]:
    return {name: getattr(one, name) for name in PLAIN} | {"faults_gz": _pack(one.faults), "rows_gz": _pack(one.rows)}


def _job(row: Any) -> Job:
    found = row._mapping
    return Job(**{name: found[name] for name in PLAIN}, faults=_unpack(found["faults_gz"]), rows=_unpack(found["rows_gz"]))


def _pack(values: Sequence[dict[str, Any]]) -> bytes:
    return gzip.compress(text_of(list(values)).encode(), compresslevel=3, mtime=0)


def _unpack(packed: bytes) -> list[dict[str, Any]]:
    return parse(gzip.decompress(packed))
