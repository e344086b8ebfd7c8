"""An export as people meet it: choose columns, take the file.  What comes out is what the list shows; asking for it leaves a line in
the operation log (X21)."""
from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, g

from services.gateway.identity import looks
from services.gateway.jobs.imports import worked_on
from services.gateway.jobs.lists import list_of
from services.gateway.storage import Job
from wire.contracts.calls import NotFound
from wire.contracts.envelope import text_of

PREFIX, MADE = "export:", "made"


def start(name: str, filters: Mapping[str, Any], columns: Sequence[str]) -> Job:
    """Begin to write the list with these filters into a spreadsheet; returns the job, finished or under way."""
    listing = list_of(name)
    asked = listing.asked(filters)
    with current_app.extensions["store"].writing() as unit:
        job = Job(id=unit.new_id("job"), kind=f"{PREFIX}{name}", state="exporting", person_id=g.account.person_id,
                  member_id=g.account.member_id, person_name=g.account.name, address=g.actor.address, file_name=f"{listing.title}.xlsx",
                  created_at=unit.now, asked=text_of({"filters": dict(filters), "columns": [c.field for c in listing.chosen(list(columns))]}))
        unit.books.jobs.add(job)
        looks.write(unit, f"export.{name}", account=g.account, object=asked.organisation_id)
    return worked_on(job, find)


def find(job_id: str) -> Job:
    """One's own export."""
    with current_app.extensions["store"].reading() as unit:
        job = unit.books.jobs.get(job_id, g.account.person_id)
    if job is None or not job.kind.startswith(PREFIX):
        raise NotFound("没有找到这次导出，请从列表页面重新导出。")
    return job


def file(job_id: str) -> tuple[str, bytes]:
    """The spreadsheet and its name."""
    job = find(job_id)
    with current_app.extensions["store"].reading() as unit:
        body = unit.books.jobs.file(job.id, MADE)
    if body is None:
        raise NotFound("这个文件还没有做好，或者已过保留期，请稍后再看，或重新导出。")
    return job.file_name, body
