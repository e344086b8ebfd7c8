"""Who looks after which organisation, as it is shown (A15, A16)."""
from typing import Any

from sqlalchemy import func, select

from services.roster.queries.pages import has, page_of, path_of, rest
from services.roster.storage.members import members
from services.roster.storage.organisations import organisations
from services.roster.storage.paging import behind, place_of
from services.roster.storage.places import assignments
from wire.contracts.roster import AssignmentPage, AssignmentView, ListAssignments
from wire.directory import under

_ORDER = (organisations.c.path, assignments.c.id)


def list_assignments(unit: Any, request: ListAssignments) -> AssignmentPage:
    """Who looks after what is at or below an organisation, in tree order; found by the person's or the organisation's name."""
    path = path_of(unit, request.organisation_id)
    wanted = [organisations.c.id == request.organisation_id if request.directly else under(organisations.c.path, path)]
    if not request.past:
        wanted.append(assignments.c.until.is_(None))
    if request.kind:
        wanted.append(assignments.c.kind == request.kind)
    if request.search.strip():
        wanted.append(has(request.search, assignments.c.person_name, organisations.c.name))
    joined = assignments.join(organisations, organisations.c.id == assignments.c.organisation_id)
    query = select(assignments, organisations.c.name.label("organisation_name"), organisations.c.path,
                   func.coalesce(members.c.code, "").label("member_code")).select_from(
        joined.outerjoin(members, members.c.id == assignments.c.member_id)).where(*wanted)
    if request.after:
        query = query.where(behind(request.after, *_ORDER))
    rows, more = page_of(unit, query.order_by(*_ORDER), request.limit)
    return AssignmentPage(
        assignments=tuple(AssignmentView(assignment_id=row["id"], **rest(row, "id", "path")) for row in rows),
        total=unit.sql.scalar(select(func.count()).select_from(joined).where(*wanted)),
        next=place_of(rows[-1], "path", "id") if more else "")
