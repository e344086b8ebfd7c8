"""Whose pledges a list is about: an organisation with its party groups, or with all below it."""
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, or_, select

from services.pledge.storage.tables import pledges
from wire.contracts.actor import Reach
from wire.contracts.calls import Forbidden, operation_of
from wire.contracts.pledge import ApprovePledge, ListExemptions, ListPledges, ReadLedger
from wire.directory import organisations, under


def whose(unit: Any, request: ListPledges | ListExemptions) -> str:
    """Whose a list is of: as asked; for somebody who reads only their own, theirs.  Raises Forbidden."""
    try:
        unit.permit(request.organisation_id, member_id=request.member_id)
    except Forbidden:
        if request.member_id or not unit.actor.member_id:
            raise
        unit.permit(request.organisation_id, member_id=unit.actor.member_id)
        return unit.actor.member_id
    return request.member_id


def place(unit: Any, request: ListPledges | ReadLedger) -> ColumnElement[bool]:
    """SQL: the organisation and its party groups 党小组, which are one with it; ``below``: all below it, for whom a grant
    reaches that far in this operation; ``ended``: of these only what an organisation that ended left."""
    here = _near_or_below(unit, request)
    return and_(here, pledges.c.organisation_id.in_(_left())) if request.ended else here


def _left() -> Select:
    """Organisations that have ended, and what were their party groups; a group that ended in a standing branch is the branch's."""
    branch = organisations.alias("branch")
    home = case((organisations.c.kind == "group", organisations.c.parent_id), else_=organisations.c.id)
    return select(organisations.c.id).join(branch, branch.c.id == home).where(branch.c.state != "active")


def _near_or_below(unit: Any, request: ListPledges | ReadLedger) -> ColumnElement[bool]:
    near = pledges.c.organisation_id.in_(unit.directory.with_groups(request.organisation_id))
    here = unit.directory.organisation(request.organisation_id)
    if here is None or not request.below:
        return near
    far = {role for role, reach in operation_of(type(request)).grants.roles if reach == Reach.WITHIN}
    held = [g for g in unit.actor.grants if g.role in far and unit.directory.within(request.organisation_id, g.organisation_id)]
    if unit.directory.in_force(held):
        return pledges.c.organisation_id.in_(select(organisations.c.id).where(under(organisations.c.path, here["path"])))
    return near


def decidable(unit: Any) -> ColumnElement[bool]:
    """SQL: pledges whoever asks may decide about, by the grants they hold; never their own (X50)."""
    reached: list[ColumnElement[bool]] = []
    in_force = unit.directory.in_force(unit.actor.grants)
    for role, reach in operation_of(ApprovePledge).grants.roles:
        for held in (g for g in in_force if g.role == role and unit.actor.acts_by(role)):
            here = unit.directory.organisation(held.organisation_id)
            if reach == Reach.OWN:
                reached.append(pledges.c.organisation_id.in_(unit.directory.with_groups(held.organisation_id)))
            elif reach == Reach.BELOW:
                if here is not None:
                    below = select(organisations.c.id).where(under(organisations.c.path, here["path"]), organisations.c.id != here["id"])
                    reached.append(pledges.c.organisation_id.in_(below))
            else:
                # the list would be silent about pledges that may be approved
                raise ValueError(reach)
    mine = pledges.c.member_id == unit.actor.member_id if unit.actor.member_id else false()
    return and_(or_(false(), *reached), ~mine)
