"""Excel out: what a list shows, with the columns one picks.  The link beside a list is ``export_link``."""
from typing import Any

from flask import Response, render_template, request, url_for
from wire.contracts.calls import Refusal

from services.gateway.jobs import exports
from services.gateway.jobs.lists import list_of
from services.gateway.pages import forms, here
from services.gateway.pages.county import county
from services.gateway.pages.county.imports import attachment

#: parts of the address that are not filters of the list; and what the address calls otherwise than the call
APART = {"after", "key", "csrf_token", "column"}
NAMED = {"organisation": "organisation_id", "system": "system_id"}


@county.get("/exports/<name>/new")
def new_export(name: str):
    return picker(name)


def picker(name: str) -> str:
    listing = list_of(name)
    filters = filters_of(request.args)
    here.demand(listing.operation)
    return render_template("county/export.html", listing=listing, filters=filters, organisation_id=filters.get("organisation_id", ""))


@county.post("/exports/<name>/new")
def export(name: str):
    """Begin; a small list is ready at once."""
    listing = list_of(name)
    here.demand(listing.operation)
    try:
        job = exports.start(name, filters_of(request.form), request.form.getlist("column"))
    except Refusal as refusal:
        return forms.again(refusal, lambda: picker(name))
    return forms.done(None, url_for("county.export_report", job_id=job.id), lambda: picker(name))


@county.get("/exports/<job_id>")
def export_report(job_id: str):
    job = exports.find(job_id)
    listing = list_of(job.kind.removeprefix(exports.PREFIX))
    return render_template("county/export_report.html", job=job, listing=listing)


@county.get("/exports/<job_id>/file.xlsx")
def export_file(job_id: str) -> Response:
    return attachment(*exports.file(job_id))


def filters_of(said: Any) -> dict[str, str]:
    """What the list on the screen was asked for."""
    return {NAMED.get(name, name): word.strip() for name, word in said.items() if name not in APART and word.strip()}
