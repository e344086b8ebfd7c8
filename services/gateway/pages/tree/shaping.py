"""Forms that change the tree: a new organisation, other facts, another place, merging, dissolving, an election, an extension."""
from flask import render_template, request, url_for
from wire.contracts.roster import (
    ChangeOrganisation, DissolveOrganisation, ExtendTerm, MergeOrganisations, MoveOrganisation, ReadOrganisation, RecordElection,
    RegisterOrganisation,
)

from services.gateway import clients
from services.gateway.pages import forms, here
from services.gateway.pages.tree import tree
from services.gateway.pages.tree.organisation import organisation_page, system_names


@tree.get("/new")
def new():
    return new_page()


def new_page() -> str:
    """A new organisation under the one at hand."""
    parent_id = here.place("roster.register_organisation")
    return render_template("tree/form.html", one=None, parent_id=parent_id, systems=system_names(parent_id))


@tree.post("/new")
def register():
    made, refusal = forms.attempt(RegisterOrganisation, _said())
    return forms.done(refusal, url_for("tree.organisation", organisation_id=made.organisation_id, done="saved") if made else "", new_page)


@tree.get("/<organisation_id>/edit")
def edit(organisation_id: str):
    return edit_page(organisation_id)


def edit_page(organisation_id: str) -> str:
    one = clients.call(ReadOrganisation(organisation_id=organisation_id[:80]))
    return render_template("tree/form.html", one=one, parent_id=one.parent_id, systems=system_names(one.organisation_id))


@tree.post("/<organisation_id>/edit")
def change(organisation_id: str):
    _, refusal = forms.attempt(ChangeOrganisation, _said(), organisation_id=organisation_id[:80])
    return forms.done(refusal, _to(organisation_id), lambda: edit_page(organisation_id))


@tree.post("/<organisation_id>/move")
def move(organisation_id: str):
    """调整上级: everything below moves along."""
    return _done(organisation_id, MoveOrganisation)


@tree.post("/<organisation_id>/merge")
def merge(organisation_id: str):
    """并入."""
    return _done(organisation_id, MergeOrganisations)


@tree.post("/<organisation_id>/dissolve")
def dissolve(organisation_id: str):
    """撤销."""
    return _done(organisation_id, DissolveOrganisation)


@tree.post("/<organisation_id>/election")
def elected(organisation_id: str):
    """登记换届."""
    return _done(organisation_id, RecordElection)


@tree.post("/<organisation_id>/extension")
def extend(organisation_id: str):
    """延期换届."""
    return _done(organisation_id, ExtendTerm)


def _done(organisation_id: str, call: type):
    _, refusal = forms.attempt(call, organisation_id=organisation_id[:80])
    return forms.done(refusal, _to(organisation_id), lambda: organisation_page(organisation_id))


def _to(organisation_id: str) -> str:
    return url_for("tree.organisation", organisation_id=organisation_id, done="saved")


def _said() -> dict[str, str]:
    """The form, with kind and form of the organisation chosen as one word: ``branch.joint``."""
    kind, _, form = request.form.get("kind", "").partition(".")
    return request.form.to_dict() | {"kind": kind, "form": form or "ordinary"}
