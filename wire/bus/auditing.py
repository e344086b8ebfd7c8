"""What an auditor asks a service about its operation log 操作日志, answered alike by every one (``wire.contracts.audit``)."""
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from wire.bus import audit
from wire.bus.tables import audit as lines
from wire.contracts.audit import AuditChain, AuditLine, AuditPage
from wire.contracts.calls import NotFound
from wire.directory import organisations, under

COLUMNS = ("seq", "at", "kind", "person_id", "person_name", "on_behalf_of", "address", "operation", "organisation_id", "subject",
           "result", "correlation", "place")


def read_audit(unit: Any, request: Any) -> AuditPage:
    """A page of lines, the newest first."""
    query = select(*(lines.c[name] for name in COLUMNS)).where(*_part_of_the_tree(unit, request.organisation_id))
    query = query.where(*_found(unit, request))
    if request.before:
        query = query.where(lines.c.seq < request.before)
    rows = unit.sql.execute(query.order_by(lines.c.seq.desc()).limit(request.limit + 1)).mappings().all()
    shown = rows[:request.limit]
    return AuditPage(lines=tuple(AuditLine(**{**row, "place": row["place"] or 0}) for row in shown),
                     next=shown[-1]["seq"] if len(rows) > request.limit else 0)


def check_audit(unit: Any, request: Any) -> AuditChain:
    """Whether the chain holds from end to end."""
    _part_of_the_tree(unit, request.organisation_id)
    return AuditChain(chained=audit.chained(unit.sql), unlinked=audit.unlinked(unit.sql), broken=audit.broken(unit.sql) or 0)


def _part_of_the_tree(unit: Any, organisation_id: str) -> list[ColumnElement[bool]]:
    unit.permit(organisation_id)
    here = unit.directory.organisation(organisation_id)
    if here is None:
        raise NotFound("没有找到这个党组织，请从列表重新选择。")
    if here["parent_id"] is None:
        return []
    return [lines.c.organisation_id.in_(select(organisations.c.id).where(under(organisations.c.path, here["path"])))]


def _found(unit: Any, request: Any) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if request.since:
        wanted.append(lines.c.at >= _begins(unit, request.since))
    if request.until:
        wanted.append(lines.c.at < _begins(unit, request.until + timedelta(days=1)))
    if person := request.person.strip():
        wanted.append(or_(lines.c.person_id == person, lines.c.person_name.contains(person, autoescape=True)))
    if words := request.what.split():
        wanted.append(or_(*(lines.c.operation.contains(word, autoescape=True) for word in words)))
    if subject := request.subject.strip():
        wanted.append(or_(lines.c.subject.contains(subject, autoescape=True), lines.c.organisation_id == subject))
    if request.subjects:
        wanted.append(or_(lines.c.subject.in_(request.subjects), lines.c.organisation_id.in_(request.subjects),
                          lines.c.person_id.in_(request.subjects)))
    if request.result == "refused":
        wanted.append(lines.c.result.not_in(("done", "read")))
    elif request.result:
        wanted.append(lines.c.result == request.result)
    return wanted


def _begins(unit: Any, on: date) -> datetime:
    """The instant at which the day begins in the county."""
    return datetime.combine(on, time(), unit.room.clock.zone)
