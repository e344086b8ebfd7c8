"""The steps of an import: read and check, write, take back."""
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.gateway.jobs import confined
from services.gateway.jobs.archive import DAMAGED, TOO_BIG
from services.gateway.jobs.confined import Ended
from services.gateway.jobs.kinds import Kind, kind_of
from services.gateway.jobs.receiving import Counted
from services.gateway.storage import Job
from wire.contracts.calls import Refusal

if TYPE_CHECKING:
    from services.gateway.jobs.working import Task

UPLOAD, RETURNED = "upload", "returned"
#: how the folder of a job under way begins
FOLDER = "jiannuo-import-"
#: faults kept with the job, for its page and the API; the file given back has them all
LISTED = 2_000
AGAIN = "检查之后名册有了变动，已按现在的名册重新检查，请看清数字后再确认导入。"
GONE = "上传的文件已经清理，请重新上传。"


class TheFile(Exception):
    """The file is not taken; the sentence says what to do."""


def read_and_check(task: "Task", before: str = "") -> Job:
    """Read the upload in a process of its own while its lines go to whoever receives them; then count, and give the file back
    where it has faults or something worth a look.  ``before``: what is said first where it is right."""
    kind = kind_of(task.job.kind)
    task.drop_file(RETURNED)
    with _unpacked(task) as folder:
        try:
            _stage(task, kind, folder / UPLOAD)
        except TheFile as sentence:
            task.drop_file(UPLOAD)
            return task.finish(state="failed", sentence=str(sentence))
        counted = kind.receiver.check(task)
        notes, faults = list(kind.receiver.notes(task)), list(kind.receiver.faults(task)) if counted.wrong else []
        task.save(handled=task.job.read, **_counters(counted))
        given = _give_back(task, folder, faults, notes) if faults or notes else False
    if not counted.wrong:
        return task.finish(state="checked", faults=(), sentence=before + _right(kind, counted), **_counters(counted))
    return task.finish(state="wrong", faults=faults[:LISTED], sentence=_wrong(counted, given), **_counters(counted))


def write(task: "Task") -> Job:
    """All lines or, when that was chosen, the right ones.  Where the roster has changed since the check: check anew, and ask."""
    kind = kind_of(task.job.kind)
    try:
        counted = kind.receiver.write(task, right_only=task.job.right_only)
    except Refusal as refusal:
        if refusal.status != 412:
            raise
        task.save(state="reading")
        return read_and_check(task, AGAIN)
    if not task.job.wrong:
        task.drop_file(UPLOAD)
        task.drop_file(RETURNED)
    return task.finish(state="done", sentence=_written(kind, counted), **_counters(counted))


def undo(task: "Task") -> Job:
    """Take it back, all of it or nothing; what stands in the way is told."""
    obstacles: Sequence[dict[str, Any]] = ()
    kind = kind_of(task.job.kind)
    for prepared, lines, found in kind.receiver.undo(task):
        obstacles = found
        task.save(handled=prepared, expected=lines)
    if not obstacles:
        return task.finish(state="undone", faults=(), sentence=kind.undone.format(new=task.job.new, changed=task.job.changed))
    many = obstacles[0]["in_all"]
    return task.finish(
        state="done", faults=[
            {"row": o["row"], "column": kind.called, "value": o["code"], "sentence": o["sentence"], "blocks": True} for o in obstacles],
        sentence=f"没有撤销任何内容：有 {many} 行在导入之后又办过事，请看下面每一行怎么办。")


@contextmanager
def _unpacked(task: "Task") -> Iterator[Path]:
    """A folder with the upload in it, gone afterwards."""
    body = task.file(UPLOAD)
    if body is None:
        raise _gone()
    folder = Path(tempfile.mkdtemp(prefix=FOLDER))
    try:
        (folder / UPLOAD).write_bytes(body)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _gone() -> Refusal:
    return Refusal(GONE)


def _stage(task: "Task", kind: Kind, file: Path) -> None:
    """The lines, piece by piece, with the progress told.  Raises TheFile."""
    settings, piece, fields, done = task.settings, 0, (), 0
    task.save(began_at=task.app.extensions["clock"].now(), read=0, handled=0, expected=0, sentence="")
    try:
        for told in confined.run("reader", settings.sheet_seconds, settings.sheet_memory_bytes, kind.name, str(file),
                                 str(settings.sheet_rows), str(settings.sheet_inflated_bytes)):
            if "refused" in told:
                raise TheFile(told["refused"])
            if "fields" in told:
                fields = told["fields"]
                task.save(expected=told["expected"])
            elif told.get("lines"):
                lines = told["lines"]
                kind.receiver.stage(task, piece, fields, lines)
                piece, done = piece + 1, done + len(lines)
                task.save(read=lines[-1][0], handled=done, expected=max(task.job.expected, lines[-1][0]))
    except Ended as ended:
        raise TheFile(TOO_BIG if ended.by_limit else DAMAGED) from None


def _give_back(task: "Task", folder: Path, faults: list[dict[str, Any]], notes: list[dict[str, Any]]) -> bool:
    """Keep the file with its faults and notes in it; whether it could be made."""
    settings, out = task.settings, folder / "returned.xlsx"
    (folder / "faults.json").write_text(json.dumps({"faults": faults, "notes": notes}, ensure_ascii=False))
    try:
        made = [told for told in confined.run(
            "returned", settings.sheet_seconds * 3, settings.sheet_memory_bytes, task.job.kind, str(folder / UPLOAD), str(folder / "faults.json"),
            str(out), str(settings.sheet_annotated_rows), str(settings.sheet_inflated_bytes)) if "made" in told]
    except Ended:
        made = []
    if made:
        task.put_file(RETURNED, out.read_bytes())
    return bool(made)


def _counters(counted: Counted) -> dict[str, int]:
    return {"total": counted.total, "importable": counted.importable, "wrong": counted.wrong, "repeated": counted.repeated,
            "new": counted.new, "changed": counted.changed}


def _right(kind: Kind, counted: Counted) -> str:
    if not counted.importable:
        return f"检查通过：{counted.repeated} 条都已经在系统里，没有要改的内容。"
    return kind.right.format(new=counted.new, changed=counted.changed, same=counted.repeated)


def _wrong(counted: Counted, given: bool) -> str:
    waiting = counted.total - counted.wrong - counted.importable - counted.repeated
    return "".join((
        f"有 {counted.wrong} 行需要改正，没有写入任何内容。",
        f"另有 {waiting} 行因为上级那一行有错误，暂时也不能导入。" if waiting else "",
        "请下载标好错误的表格，改好后重新上传。" if given else "请按清单改好后重新上传。"))


def _written(kind: Kind, counted: Counted) -> str:
    left = counted.total - counted.importable - counted.repeated
    return (kind.written.format(new=counted.new, changed=counted.changed, same=counted.repeated)
            + (f"还有 {left} 行没有导入，请改好后重新上传整个表格。" if left else ""))
