"""Excel out: what a list shows, with the columns one picks.  The link beside a list carries its filters, and both pages say
them."""
from collections.abc import Mapping
from typing import Any

from flask import Response, render_template, request, url_for
from wire.contracts.calls import Refusal
from wire.contracts.envelope import parse
from wire.contracts.roster import ListSystems

from services.gateway import clients
from services.gateway.documents.attachment import attachment
from services.gateway.jobs import exports
from services.gateway.jobs.listing import Listing
from services.gateway.jobs.lists import list_of
from services.gateway.pages import forms, here, menu
from services.gateway.pages.county import county
from services.gateway.problems import refuse

#: parts of the address that are not filters of the list; and what the address calls otherwise than the call
APART = {"after", "key", "csrf_token", "column"}
NAMED = {"organisation": "organisation_id", "system": "system_id"}


@county.get("/exports/<name>/new")
def new_export(name: str):
    return picker(name)


def picker(name: str) -> str:
    listing = _listing(name)
    filters = _reached(listing, request.values)
    return render_template("county/export.html", listing=listing, filters=filters, narrowed=narrowed(listing, filters),
                           organisation_id=filters.get("organisation_id", ""))


@county.post("/exports/<name>/new")
def export(name: str):
    """Begin; a small list is ready at once."""
    filters = _reached(list_of(name), request.form)
    try:
        job = exports.start(name, filters, request.form.getlist("column"))
    except Refusal as refusal:
        return forms.again(refusal, lambda: picker(name))
    return forms.done(None, url_for("county.export_report", job_id=job.id), lambda: picker(name))


@county.get("/exports/<job_id>")
def export_report(job_id: str):
    job = exports.find(job_id)
    listing = _listing(job.kind.removeprefix(exports.PREFIX))
    filters = parse(job.asked)["filters"]
    return render_template("county/export_report.html", job=job, listing=listing, filters=filters, narrowed=narrowed(listing, filters))


@county.get("/exports/<job_id>/file.xlsx")
def export_file(job_id: str) -> Response:
    return attachment(*exports.file(job_id))


def _listing(name: str) -> Listing:
    """The list, which the menu marks."""
    listing = list_of(name)
    menu.stand_below(url_for(f"county.{listing.name}"))
    return listing


def narrowed(listing: Listing, filters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The filters in words, a system 条线 by its name."""
    if filters.get("system_id"):
        names = {one.system_id: one.name for one in clients.call(ListSystems(organisation_id=filters.get("organisation_id", "")))}
        filters = {**filters, "system_id": names.get(filters["system_id"], "")}
    return listing.narrowed(filters)


def _reached(listing: Listing, said: Any) -> dict[str, str]:
    """The filters, with the organisation the list is about.  Refuses one that no grant reaches, before there is anything to fill in."""
    here.demand(listing.operation)
    filters = filters_of(said)
    if not here.may(listing.operation, filters.setdefault("organisation_id", here.place(listing.operation))):
        raise refuse(403, here.NOT_REACHED)
    return filters


def filters_of(said: Any) -> dict[str, str]:
    """What the list on the screen was asked for."""
    return {NAMED.get(name, name): word.strip() for name, word in said.items() if name not in APART and word.strip()}
