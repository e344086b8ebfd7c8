"""Who holds which position, with what it gives."""
from collections import defaultdict
from typing import Any

from sqlalchemy import case, func, select

from services.roster.queries.pages import path_of
from services.roster.storage.grants import grants, works
from services.roster.storage.members import members
from services.roster.storage.organisations import organisations
from services.roster.storage.positions import held, positions
from wire.contracts.roster import POSITIONS, ListPositions, PositionGrant, PositionView
from wire.directory import under

_RANK = case({kind: place for place, kind in enumerate(POSITIONS)}, value=positions.c.kind)


def list_positions(unit: Any, request: ListPositions) -> tuple[PositionView, ...]:
    """Of one organisation, its head first; or of one person at or below it.  Ended ones come last, newest first."""
    path = path_of(unit, request.organisation_id)
    where = [under(organisations.c.path, path), positions.c.person_id == request.person_id] if request.person_id else [
        positions.c.organisation_id == request.organisation_id]
    rows = unit.sql.execute(
        select(*(positions.c[n] for n in ("id", "organisation_id", "kind", "person_id", "member_id", "from_on", "until_on", "state")),
               organisations.c.name.label("organisation_name"), func.coalesce(members.c.name, positions.c.person_name).label("person_name"),
               func.coalesce(members.c.code, "").label("member_code"))
        .select_from(positions.join(organisations, organisations.c.id == positions.c.organisation_id)
                     .outerjoin(members, members.c.id == positions.c.member_id))
        .where(*where, *([] if request.ended else [held]))
        .order_by(case((held, 0), else_=1), positions.c.until_on.desc(), _RANK, positions.c.from_on, positions.c.id)).mappings().all()
    given = defaultdict(list)
    for one in unit.sql.execute(select(grants.c.position_id, grants.c.id, grants.c.role, case((works, True), else_=False).label("works")).where(
            grants.c.position_id.in_([row["id"] for row in rows]), grants.c.state != "ended").order_by(grants.c.role, grants.c.id)):
        given[one.position_id].append(PositionGrant(grant_id=one.id, role=one.role, works=bool(one.works)))
    return tuple(PositionView(position_id=row["id"], gives=tuple(given[row["id"]]),
                              **{name: value for name, value in row.items() if name != "id"}) for row in rows)
