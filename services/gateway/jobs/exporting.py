"""The step of an export: the list page by page into a file, which a process of its own makes a spreadsheet of."""
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from services.gateway.jobs import confined
from services.gateway.jobs.confined import Ended
from services.gateway.jobs.exports import MADE, PREFIX
from services.gateway.jobs.lists import list_of
from services.gateway.storage import Job
from wire.contracts.calls import Refusal
from wire.contracts.envelope import parse, text_of

if TYPE_CHECKING:
    from services.gateway.jobs.working import Task

#: how the folder of a job under way begins
FOLDER = "jiannuo-export-"
#: a slow machine writes at least so many
ROWS_A_SECOND = 2_000
TOO_MANY = "超过 {} 行，没有导出来。"
BROKEN = "这个列表太大，没有导出来。请先筛选再导出，例如按党组织分开。"


def export(task: "Task") -> Job:
    """Every row of the list, the chosen columns, as the service that keeps it tells it to this person: persons masked or not."""
    listing, asked = list_of(task.job.kind.removeprefix(PREFIX)), parse(task.job.asked)
    columns = listing.chosen(asked["columns"])
    folder, count, masked = Path(tempfile.mkdtemp(prefix=FOLDER)), 0, False
    most, first = task.settings.export_rows, ()
    try:
        with (folder / "rows").open("w") as rows:
            rows.write(text_of([column.label for column in columns]) + "\n")
            for page in listing.pages(task.ask, asked["filters"]):
                rows.writelines(text_of([column.value(one) for column in columns]) + "\n" for one in page)
                masked = masked or any(getattr(one, "masked", False) for one in page)
                count += len(page)
                first = first or page[:1]
                if count > most:
                    raise Refusal(TOO_MANY.format(most) + listing.narrower(first[0], page[most - count - 1]))
                task.save(handled=count, read=count)
        try:
            # a log of a year has more rows than any roll: as much time as they need
            seconds = task.settings.sheet_seconds * 3 + count // ROWS_A_SECOND
            for _ in confined.run("sheet", seconds, task.settings.sheet_memory_bytes, str(folder / "rows"),
                                  str(folder / "made.xlsx")):
                pass
        except Ended:
            raise Refusal(BROKEN) from None
        task.put_file(MADE, (folder / "made.xlsx").read_bytes())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return task.finish(state="done", total=count, sentence=f"已导出 {count} 行。" + ("按您的权限，个人信息已遮掩。" if masked else ""))
