"""Members and whoever else takes part, and the register behind their entries."""
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Date, Index, Integer, Table, Text, insert, or_, select
from sqlalchemy.types import TypeDecorator

from services.roster.domain.doubles import Namesake
from services.roster.domain.member import Member
from services.roster.domain.register import Act
from services.roster.storage.book import Book, chunks, metadata, row_of, texts
from services.roster.storage.organisations import organisations
from wire import directory
from wire.bus.tables import Instant


class Words(TypeDecorator[tuple[str, ...]]):
    """A few code words as one text, in their order."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else " ".join(value)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else tuple(value.split())


members = Table(
    "member", metadata,
    Column("id", Text, primary_key=True), Column("code", Text, nullable=False, unique=True),
    *texts("name", "sort_key", "initials", "kind", "organisation_id", "post", "post_kind"), Column("joined_on", Date),
    *texts("state", "rank", "duty"), Column("full_on", Date), Column("nameplate_on", Date), *texts("standing"),
    Column("standing_on", Date), *texts("whereabouts"), Column("whereabouts_on", Date), *texts("inflow_id", "outside_place"),
    Column("lacks", Words, nullable=False), *texts("residence_id"), Column("residence_on", Date),
    Column("residence_confirmed_on", Date), *texts("transfer_to_id"), Column("transfer_on", Date), Column("left_on", Date),
    *texts("left_because", "merged_into"), Column("version", Integer, nullable=False))
Index("member_place", members.c.organisation_id, members.c.sort_key)
Index("member_name", members.c.name)
Index("member_order", members.c.sort_key, members.c.id)
#: few have any of these: small indexes that answer "who floats in, reports or is on the way here"
for _name in ("inflow_id", "residence_id", "transfer_to_id", "merged_into"):
    Index(f"member_{_name}", members.c[_name], postgresql_where=members.c[_name] != "", sqlite_where=members.c[_name] != "")

acts = Table(
    "member_act", metadata,
    Column("id", Text, primary_key=True), *texts("member_id", "act"), Column("happened_on", Date, nullable=False),
    *texts("note", "acted_by", "acted_by_name"), Column("acted_at", Instant, nullable=False))
Index("member_act_of", acts.c.member_id, acts.c.id)


class MemberBook(Book):
    """Members and whoever else takes part."""

    def __init__(self, sql: Connection):
        super().__init__(sql, Member, members, directory.members)

    def by_codes(self, codes: Iterable[str]) -> Mapping[str, Member]:
        """Those with these codes, by code; the code of an entry that was merged leads to the kept one."""
        found = {member.code: member for member in self._in(members.c.code, codes)}
        kept = {one.id: one for one in self.get_many({m.merged_into for m in found.values() if m.merged_into})}
        return {code: kept.get(member.merged_into, member) for code, member in found.items()}

    def concerned_by(self, organisation_id: str) -> list[Member]:
        """Who is in this very organisation now, floats into it, reports to it or is being transferred there, by surname."""
        named = (members.c[name] == organisation_id for name in ("organisation_id", "inflow_id", "residence_id", "transfer_to_id"))
        return self._all(select(members).where(or_(*named), members.c.state == "active").order_by(members.c.sort_key, members.c.id))

    def named(self, name: str) -> list[Member]:
        """Who of this name is on the roll, by id."""
        return self._all(select(members).where(members.c.name == name, members.c.state == "active").order_by(members.c.id))

    def codes_by_name(self, names: Iterable[str]) -> dict[str, str]:
        """Of these names, those on the roll, each with a member's code."""
        return {member.name: member.code for member in self._in(members.c.name, names, members.c.state == "active")}

    def namesakes(self, names: Iterable[str]) -> list[Namesake]:
        """Everybody on the roll with one of these names."""
        joined = members.join(organisations, organisations.c.id == members.c.organisation_id)
        wanted = (members.c.code, members.c.name, members.c.organisation_id, organisations.c.name.label("organisation_name"), members.c.joined_on)
        return [Namesake(**row) for some in chunks(sorted(set(names))) for row in self._sql.execute(
            select(*wanted).select_from(joined).where(members.c.name.in_(some), members.c.state == "active")).mappings()]

    def merged_into(self, member_id: str) -> list[Member]:
        """The entries that lead to this one."""
        return self._all(select(members).where(members.c.merged_into == member_id).order_by(members.c.id))


class ActBook:
    """What was done about each member; written once."""

    def __init__(self, sql: Connection):
        self._sql = sql

    def add(self, act: Act) -> None:
        self._sql.execute(insert(acts), [row_of(acts, act)])

    def latest(self, member_id: str, apart_from: Collection[str]) -> Act | None:
        """Of a member's, other than these, the one with the latest day; of two from one day the later one."""
        row = self._sql.execute(select(acts).where(acts.c.member_id == member_id, acts.c.act.not_in(apart_from)).order_by(
            acts.c.happened_on.desc(), acts.c.id.desc()).limit(1)).mappings().first()
        return None if row is None else Act(**row)
