"""The tree as it is shown, and the systems 条线 beside it."""
from bisect import bisect_left
from collections.abc import Callable
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from services.roster.queries.pages import NO_ORGANISATION, has, page_of, path_of, rest
from services.roster.storage.members import members
from services.roster.storage.organisations import organisations
from services.roster.storage.places import systems
from wire.contracts.calls import NotFound
from wire.contracts.roster import (
    ListOrganisations, ListSystems, OrganisationPage, OrganisationView, ReadOrganisation, ReadSystem, SystemOrganisations, SystemView,
)
from wire.directory import under

NO_SYSTEM = "没有找到这个条线，可能不在您管理的范围内，请返回列表重新选择。"

def list_organisations(unit: Any, request: ListOrganisations) -> OrganisationPage:
    """Organisations at or below one, in tree order; ``members`` counts the people in each and below it."""
    path = path_of(unit, request.organisation_id)
    here = and_(under(organisations.c.path, path), *_wanted(request))
    total = unit.sql.scalar(select(func.count()).select_from(organisations).where(here))
    found, more = _page(unit, here, path, request.after, request.limit)
    return OrganisationPage(organisations=found, next=found[-1].path if more else "", total=total)


def read_organisation(unit: Any, request: ReadOrganisation) -> OrganisationView:
    """One organisation, an ended one too; what nobody may see answers like what is not there."""
    named = organisations.c.id == request.organisation_id if request.organisation_id else organisations.c.code == request.code.strip()
    row = unit.sql.execute(select(organisations).where(named)).mappings().first()
    if row is None or not unit.may(ReadOrganisation, row["id"]):
        raise NotFound(NO_ORGANISATION)
    unit.permit(row["id"])
    return view(dict(row), head_count(unit, row["path"]))


def list_systems(unit: Any, request: ListSystems) -> tuple[SystemView, ...]:
    """Every system in use, with what of it stands at or below an organisation."""
    return _systems(unit, path_of(unit, request.organisation_id), systems.c.state == "active")


def read_system(unit: Any, request: ReadSystem) -> SystemOrganisations:
    """A system's organisations wherever they stand, for whoever may look where it is guided (A20)."""
    guide = unit.sql.scalar(select(systems.c.organisation_id).where(systems.c.id == request.system_id))
    if guide is None or not unit.may(ReadSystem, guide):
        raise NotFound(NO_SYSTEM)
    unit.permit(guide)
    root = unit.sql.scalar(select(organisations.c.path).where(organisations.c.parent_id.is_(None)))
    here = and_(organisations.c.system_id == request.system_id, organisations.c.state == "active")
    found, more = _page(unit, here, root, request.after, request.limit)
    [system] = _systems(unit, root, systems.c.id == request.system_id)
    return SystemOrganisations(system=system, organisations=found, next=found[-1].path if more else "")


def view(row: dict[str, Any], count: Callable[[str], int]) -> OrganisationView:
    """A row of the table as it is shown."""
    return OrganisationView(organisation_id=row["id"], members=count(row["path"]), **rest(row, "id", "initials"))


def _page(unit: Any, here: Any, path: str, after: str, limit: int) -> tuple[tuple[OrganisationView, ...], bool]:
    query = select(organisations).where(here, organisations.c.path > after) if after else select(organisations).where(here)
    rows, more = page_of(unit, query.order_by(organisations.c.path), limit)
    count = head_count(unit, path)
    return tuple(view(row, count) for row in rows), more


def _wanted(request: ListOrganisations) -> list[ColumnElement[bool]]:
    wanted = [organisations.c[name] == said for name in ("kind", "form", "sector", "system_id", "state") if (said := getattr(request, name))]
    if request.directly:
        wanted.append(organisations.c.parent_id == request.organisation_id)
    if search := request.search.strip():
        wanted.append(or_(has(search, organisations.c.name, organisations.c.code),
                          organisations.c.initials.startswith(search.lower(), autoescape=True)))
    return wanted


def _systems(unit: Any, path: str, which: ColumnElement[bool]) -> tuple[SystemView, ...]:
    guide = organisations.alias("guide")
    rows = unit.sql.execute(select(systems, guide.c.name.label("organisation_name")).select_from(
        systems.join(guide, guide.c.id == systems.c.organisation_id)).where(which).order_by(systems.c.name)).mappings().all()
    there = and_(under(organisations.c.path, path), organisations.c.state == "active", organisations.c.system_id != "")
    units = dict(unit.sql.execute(select(organisations.c.system_id, func.count()).where(there).group_by(organisations.c.system_id)).all())
    heads = dict(unit.sql.execute(select(organisations.c.system_id, func.count()).select_from(
        members.join(organisations, organisations.c.id == members.c.organisation_id))
        .where(there, members.c.state == "active").group_by(organisations.c.system_id)).all())
    return tuple(SystemView(system_id=row["id"], organisations=units.get(row["id"], 0), members=heads.get(row["id"], 0),
                            **rest(dict(row), "id")) for row in rows)


def head_count(unit: Any, path: str) -> Callable[[str], int]:
    """A function from a path to how many people are there and below: one query, then sums over the sorted paths."""
    rows = unit.sql.execute(
        select(organisations.c.path, func.count()).select_from(
            members.join(organisations, organisations.c.id == members.c.organisation_id))
        .where(under(organisations.c.path, path), members.c.state == "active")
        .group_by(organisations.c.path).order_by(organisations.c.path)).all()
    paths, sums = [r[0] for r in rows], [0, *accumulate(r[1] for r in rows)]
    # "0" follows "/": everything below a path sorts before the path with its last slash made a "0"
    return lambda here: sums[bisect_left(paths, f"{here[:-1]}0")] - sums[bisect_left(paths, here)]
