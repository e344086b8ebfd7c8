"""Entering organisations and members from a spreadsheet: all rows, or none and every fault.

A file is checked whole in memory and written by few statements.  Entered again it changes nothing and announces nothing.
"""
from collections.abc import Iterable

from services.roster.domain import roll, tree
from services.roster.domain.grant import OFFICE
from services.roster.domain.organisation import Organisation
from services.roster.domain.reading import Fault
from services.roster.usecases import shaping
from services.roster.usecases.following import put_many
from services.roster.usecases.planning import planned_members
from wire.contracts.ports import Unit
from wire.contracts.roster import (
    CheckMembers, CheckOrganisations, ImportVerdict, MemberRow, OrganisationRow, RegisterMembers, RegisterOrganisations, RowFault,
)

#: beyond this many the rest of the faults says nothing new, and the reply would not fit
FAULTS_LISTED = 2000


def check_organisations(unit: Unit, request: CheckOrganisations) -> ImportVerdict:
    """What ``register_organisations`` would do; writes nothing."""
    return _verdict(_plan_organisations(unit, request.rows), done=False)


def register_organisations(unit: Unit, request: RegisterOrganisations) -> ImportVerdict:
    """Enter new organisations and change known ones, told apart by their own code.

    A parent may stand anywhere in the same file.  Moving one moves everything below it, each announced.  With a fault
    anywhere nothing is written.  ``done`` says the file stands in the roster now, also where it stood there before.
    """
    unit.books.organisations.root(hold=True)
    plan = _plan_organisations(unit, request.rows)
    if not plan.faults:
        shaping.written(unit, plan)
    return _verdict(plan, done=not plan.faults)


def check_members(unit: Unit, request: CheckMembers) -> ImportVerdict:
    """What ``register_members`` would do; writes nothing."""
    return _verdict(_plan_members(unit, request.rows), done=False)


def register_members(unit: Unit, request: RegisterMembers) -> ImportVerdict:
    """Enter new members and change known ones, told apart by their own code; with a fault anywhere nothing is written.

    Each has the grant over their own matters, in the organisation they belong to: given when they enter, ended and
    given anew when they move.  No other grant ever comes from a spreadsheet (X45).
    """
    unit.books.organisations.root(hold=True)
    plan = _plan_members(unit, request.rows)
    if not plan.faults:
        put_many(unit, plan.new, plan.changed)
    return _verdict(plan, done=not plan.faults)


def _plan_organisations(unit: Unit, rows: tuple[OrganisationRow, ...]) -> tree.Plan:
    plan = shaping.planned(unit, rows)
    _permit(unit, plan.targets)
    return plan


def _plan_members(unit: Unit, rows: tuple[MemberRow, ...]) -> roll.Plan:
    standing = unit.books.members.by_codes(roll.codes(rows))
    plan = planned_members(unit, rows, unit.books.organisations.tree(), standing)
    _permit(unit, plan.targets)
    return plan


def _permit(unit: Unit, targets: Iterable[Organisation]) -> None:
    """Ask for every part of the tree the file touches; a file that touches none is asked for where the actor's office is."""
    unit.permit_all([organisation.id for organisation in targets] or [
        next((g.organisation_id for g in unit.actor.grants if g.role == OFFICE), "")])


def _verdict(plan: tree.Plan | roll.Plan, *, done: bool) -> ImportVerdict:
    right = not plan.faults
    return ImportVerdict(
        total=plan.total, new=len(plan.new) if right else 0, changed=len(plan.changed) if right else 0, same=plan.same if right else 0,
        done=done,
        faults=tuple(_fault(f) for f in plan.faults[:FAULTS_LISTED]))


def _fault(fault: Fault) -> RowFault:
    return RowFault(row=fault.row, column=fault.column, value=fault.value, sentence=fault.sentence)
