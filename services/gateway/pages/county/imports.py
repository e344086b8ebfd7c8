"""Excel in: the template, the upload with its pre-check (总数 / 可导入 / 错误 / 重复), every fault by row, column and value,
then the import itself.  Nothing is written unless every row is right."""
from flask import Response, abort, render_template, request, url_for
from wire.contracts.calls import Invalid, Refusal

from services.gateway.jobs import imports as jobs, template
from services.gateway.pages import forms, here
from services.gateway.pages.county import county

TONES = {"reading": "open", "checked": "due", "wrong": "late", "done": "done", "failed": "late"}
#: faults shown on the page; a file with more is wrong in the same way throughout
SHOWN = 500


@county.get("/imports")
def imports():
    return imports_page()


def imports_page() -> str:
    here.demand("roster.register_organisations", "roster.register_members")
    return render_template("county/imports.html", jobs=jobs.latest(), labels=jobs.LABELS, states=jobs.STATES, tones=TONES)


@county.post("/imports")
def upload():
    """Read and check an uploaded file; what it found is told on the report."""
    here.demand("roster.register_organisations", "roster.register_members")
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
    return render_template("county/import_report.html", job=job, faults=job.faults[:SHOWN], labels=jobs.LABELS, states=jobs.STATES,
                           tones=TONES)


@county.post("/imports/<job_id>")
def run_import(job_id: str):
    """Write the checked rows; again: nothing twice.  What the page says happened is what happened."""
    try:
        job = jobs.run(job_id)
    except Refusal as refusal:
        return forms.again(refusal, lambda: report_page(job_id))
    return forms.done(None, url_for("county.import_report", job_id=job_id, done="imported" if job.state == "done" else None), imports_page)


@county.get("/imports/template/<kind>.xlsx")
def import_template(kind: str):
    """The spreadsheet to fill in."""
    if kind not in template.NAMES:
        abort(404)
    response = Response(template.made(kind), content_type=template.TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=f"{kind}.xlsx")
    return response
