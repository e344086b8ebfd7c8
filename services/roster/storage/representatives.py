"""Representatives 评议代表库; the phone only sealed, and a mark that finds the same one."""
from sqlalchemy import Column, Connection, Date, Index, Integer, LargeBinary, Table, Text, and_, func, or_, select

from services.roster.domain.representative import ACTIVE, Representative
from services.roster.storage.book import metadata
from services.roster.storage.kept import KeptBook
from services.roster.storage.organisations import organisations
from services.roster.storage.paging import behind
from wire.directory import under

representatives = Table(
    "representative", metadata, Column("id", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("organisation_id", "stratum", "name", "sort_key", "initials")),
    Column("since", Date, nullable=False), Column("until", Date), Column("state", Text, nullable=False),
    Column("phone_sealed", LargeBinary, nullable=False), Column("phone_mark", Text, nullable=False),
    Column("version", Integer, nullable=False))
Index("representative_place", representatives.c.organisation_id, representatives.c.sort_key)
_phone = representatives.c.phone_mark != ""
Index("representative_phone", representatives.c.phone_mark, postgresql_where=_phone, sqlite_where=_phone)


class RepresentativeBook(KeptBook):
    def __init__(self, sql: Connection):
        super().__init__(sql, Representative, representatives)

    def with_phone(self, mark: str) -> list[Representative]:
        """Who in the county has this phone."""
        return self._all(select(representatives).where(representatives.c.phone_mark == mark, representatives.c.state == ACTIVE)
                         .order_by(representatives.c.id))

    def page(self, path: str, *, stratum: str, state: str, search: str, after: str, limit: int) -> tuple[
            list[Representative], dict[str, int], str]:
        """A page by surname at or below a path; how many of each stratum there are in all; where the next one begins."""
        joined = representatives.join(organisations, organisations.c.id == representatives.c.organisation_id)
        where = and_(under(organisations.c.path, path), representatives.c.state == state, *([] if not search else [or_(
            representatives.c.name.contains(search, autoescape=True),
            representatives.c.initials.startswith(search.lower(), autoescape=True))]))
        counts = dict(self._sql.execute(select(representatives.c.stratum, func.count()).select_from(joined).where(where).group_by(
            representatives.c.stratum)).all())
        query = select(representatives).select_from(joined).where(where)
        if stratum:
            query = query.where(representatives.c.stratum == stratum)
        if after:
            query = query.where(behind(after, representatives.c.sort_key, representatives.c.id))
        found = self._all(query.order_by(representatives.c.sort_key, representatives.c.id).limit(limit + 1))
        shown = found[:limit]
        return shown, counts, f"{shown[-1].sort_key}|{shown[-1].id}" if len(found) > limit else ""
