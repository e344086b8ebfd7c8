"""Notices (公示) as they were posted: each once, corrected when it has something new to say, withdrawn with its cause.

Rule kept here: an id exists once whatever is repeated, and an older cause never corrects what a newer one said.
"""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.notice.domain.telling import Told
from services.notice.storage import notice
from wire.bus.tables import add_new, among, upsert
from wire.contracts.envelope import News
from wire.contracts.notice import NoticeCorrected, NoticeFacts, NoticePosted


@dataclass(frozen=True, slots=True)
class Cause:
    """A notice as it should stand, and the event that made it so."""

    told: Told
    said: News

    @property
    def organisation_id(self) -> str:
        return self.said.event.organisation_id  # type: ignore[attr-defined]


def post(unit: Any, causes: Iterable[Cause]) -> None:
    """Post what is new and correct what says something else now, and announce each in this unit.

    A few statements for any number; again: nothing.  What is withdrawn before it was ever posted is not posted.
    """
    wanted: dict[str, Cause] = {}
    for cause in causes:
        wanted[cause.told.notice_id] = cause
    if not wanted:
        return
    fresh = {i: _row(c, None) for i, c in wanted.items() if c.told.state == "posted"}
    inserted = add_new(unit.sql, notice, "notice_id", fresh.values())
    for i, cause in wanted.items():
        if i in inserted:
            unit.announce(_fact(NoticePosted, fresh[i], cause))
    known = _held(unit.sql, wanted.keys() - inserted)
    changed = [(_row(cause, known[i]), cause) for i, cause in sorted(wanted.items()) if i in known and _differs(cause, known[i])]
    upsert(unit.sql, notice, ("notice_id",), [row for row, _ in changed])
    for row, cause in changed:
        unit.announce(_fact(NoticeCorrected, row, cause))


def _held(sql: Any, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The notices that are there already, held until the unit ends, in the order of their ids."""
    ids = sorted(ids)
    if not ids:
        return {}
    found = sql.execute(select(notice).where(among(sql, notice.c.notice_id, ids)).order_by(notice.c.notice_id).with_for_update())
    return {row["notice_id"]: row for row in found.mappings()}


def _differs(cause: Cause, known: Mapping[str, Any]) -> bool:
    if cause.said.edition <= (known["from_epoch"], known["from_version"]):
        return False
    told = cause.told
    if told.state == "withdrawn":
        return known["state"] != "withdrawn"
    return (told.title, told.person, told.state, told.detail) != tuple(known[n] for n in ("title", "person", "state", "detail"))


def _row(cause: Cause, known: Mapping[str, Any] | None) -> dict[str, Any]:
    """The columns; what is withdrawn keeps the words it was posted with."""
    told, (epoch, version) = cause.told, cause.said.edition
    said = known if known is not None and told.state == "withdrawn" else {
        "title": told.title, "person": told.person, "detail": told.detail}
    return {"notice_id": told.notice_id, "version": known["version"] + 1 if known is not None else 1,
            "organisation_id": cause.organisation_id, "kind": told.kind, "of": told.of, "title": said["title"][:500],
            "person": said["person"][:100], "posted_at": told.posted_at, "state": told.state, "detail": said["detail"],
            "from_epoch": epoch, "from_version": version}


def _fact(cls: type[NoticeFacts], row: Mapping[str, Any], cause: Cause) -> NoticeFacts:
    event = cause.said.event
    return cls(
        version=row["version"], acted_by=event.acted_by, acted_by_name=event.acted_by_name, acted_at=event.acted_at,
        scope="society", **{n: row[n] for n in (
            "notice_id", "organisation_id", "kind", "of", "title", "person", "posted_at", "state")})
