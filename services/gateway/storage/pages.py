"""Prepared public pages: as they were last rendered, compressed, with their ETag; news makes them stale, never absent."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, or_, select, update

from services.gateway.storage.tables import prepared_page
from wire.bus.tables import upsert

#: organisations named in one statement
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPage:
    """``about``: the organisation whose news makes it stale; empty for the county's page.  ``asked_at``: when news last
    asked for it to be rendered anew."""

    path: str
    about: str
    etag: str
    body_gz: bytes
    content_type: str
    stale: bool
    rendered_at: datetime
    asked_at: datetime


class PageBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def get(self, path: str) -> PreparedPage | None:
        row = self._sql.execute(select(prepared_page).where(prepared_page.c.path == path)).first()
        return PreparedPage(**row._mapping) if row else None

    def keep(self, page: PreparedPage) -> None:
        """Put the page in place of the one before."""
        upsert(self._sql, prepared_page, ("path",), [{name: getattr(page, name) for name in PreparedPage.__slots__}])

    def refresh(self, page: PreparedPage) -> None:
        """Keep what was rendered; it stays stale when news asked for it after ``page.asked_at``, while it was rendered."""
        self._sql.execute(update(prepared_page).where(prepared_page.c.path == page.path).values(
            about=page.about, etag=page.etag, body_gz=page.body_gz, content_type=page.content_type,
            rendered_at=page.rendered_at, stale=prepared_page.c.asked_at != page.asked_at))

    def spoil(self, organisation_ids: Iterable[str], now: datetime) -> int:
        """Mark the pages about these organisations, and the county's, stale; returns how many.  Again: the same."""
        about, spoiled = sorted({"", *organisation_ids}), 0
        for start in range(0, len(about), AT_ONCE):
            spoiled += self._sql.execute(update(prepared_page).where(prepared_page.c.about.in_(about[start:start + AT_ONCE]))
                                         .values(stale=True, asked_at=now)).rowcount
        return spoiled

    def due(self, before: datetime, limit: int = 50) -> list[PreparedPage]:
        """Pages to render anew: stale ones and those rendered before the county's midnight, longest asked for first."""
        found = self._sql.execute(
            select(prepared_page).where(or_(prepared_page.c.stale.is_(True), prepared_page.c.rendered_at < before))
            .order_by(prepared_page.c.asked_at, prepared_page.c.path).limit(limit))
        return [PreparedPage(**row._mapping) for row in found]

    def stale_count(self) -> int:
        """How many wait to be rendered anew."""
        return self._sql.scalar(select(func.count()).select_from(prepared_page).where(prepared_page.c.stale.is_(True))) or 0

    def drop(self, path: str) -> None:
        """What it was about is gone."""
        self._sql.execute(delete(prepared_page).where(prepared_page.c.path == path))
