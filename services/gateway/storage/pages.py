"""Prepared public pages: as they were last rendered, compressed, with their ETag; news makes them stale, never absent."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from services.gateway.storage.tables import prepared_page
from wire.bus.tables import upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPage:
    """``about``: the organisation whose news makes it stale; empty for the county's page.  ``asked_at``: last looked at."""

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

    def spoil(self, organisation_ids: Iterable[str]) -> int:
        """Mark the pages about these organisations, and the county's, stale; returns how many."""
        return self._sql.execute(update(prepared_page).where(
            prepared_page.c.about.in_(["", *organisation_ids]), prepared_page.c.stale.is_(False)).values(stale=True)).rowcount

    def stale(self, limit: int = 50) -> list[PreparedPage]:
        """Pages to render anew, those asked for last first."""
        found = self._sql.execute(
            select(prepared_page).where(prepared_page.c.stale.is_(True)).order_by(prepared_page.c.asked_at.desc()).limit(limit))
        return [PreparedPage(**row._mapping) for row in found]
