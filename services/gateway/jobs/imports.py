"""An import as people meet it: upload, look, write, take back.  The work itself is done outside the request (``working``)."""
from collections.abc import Callable
from dataclasses import replace
from typing import IO, Any

import eventlet
from flask import current_app, g, request

from services.gateway.jobs.importing import RETURNED, UPLOAD
from services.gateway.identity import looks
from services.gateway.jobs.inviting import LINKS
from services.gateway.jobs.kinds import KINDS, kind_of
from services.gateway.storage import Job
from services.gateway.storage.jobs import UNDER_WAY
from wire.contracts.envelope import text_of
from wire.contracts.calls import Invalid, NotFound, Refusal

LABELS = {name: kind.label for name, kind in KINDS.items()}
STATES = {"reading": "检查中", "checked": "可以导入", "wrong": "有错误", "writing": "导入中", "done": "已导入", "undoing": "撤销中",
          "undone": "已撤销", "failed": "未能处理"}
TONES = {"reading": "open", "checked": "due", "wrong": "late", "writing": "open", "done": "done", "undoing": "open", "undone": "open",
         "failed": "late"}
#: a request waits so long for its job, then it answers with how far it is
PATIENCE, LOOK_SECONDS = 3.0, 0.05
EMPTY = "这个文件是空的（0 字节），多半是还没有保存完。请在 Excel 或 WPS 里打开、保存后再上传。"


class FileTooLarge(Refusal):
    """More than one upload may hold."""

    code, status = "too_large", 413


class NotNow(Refusal):
    """The job is not at the point where this can be done."""

    code, status = "job_not_ready", 409


def start(kind: str, file_name: str, stream: IO[bytes]) -> Job:
    """Take the upload, read and check it; returns the job, finished or under way.  Nothing is written to the roster.

    Refuses an unknown kind (404) and a file over the limit (413) before anything is kept.
    """
    kind_of(kind)
    body = _read(stream, current_app.extensions["gateway"].sheet_bytes)
    with current_app.extensions["store"].writing() as unit:
        job = Job(id=unit.new_id("job"), kind=kind, state="reading", person_id=g.account.person_id, member_id=g.account.member_id,
                  person_name=g.account.name, address=g.actor.address, file_name=_tidy(file_name), created_at=unit.now,
                  asked=text_of({"house": request.host_url.rstrip("/")}))
        unit.books.jobs.add(job)
        unit.books.jobs.put_file(job.id, UPLOAD, body)
    return _worked(job)


def word(job: Job) -> tuple[str, str]:
    """The state of a job and its tone: where every line is here already, there is nothing to import."""
    if job.state == "checked" and not job.importable:
        return "不用导入", "done"
    return STATES[job.state], TONES[job.state]


def run(job_id: str, *, right_only: bool = False) -> Job:
    """Write the checked lines: all or none, or with ``right_only`` those of a file with faults that are right.

    Again: the same job, nothing twice.  Refuses a file with faults unless only its right lines are wanted.
    """
    job = find(job_id)
    if job.state in ("done", "writing"):
        return job
    if job.state == "checked" and not job.importable:
        raise Invalid("这个文件里的内容都已经在系统里，没有要导入的，不用再办。")
    if not (job.state == "checked" or right_only and job.state == "wrong" and job.importable):
        raise Invalid("这个文件不能导入，请先按错误清单改正，再重新上传。")
    return _worked(_moved(job, "writing", right_only=right_only))


def undo(job_id: str) -> Job:
    """Take back what this import wrote, all of it or nothing.  Again: the same job."""
    job = find(job_id)
    if job.state in ("undone", "undoing"):
        return job
    if job.state != "done":
        raise NotNow("这次导入没有写入内容，不需要撤销。")
    return _worked(_moved(job, "undoing"))


def find(job_id: str) -> Job:
    """One's own job."""
    with current_app.extensions["store"].reading() as unit:
        job = unit.books.jobs.get(job_id, g.account.person_id)
    if job is None or job.kind not in KINDS:
        raise NotFound("没有找到这次导入，请重新上传。")
    return job


def returned(job_id: str) -> tuple[str, bytes]:
    """The file with its faults in it, or with what is worth a look before it is written, under a name that says so."""
    job = find(job_id)
    with current_app.extensions["store"].reading() as unit:
        body = unit.books.jobs.file(job.id, RETURNED)
    if body is None:
        raise NotFound("这次导入没有标好的表格，或者已过保留期，请重新上传。")
    return f"{job.file_name.rpartition('.')[0] or job.file_name}-{'要改的地方' if job.wrong else '导入前请看'}.xlsx", body


def take_links(job_id: str) -> tuple[str, bytes]:
    """The file with the invitation links 开通链接, once: it is gone then."""
    job = find(job_id)
    with current_app.extensions["store"].writing() as unit:
        sealed = unit.books.jobs.take_file(job.id, LINKS)
        if sealed is None:
            raise NotFound("开通链接只能下载一次，已经下载过了，或者已过保留期。没有收到的人，请重新上传表格，会得到新的链接。")
        looks.write(unit, "take_links", account=g.account, object=job.id)
    return f"{job.file_name.rpartition('.')[0] or job.file_name}-开通链接.xlsx", current_app.extensions["vault"].open(sealed, job.id)


def has(job: Job, name: str) -> bool:
    """Whether there is a file of this name to take: ``LINKS``, ``RETURNED``."""
    with current_app.extensions["store"].reading() as unit:
        return unit.books.jobs.has_file(job.id, name)


def latest() -> list[Job]:
    """One's own imports, newest first; their faults are told by ``find``."""
    with current_app.extensions["store"].reading() as unit:
        return unit.books.jobs.latest(g.account.person_id, tuple(KINDS))


def seconds_left(job: Job, now: Any) -> int | None:
    """How long it will take at the pace so far; None while that cannot be said."""
    if job.began_at is None or not job.expected or job.handled < 100:
        return None
    took = (now - job.began_at).total_seconds()
    return max(1, round(took * (job.expected - min(job.read or job.handled, job.expected)) / max(job.read or job.handled, 1)))


def _moved(job: Job, state: str, **changes: Any) -> Job:
    """The job at its next step; of two who press at once the second finds it there, and leaves it to whoever works on it."""
    with current_app.extensions["store"].writing() as unit:
        moved = replace(job, state=state, sentence="", tries=0, began_at=unit.now, finished_at=None, handled=0, read=0, **changes)
        if unit.books.jobs.move(moved, job):
            return moved
    return find(job.id)


def worked_on(job: Job, look: Callable[[str], Job]) -> Job:
    """The job after a little patience: a small one is finished then."""
    current_app.extensions["jobs"].begin(job.id)
    with eventlet.Timeout(PATIENCE, False):
        while job.state in UNDER_WAY:
            eventlet.sleep(LOOK_SECONDS)
            job = look(job.id)
    return job


def _worked(job: Job) -> Job:
    return worked_on(job, find)


def _read(stream: IO[bytes], most: int) -> bytes:
    body = stream.read(most + 1)
    if len(body) > most:
        raise FileTooLarge(f"文件超过 {most / 1_000_000:.1f} MB，请分成几个文件上传。")
    if not body:
        raise Invalid(EMPTY, errors={"file": EMPTY})
    return body


def _tidy(name: str) -> str:
    """The file's own name for the screen: no folders, nothing that cannot be shown."""
    return "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())[-100:]
