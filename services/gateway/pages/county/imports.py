"""Excel in: the template, the upload with its pre-check (总数 / 可导入 / 错误 / 重复) and how far it is, the file given back with its
faults and what is worth a look in it, then the import itself, and its undoing.  Nothing is written unless every line is right, or only
the right ones are wanted."""
from typing import get_args

from flask import current_app, render_template, request, url_for
from wire.contracts import roster as r
from wire.contracts.calls import Invalid, NotFound, Refusal

from services.gateway import clients
from services.gateway.documents.attachment import attachment
from services.gateway.jobs import imports as jobs, template
from services.gateway.jobs.importing import RETURNED
from services.gateway.jobs.inviting import LINKS
from services.gateway.jobs.kinds import KINDS, kind_of
from services.gateway.pages import forms, here
from services.gateway.pages.county import county
from services.gateway.storage import Job
from services.gateway.storage.jobs import UNDER_WAY

#: faults shown on the page; the file given back has all
SHOWN = 200


@county.get("/imports")
def imports():
    return imports_page()


def imports_page() -> str:
    here.demand("roster.stage_lines")
    return render_template("county/imports.html", jobs=jobs.latest(), kinds=KINDS.values(), labels=jobs.LABELS, word=jobs.word)


@county.post("/imports")
def upload():
    """Read and check an uploaded file; what it found is told on the report."""
    here.demand("roster.stage_lines")
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Invalid("请选择要上传的表格文件。", errors={"file": "请选择要上传的表格文件。"})
        job = jobs.start(request.form.get("kind", ""), file.filename, file.stream)
    except Refusal as refusal:
        return forms.again(refusal, imports_page)
    return forms.done(None, url_for("county.import_report", job_id=job.id), imports_page)


@county.get("/imports/<job_id>")
def import_report(job_id: str):
    return report_page(job_id)


def report_page(job_id: str) -> str:
    job = jobs.find(job_id)
    share = min(99, 100 * (job.read or job.handled) // job.expected) if job.expected else 0
    return render_template(
        "county/import_report.html", job=job, kind=kind_of(job.kind), faults=job.faults[:SHOWN], word=jobs.word(job),
        blocked=any(fault.get("blocks") for fault in job.faults),
        under_way=job.state in UNDER_WAY, share=share, seconds=jobs.seconds_left(job, current_app.extensions["clock"].now()),
        hints=hints_of(job), sorts=r.HINT_SORTS, links=job.state == "done" and jobs.has(job, LINKS),
        returned=job.state in ("checked", "wrong", "done") and jobs.has(job, RETURNED))


def hints_of(job: Job) -> r.SheetHints | None:
    """What is worth a look before the lines are written; nothing once they are."""
    if job.kind not in get_args(r.SheetKind) or job.state not in ("checked", "wrong"):
        return None
    try:
        return clients.call(r.ListSheetHints(sheet_id=job.id, limit=SHOWN))
    except NotFound:
        # what was staged is cleared away after a while; the page stays
        return None


@county.post("/imports/<job_id>")
def run_import(job_id: str):
    """Write the checked lines; again: nothing twice.  What the page says happened is what happened."""
    return _moved(job_id, lambda: jobs.run(job_id, right_only=request.form.get("right_only") == "1"))


@county.post("/imports/<job_id>/undo")
def undo_import(job_id: str):
    """Take it back, all of it or nothing."""
    return _moved(job_id, lambda: jobs.undo(job_id))


def _moved(job_id: str, act):
    try:
        act()
    except Refusal as refusal:
        return forms.again(refusal, lambda: report_page(job_id))
    return forms.done(None, url_for("county.import_report", job_id=job_id), imports_page)


@county.get("/imports/<job_id>/returned.xlsx")
def returned_import(job_id: str):
    """The user's own file with its faults in it, and what is worth a look before it is written; a right one too, where there is any."""
    name, body = jobs.returned(job_id)
    return attachment(name, body)


@county.post("/imports/<job_id>/links.xlsx")
def take_links(job_id: str):
    """The invitation links, once; a form's post, so that no preview takes them."""
    try:
        name, body = jobs.take_links(job_id)
    except Refusal as refusal:
        return forms.again(refusal, lambda: report_page(job_id))
    return attachment(name, body)


@county.get("/imports/template/<kind>.xlsx")
def import_template(kind: str):
    """The spreadsheet to fill in."""
    return attachment(kind_of(kind).template, template.made(kind))
