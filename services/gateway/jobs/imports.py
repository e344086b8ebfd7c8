"""An import, from the upload to the rows written: nothing is written unless every row is right."""
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import eventlet
import structlog
from flask import Flask, current_app, g

from services.gateway.clients import Clients
from services.gateway.jobs import worker
from services.gateway.storage import Job
from wire.contracts import roster as r
from wire.contracts.actor import Actor
from wire.contracts.calls import Invalid, NotFound, Refusal
from wire.contracts.shape import dump

log = structlog.get_logger("gateway")
CALLS: dict[str, tuple[Any, Any, Any]] = {"organisations": (r.CheckOrganisations, r.RegisterOrganisations, r.OrganisationRow),
         "members": (r.CheckMembers, r.RegisterMembers, r.MemberRow)}
LABELS = {"organisations": "党组织", "members": "党员"}
STATES = {"reading": "读取中", "checked": "可以导入", "wrong": "有错误", "done": "已导入", "failed": "未能处理"}
#: a request waits so long for its job, then it answers with the state so far
PATIENCE = 20.0
CALL_SECONDS = 30.0
CUT_SHORT = "处理被中断，没有写入任何内容，请重新上传。"
LONGEST_JOB = 120


class FileTooLarge(Refusal):
    """More than one upload may hold."""

    code, status = "too_large", 413


def start(kind: str, file_name: str, stream: IO[bytes]) -> Job:
    """Take the upload, read and check it; returns the job, usually finished.  Nothing is written to the roster.

    Refuses an unknown kind (404) and a file over the limit (413) before anything is kept.
    """
    if kind not in CALLS:
        raise NotFound("没有这种导入，请选择党组织或党员。")
    settings = current_app.extensions["gateway"]
    folder = Path(tempfile.mkdtemp(prefix="jiannuo-import-"))
    file = folder / "upload"
    try:
        _copy(stream, file, settings.sheet_bytes)
        with current_app.extensions["store"].writing() as unit:
            job = Job(id=unit.new_id("job"), kind=kind, state="reading", person_id=g.account.person_id,
                      file_name=_tidy(file_name), created_at=unit.now)
            unit.books.jobs.add(job)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return _outside(_read_and_check, job, folder)


def run(job_id: str) -> Job:
    """Write the checked rows, all or none.  Again: the same job, nothing twice.  Refuses a file with errors."""
    job = find(job_id)
    if job.state == "done":
        return job
    if job.state != "checked":
        raise Invalid("这个文件不能导入，请先按错误清单改正，再重新上传。")
    return _outside(_write, job)


def find(job_id: str) -> Job:
    """One's own job.  A job that a stopped process left behind is told as failed."""
    with current_app.extensions["store"].reading() as unit:
        job, now = unit.books.jobs.get(job_id, g.account.person_id), unit.now
    if job is None:
        raise NotFound("没有找到这次导入，请重新上传。")
    if job.state == "reading" and (now - job.created_at).total_seconds() > LONGEST_JOB:
        return replace(job, state="failed", sentence=CUT_SHORT)
    return job


def latest() -> list[Job]:
    """One's own imports, newest first."""
    with current_app.extensions["store"].reading() as unit:
        return unit.books.jobs.latest(g.account.person_id)


def _outside(work: Any, job: Job, *more: Any) -> Job:
    """Do the work in a greenlet of its own: it goes on when the person hangs up."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    under_way = eventlet.spawn(_guarded, app, work, job, g.actor, g.correlation, *more)
    with eventlet.Timeout(PATIENCE, False):
        return under_way.wait()
    return find(job.id)


def _guarded(app: Flask, work: Any, job: Job, actor: Actor, correlation: str, *more: Any) -> Job:
    with app.app_context():
        try:
            finished = work(app, job, actor, correlation, *more)
        except Refusal as refusal:
            finished = replace(job, state="failed" if job.state == "reading" else job.state, sentence=refusal.sentence)
        except Exception as error:
            log.error("import failed", job=job.id, exc_info=error)
            finished = replace(job, state="failed", sentence="系统处理这个文件时出了错，没有写入任何内容，请稍后重新上传。")
        with app.extensions["store"].writing() as unit:
            finished = replace(finished, finished_at=unit.now)
            unit.books.jobs.save(finished)
        return finished


def _read_and_check(app: Flask, job: Job, actor: Actor, correlation: str, folder: Path) -> Job:
    try:
        found = worker.read(job.kind, folder / "upload", app.extensions["gateway"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if "refused" in found:
        return replace(job, state="failed", sentence=found["refused"])
    check, _, row = CALLS[job.kind]
    clients: Clients = app.extensions["clients"]
    verdict = clients.call(check(rows=_rows(row, found["rows"])), actor, deadline=CALL_SECONDS, correlation=correlation)
    return _counted(job, verdict, found["rows"], found["faults"])


def _write(app: Flask, job: Job, actor: Actor, correlation: str) -> Job:
    _, register, row = CALLS[job.kind]
    clients: Clients = app.extensions["clients"]
    verdict = clients.call(register(rows=_rows(row, job.rows)), actor, key=job.id, deadline=CALL_SECONDS, correlation=correlation)
    if verdict.faults:
        return _counted(job, verdict, job.rows, ())
    return replace(_counted(job, verdict, job.rows, ()), state="done", rows=(), sentence=(
        f"已导入：新增 {verdict.new} 条，更新 {verdict.changed} 条，没有变化 {verdict.same} 条。"))


def _counted(job: Job, verdict: r.ImportVerdict, rows: Sequence[dict[str, Any]], own: Sequence[dict[str, Any]]) -> Job:
    faults = sorted([*own, *(dump(fault) for fault in verdict.faults)], key=lambda fault: fault["row"])
    wrong = len({fault["row"] for fault in faults})
    importable = 0 if faults else verdict.new + verdict.changed
    sentence = (f"有 {wrong} 行需要改正，没有写入任何内容。请按清单改好后重新上传。" if faults
                else f"检查通过：新增 {verdict.new} 条，更新 {verdict.changed} 条，没有变化 {verdict.same} 条。请确认导入。")
    return replace(job, state="wrong" if faults else "checked", total=len(rows), importable=importable, wrong=wrong,
                   repeated=verdict.same, faults=faults, rows=() if faults else list(rows), sentence=sentence)


def _rows(row: type, found: Sequence[dict[str, Any]]) -> tuple[Any, ...]:
    return tuple(row(**one) for one in found)


def _copy(stream: IO[bytes], file: Path, most: int) -> None:
    with file.open("wb") as kept:
        size = 0
        while piece := stream.read(65_536):
            size += len(piece)
            if size > most:
                raise FileTooLarge(f"文件超过 {most / 1_000_000:.1f} MB，请分成几个文件上传。")
            kept.write(piece)
    if not size:
        raise Invalid("请选择要上传的表格文件。", errors={"file": "请选择要上传的表格文件。"})


def _tidy(name: str) -> str:
    """The file's own name for the screen: no folders, nothing that cannot be shown."""
    return "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())[-100:]
