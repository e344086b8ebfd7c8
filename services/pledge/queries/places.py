"""Whose pledges a list is about: an organisation with its party groups, or with all below it."""
from typing import Any

from sqlalchemy import ColumnElement, select

from services.pledge.storage.tables import pledges
from wire.contracts.actor import Reach
from wire.contracts.calls import operation_of
from wire.contracts.pledge import ListPledges, ReadLedger
from wire.directory import organisations, under


def place(unit: Any, request: ListPledges | ReadLedger) -> ColumnElement[bool]:
    """SQL: the organisation and its party groups 党小组, which are one with it; ``below``: all below it, for whom a grant
    reaches that far in this operation."""
    near = pledges.c.organisation_id.in_(unit.directory.with_groups(request.organisation_id))
    here = unit.directory.organisation(request.organisation_id)
    if here is None or not request.below:
        return near
    far = {role for role, reach in operation_of(type(request)).grants.roles if reach == Reach.WITHIN}
    held = [g for g in unit.actor.grants if g.role in far and unit.directory.within(request.organisation_id, g.organisation_id)]
    if {g.grant_id for g in held} - unit.directory.not_in_force([g.grant_id for g in held]):
        return pledges.c.organisation_id.in_(select(organisations.c.id).where(under(organisations.c.path, here["path"])))
    return near
