"""四无 and 两头挂空 by name (A21)."""
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from services.roster.queries.pages import page_of, path_of
from services.roster.queries.people import called
from services.roster.storage.members import members
from services.roster.storage.organisations import organisations
from services.roster.storage.paging import behind_one
from services.roster.storage.seeing import sees_persons
from wire.contracts.roster import LACKS, Defect, DefectPage, ListDefects, masked_name
from wire.directory import under

_ORDER = (organisations.c.path, members.c.sort_key, members.c.id)


def list_defects(unit: Any, request: ListDefects) -> DefectPage:
    """Every defect of a page of members at or below an organisation, in tree order and by surname."""
    full = sees_persons(unit, request.organisation_id)
    path, to = path_of(unit, request.organisation_id), organisations.alias("to")
    joined = members.join(organisations, organisations.c.id == members.c.organisation_id)
    wanted = (under(organisations.c.path, path), members.c.state == "active", called(request.search),
              or_(members.c.lacks != (), members.c.whereabouts == "unreachable", members.c.transfer_to_id != ""))
    query = select(members, organisations.c.name.label("organisation_name"), organisations.c.path, to.c.name.label("to_name")).select_from(
        joined.outerjoin(to, to.c.id == members.c.transfer_to_id)).where(*wanted)
    if request.after:
        query = query.where(behind_one(unit.sql, joined, members.c.id == request.after, *_ORDER))
    rows, more = page_of(unit, query.order_by(*_ORDER), request.limit)
    return DefectPage(
        total=unit.sql.scalar(select(func.count()).select_from(joined).where(*wanted)),
        next=rows[-1]["id"] if more else "",
        items=tuple(Defect(member_id=row["id"], name=row["name"] if full else masked_name(row["name"]), organisation_id=row["organisation_id"],
                           organisation_name=row["organisation_name"], kind=kind, sentence=sentence, since_on=since)
                    for row in rows for kind, sentence, since in _of(row)))


def _of(row: Any) -> Iterator[tuple[str, str, date | None]]:
    for lack in row["lacks"]:
        yield "lack", f"流动党员{LACKS[lack]}", row["whereabouts_on"]
    if row["whereabouts"] == "unreachable":
        yield "unreachable", "失联，还没有联系上", row["whereabouts_on"]
    if row["transfer_to_id"]:
        yield "hanging", f"组织关系转往{row['to_name']}，对方还没有接收（两头挂空）", row["transfer_on"]
