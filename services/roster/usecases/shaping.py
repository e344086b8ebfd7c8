"""Changing the tree one organisation at a time: entering, changing, moving.

The rules are those of the spreadsheet (``domain/tree.py``): each verb is a plan of a line or a few.  Whatever changes below
is announced with it, and what was done under an organisation stays attributed to it.
"""
from typing import Any

from services.roster.domain import reading, tree, words
from services.roster.domain.organisation import Organisation
from services.roster.domain.refusals import CodeTaken, Ended, Faulty, RootStays
from services.roster.usecases.finding import NO_ORGANISATION
from services.roster.usecases.telling import announce_organisation, organisation_view
from wire.contracts.calls import NotFound, Stale
from wire.contracts.ports import Unit
from wire.contracts.roster import (
    KINDS_AND_FORMS, SECTORS, ChangeOrganisation, MoveOrganisation, OrganisationRow, OrganisationView, RegisterOrganisation,
)

CHANGED_MEANWHILE = "别人刚改过，请核对现在的内容后再办理。"
#: column of the plan -> field of the call
FIELDS = {tree.CODE: "code", tree.NAME: "name", tree.KIND: "kind", tree.SECTOR: "sector", tree.SYSTEM: "system_id",
          tree.PARENT: "parent_id", tree.FOUNDED: "founded_on", tree.RE_ELECTED: "re_elected_on"}


def register_organisation(unit: Unit, request: RegisterOrganisation) -> OrganisationView:
    """Enter a new organisation.  Refuses a code that was ever used, and whatever a line of the spreadsheet would be refused for."""
    unit.permit(request.parent_id)
    parent = standing(unit, request.parent_id)
    known = unit.books.organisations.by_code(_code(request.code))
    if known is not None:
        raise CodeTaken(known.code, known.name)
    return organisation_view(apply(unit, [_row(request, code=request.code, parent_code=parent.code)])[0])


def change_organisation(unit: Unit, request: ChangeOrganisation) -> OrganisationView:
    """Say anew what it is.  The same again answers the same and announces nothing; Stale where it was changed since it was read."""
    unit.permit(request.organisation_id)
    one = standing(unit, request.organisation_id)
    if one.version != request.version:
        raise Stale(CHANGED_MEANWHILE)
    above = unit.books.organisations.get(one.parent_id) if one.parent_id else None
    changed = apply(unit, [_row(request, code=one.code, parent_code=above.code if above else "")])
    return organisation_view(next((o for o in changed if o.id == one.id), one))


def move_organisation(unit: Unit, request: MoveOrganisation) -> OrganisationView:
    """Put it under another with everything below it, each announced.  Refuses a circle, and a kind that may not stand there."""
    unit.permit(request.organisation_id)
    unit.permit(request.parent_id)
    one, parent = standing(unit, request.organisation_id), standing(unit, request.parent_id)
    if one.parent_id is None:
        raise RootStays
    changed = apply(unit, [line_of(one, parent_code=parent.code)])
    return organisation_view(next((o for o in changed if o.id == one.id), one))


def known(unit: Unit, organisation_id: str) -> Organisation:
    """The organisation, an ended one too, with the whole tree held: one transaction at a time changes it."""
    unit.books.organisations.root(hold=True)
    return seen(unit, organisation_id)


def seen(unit: Unit, organisation_id: str) -> Organisation:
    """The organisation, an ended one too, to look at."""
    found = unit.books.organisations.get(organisation_id)
    if found is None:
        raise NotFound(NO_ORGANISATION)
    return found


def standing(unit: Unit, organisation_id: str) -> Organisation:
    """The organisation, held; refuses one that has ended."""
    found = known(unit, organisation_id)
    if not found.active:
        raise Ended(found.name)
    return found


def planned(unit: Unit, rows: list[OrganisationRow] | tuple[OrganisationRow, ...]) -> tree.Plan:
    """What these lines would do to the tree as it stands."""
    return tree.plan(rows, unit.books.organisations.tree(), **rules(unit))


def rules(unit: Unit) -> dict[str, Any]:
    """What a plan has to know besides the lines and the tree."""
    systems = {system.id: system.name for system in unit.books.systems.all() if system.active}
    return {"kinds": KINDS_AND_FORMS, "kind_words": words.ORGANISATION_KINDS, "sectors": SECTORS, "sector_words": words.SECTORS,
            "systems": systems, "new_id": lambda: unit.new_id("org"), "today": unit.today}


def written(unit: Unit, plan: tree.Plan) -> list[Organisation]:
    """Write a plan without faults and announce it, parents first; what is told, in the order of the tree."""
    unit.books.organisations.add_many(plan.new)
    unit.books.organisations.save_many(plan.changed + plan.moved)
    told = sorted(plan.new + plan.changed + plan.moved, key=lambda o: o.path)
    for organisation in told:
        announce_organisation(unit, organisation)
    return told


def apply(unit: Unit, rows: list[OrganisationRow]) -> list[Organisation]:
    """Plan and write, or refuse with a sentence per field."""
    plan = planned(unit, rows)
    if plan.faults:
        errors: dict[str, list[str]] = {}
        for fault in plan.faults:
            errors.setdefault(FIELDS[fault.column], []).append(fault.sentence)
        raise Faulty(errors)
    return written(unit, plan)


def line_of(one: Organisation, **over: str) -> OrganisationRow:
    """An organisation as the line that would enter it as it stands."""
    return _row(one, **({"code": one.code} | over))


def _row(said: Any, **over: str) -> OrganisationRow:
    """A line out of what has the fields of an organisation."""
    kind = said.kind if said.form == "ordinary" else f"{said.kind}.{said.form}"
    return OrganisationRow(name=said.name, kind=kind, sector=said.sector, system=said.system_id or tree.NONE,
                           founded_on=reading.day_cell(said.founded_on), re_elected_on=reading.day_cell(said.re_elected_on), **over)


def _code(cell: str) -> str:
    """The code as the plan will read it, so that it finds its namesake; what cannot be read the plan refuses."""
    try:
        return reading.code(cell)
    except reading.Odd:
        return ""
