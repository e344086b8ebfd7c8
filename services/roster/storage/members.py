"""Members and whoever else takes part."""
from collections.abc import Iterable, Mapping

from sqlalchemy import Column, Connection, Date, Index, Integer, Table, Text, select

from services.roster.domain.member import Member
from services.roster.storage.book import Book, metadata
from wire import directory

members = Table(
    "member", metadata,
    Column("id", Text, primary_key=True), Column("code", Text, nullable=False, unique=True), Column("name", Text, nullable=False),
    Column("sort_key", Text, nullable=False), Column("initials", Text, nullable=False), Column("kind", Text, nullable=False),
    Column("organisation_id", Text, nullable=False), Column("post", Text, nullable=False), Column("post_kind", Text, nullable=False),
    Column("joined_on", Date), Column("state", Text, nullable=False), Column("version", Integer, nullable=False))
Index("member_place", members.c.organisation_id, members.c.sort_key)
Index("member_order", members.c.sort_key, members.c.id)


class MemberBook(Book):
    """Members and whoever else takes part."""

    def __init__(self, sql: Connection):
        super().__init__(sql, Member, members, directory.members)

    def by_codes(self, codes: Iterable[str]) -> Mapping[str, Member]:
        """Those with these codes, by code."""
        return {member.code: member for member in self._in(members.c.code, codes)}

    def active_in(self, organisation_id: str) -> list[Member]:
        """Who is in this very organisation now, by surname."""
        return self._all(select(members).where(members.c.organisation_id == organisation_id, members.c.state == "active")
                         .order_by(members.c.sort_key, members.c.id))
