"""Which policies were adopted where, and whom one adopted now would reach."""
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, and_, func, not_, or_, select

from services.roster.queries.pages import path_of, page_of
from services.roster.storage.adoptions import adoptions, latest
from services.roster.storage.members import members
from services.roster.storage.organisations import organisations
from wire.contracts.roster import AdoptionPage, AdoptionView, ListAdoptions, MeasurePolicy, PolicyReach
from wire.directory import under

_TOLD = ("document", "policy_version", "hash", "organisation_id", "starts_on", "basis", "preset", "adopted_by_name", "adopted_at",
         "number")
#: parts of the tree named on the page, at most
NAMED = 50


def list_adoptions(unit: Any, request: ListAdoptions) -> AdoptionPage:
    """Adoptions for the organisation, for those above it, which reach it, and for those below; the latest decision first."""
    path = path_of(unit, request.organisation_id)
    above = [id_ for id_ in path.strip("/").split("/") if id_]
    reaching = organisations.c.id.in_(above)
    query = _adopted().where(reaching if request.standing else or_(under(organisations.c.path, path), reaching))
    if request.document:
        query = query.where(adoptions.c.document == request.document)
    if request.standing:
        return _standing_page(unit, unit.sql.execute(query.order_by(adoptions.c.id.desc())).mappings().all())
    if request.after:
        query = query.where(adoptions.c.id < request.after)
    rows, more = page_of(unit, query.order_by(adoptions.c.id.desc()), request.limit)
    standing = _standing(unit, {(row["document"], row["organisation_id"]) for row in rows})
    return AdoptionPage(
        adoptions=tuple(_view(row, _state(unit, row, standing)) for row in rows), next=rows[-1]["id"] if more else "")


def _standing_page(unit: Any, rows: Sequence[RowMapping]) -> AdoptionPage:
    by_place = defaultdict(list)
    for row in rows:
        by_place[row["document"], row["organisation_id"]].append(row)
    decide = {found["id"] for at_one in by_place.values() if (found := latest(at_one, unit.today)) is not None}
    return AdoptionPage(adoptions=tuple(_view(row, "in_force") for row in rows if row["id"] in decide), next="")


def _view(row: RowMapping, state: str) -> AdoptionView:
    return AdoptionView(adoption_id=row["id"], organisation_name=row["organisation_name"], state=state, **{name: row[name] for name in _TOLD})


def _state(unit: Any, row: Any, standing: set[str]) -> str:
    return "in_force" if row["id"] in standing else "coming" if row["starts_on"] > unit.today else "past"


def _standing(unit: Any, places: set[tuple[str, str]]) -> set[str]:
    """Which adoptions decide today at their own organisations."""
    found: set[str] = set()
    for document, organisation_id in sorted(places):
        rows = unit.sql.execute(select(adoptions).where(
            adoptions.c.document == document, adoptions.c.organisation_id == organisation_id)).mappings()
        decides = latest(rows, unit.today)
        if decides is not None:
            found.add(decides["id"])
    return found


def measure_policy(unit: Any, request: MeasurePolicy) -> PolicyReach:
    """How many organisations and members a document adopted here would reach: all below, but for the parts that have one
    of their own on that day."""
    path = path_of(unit, request.organisation_id)
    apart = unit.sql.execute(
        select(organisations.c.path, organisations.c.name, organisations.c.id).distinct().select_from(
            adoptions.join(organisations, organisations.c.id == adoptions.c.organisation_id))
        .where(adoptions.c.document == request.document, adoptions.c.starts_on <= request.starts_on, organisations.c.state == "active",
               under(organisations.c.path, path), organisations.c.path != path).order_by(organisations.c.path)).all()
    here = and_(under(organisations.c.path, path), organisations.c.state == "active",
                *(not_(under(organisations.c.path, own.path)) for own in apart))
    within = members.join(organisations, organisations.c.id == members.c.organisation_id)
    return PolicyReach(
        organisations=unit.sql.scalar(select(func.count()).select_from(organisations).where(here)),
        members=unit.sql.scalar(select(func.count()).select_from(within).where(here, members.c.state == "active")),
        apart=tuple(own.name for own in apart[:NAMED]), apart_ids=tuple(own.id for own in apart))


def _adopted() -> Select:
    return select(adoptions, organisations.c.name.label("organisation_name")).select_from(
        adoptions.join(organisations, organisations.c.id == adoptions.c.organisation_id))
