"""The tree as it is shown."""
from bisect import bisect_left
from collections.abc import Callable
from itertools import accumulate
from typing import Any

from sqlalchemy import func, select

from services.roster.queries.pages import has, page_of, path_of, rest
from services.roster.storage.members import members
from services.roster.storage.organisations import organisations
from wire.contracts.roster import ListOrganisations, OrganisationPage, OrganisationView
from wire.directory import under


def list_organisations(unit: Any, request: ListOrganisations) -> OrganisationPage:
    """Organisations at or below one, in tree order; ``members`` counts the people in each and below it."""
    path = path_of(unit, request.organisation_id)
    query = select(organisations).where(under(organisations.c.path, path))
    if request.search.strip():
        query = query.where(has(request.search, organisations.c.name, organisations.c.code))
    if request.after:
        query = query.where(organisations.c.path > request.after)
    rows, more = page_of(unit, query.order_by(organisations.c.path), request.limit)
    count = _head_count(unit, path)
    return OrganisationPage(
        organisations=tuple(OrganisationView(organisation_id=r["id"], members=count(r["path"]), **rest(r, "id")) for r in rows),
        next=rows[-1]["path"] if more else "")


def _head_count(unit: Any, path: str) -> Callable[[str], int]:
    """A function from a path to how many people are there and below: one query, then sums over the sorted paths."""
    rows = unit.sql.execute(
        select(organisations.c.path, func.count()).select_from(
            members.join(organisations, organisations.c.id == members.c.organisation_id))
        .where(under(organisations.c.path, path), members.c.state == "active")
        .group_by(organisations.c.path).order_by(organisations.c.path)).all()
    paths, sums = [r[0] for r in rows], [0, *accumulate(r[1] for r in rows)]
    # "0" follows "/": everything below a path sorts before the path with its last slash made a "0"
    return lambda here: sums[bisect_left(paths, f"{here[:-1]}0")] - sums[bisect_left(paths, here)]
