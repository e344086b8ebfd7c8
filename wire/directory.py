"""The copy of the roster every service keeps in its own database: organisations, members, grants.

Rule kept here: a row is replaced only by a newer edition, (epoch, version), so repeats and reordering are harmless.
"At or below" is one indexed range over ``path``, the ids from the root down, ``/org_a/org_b/``.  The migration gives
``path`` and ``sort_key`` the collation C on PostgreSQL: under a language's collation a prefix is no range.
"""
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger, Boolean, Column, ColumnElement, Connection, Date, Index, Integer, MetaData, Table, Text, and_, case, false,
    func, or_, select,
)

from wire.bus.sets import among
from wire.bus.tables import upsert
from wire.contracts.actor import DECIDING, HeldGrant, Role
from wire.contracts.envelope import News
from wire.contracts.event import Facts
from wire.contracts.roster import (
    GrantConfirmed, GrantEnded, GrantFacts, GrantGiven, MemberChanged, MemberFacts, MemberLeft, MemberMerged, MemberMoved, MemberRegistered,
    OrganisationChanged, OrganisationDissolved, OrganisationFacts, OrganisationMerged, OrganisationRegistered,
)

EVENTS = (OrganisationRegistered, OrganisationChanged, OrganisationMerged, OrganisationDissolved, MemberRegistered, MemberChanged,
          MemberMoved, MemberMerged, MemberLeft,
          GrantGiven, GrantConfirmed, GrantEnded)

metadata = MetaData()


def _edition() -> tuple[Column, ...]:
    """``lost``: a newer epoch of the roster does not know this row any more; healing marks it."""
    return (Column("epoch", BigInteger, nullable=False), Column("version", Integer, nullable=False),
            Column("lost", Boolean, nullable=False, default=False))


organisations = Table(
    "directory_organisation", metadata,
    Column("id", Text, primary_key=True), Column("code", Text, nullable=False), Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False), Column("sector", Text, nullable=False), Column("parent_id", Text),
    Column("path", Text, nullable=False), Column("state", Text, nullable=False),
    Column("form", Text, nullable=False, default="ordinary"), Column("system_id", Text, nullable=False, default=""),
    Column("merged_into", Text, nullable=False, default=""), *_edition(),
    Index("directory_organisation_path", "path"), Index("directory_organisation_system", "system_id"))
members = Table(
    "directory_member", metadata,
    Column("id", Text, primary_key=True), Column("code", Text, nullable=False), Column("name", Text, nullable=False),
    Column("sort_key", Text, nullable=False), Column("kind", Text, nullable=False),
    Column("organisation_id", Text, nullable=False), Column("post", Text, nullable=False),
    Column("post_kind", Text, nullable=False), Column("state", Text, nullable=False),
    Column("rank", Text, nullable=False), Column("duty", Text, nullable=False), Column("joined_on", Date),
    Column("nameplate_on", Date), Column("standing", Text, nullable=False), Column("whereabouts", Text, nullable=False),
    Column("inflow_id", Text, nullable=False), Column("transfer_to_id", Text, nullable=False),
    Column("residence_id", Text, nullable=False), Column("residence_confirmed_on", Date),
    Column("merged_into", Text, nullable=False), *_edition(),
    Index("directory_member_place", "organisation_id", "sort_key"))
#: few float or report to a community: small indexes find who does
for _name in ("inflow_id", "residence_id"):
    Index(f"directory_member_{_name}", members.c[_name], postgresql_where=members.c[_name] != "", sqlite_where=members.c[_name] != "")
#: where a member pledges: a floating one in the inflow organisation of the county (A7)
pledges_at = case((members.c.inflow_id != "", members.c.inflow_id), else_=members.c.organisation_id)
grants = Table(
    "directory_grant", metadata,
    Column("id", Text, primary_key=True), Column("person_id", Text, nullable=False),
    Column("person_name", Text, nullable=False), Column("member_id", Text, nullable=False),
    Column("role", Text, nullable=False), Column("organisation_id", Text, nullable=False),
    Column("state", Text, nullable=False), Column("position_id", Text, nullable=False), *_edition(),
    Index("directory_grant_person", "person_id"), Index("directory_grant_place", "organisation_id"))

MEMBER = ("code", "name", "sort_key", "kind", "organisation_id", "post", "post_kind", "state", "rank", "duty", "joined_on",
          "nameplate_on", "standing", "whereabouts", "inflow_id", "transfer_to_id", "residence_id", "residence_confirmed_on",
          "merged_into")

#: how many ids one question takes; SQLite allows 32,766
AT_ONCE = 5000
#: which stream fills which table
STREAMS = {OrganisationRegistered.stream: organisations, MemberRegistered.stream: members, GrantGiven.stream: grants}


def under(column: ColumnElement, path: str) -> ColumnElement[bool]:
    """SQL: ``column`` holds ``path`` itself or something below it; a range an index can serve."""
    return and_(column >= path, column < path[:-1] + chr(ord(path[-1]) + 1))


def row_of(facts: Facts) -> dict[str, Any]:
    """The columns of a fact of the roster, without its edition."""
    if isinstance(facts, OrganisationFacts):
        return {"id": facts.organisation_id} | _taken(
            facts, ("code", "name", "kind", "sector", "parent_id", "path", "state", "form", "system_id", "merged_into"))
    if isinstance(facts, MemberFacts):
        return {"id": facts.member_id} | _taken(facts, MEMBER)
    if isinstance(facts, GrantFacts):
        return {"id": facts.grant_id} | _taken(
            facts, ("person_id", "person_name", "member_id", "role", "organisation_id", "state", "position_id"))
    raise TypeError(f"{type(facts).__name__} is no fact of the roster")


def _taken(facts: Facts, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in names}


def keep(unit: Any, news: Iterable[News]) -> None:
    """Take what the roster said into this service's copy: newest edition per row, in the order of keys, set by set.

    Again, or in any other order: the same rows.
    """
    write(unit.sql, ((said.epoch, said.event) for said in news))
    unit.directory.forget()


def write(sql: Connection, facts: Iterable[tuple[int, Facts]]) -> None:
    """The same for facts with their epoch, within a transaction under way; the caller asks a directory made afterwards."""
    rows: dict[str, list[dict[str, Any]]] = {stream: [] for stream in STREAMS}
    for epoch, fact in facts:
        if isinstance(fact, GrantFacts) and fact.role == Role.MEMBER.value:
            continue  # told in the past; read off the roll now
        rows[fact.stream].append(row_of(fact) | {"epoch": epoch, "version": fact.version, "lost": False})
    for stream, table in STREAMS.items():
        upsert(sql, table, ("id",), rows[stream], guard=("epoch", "version"))


class Directory:
    """Questions to this service's copy, within one transaction.  Answers are the columns of the tables above."""

    def __init__(self, sql: Connection):
        self._sql = sql
        # a bulk use case asks for the same few organisations hundreds of times
        self._known: dict[str, Mapping[str, Any]] = {}

    def forget(self) -> None:
        """The tables were written in this transaction: read them again."""
        self._known.clear()

    def organisation(self, organisation_id: str) -> Mapping[str, Any] | None:
        """The organisation, dissolved or lost ones too; None when unknown."""
        if organisation_id not in self._known:
            found = self._one(select(organisations).where(organisations.c.id == organisation_id))
            if found is None:
                return None
            self._known[organisation_id] = found
        return self._known[organisation_id]

    def look_up(self, organisation_ids: Collection[str]) -> None:
        """These are about to be asked for: read them at once instead of one by one."""
        wanted = sorted(set(organisation_ids) - self._known.keys())
        for start in range(0, len(wanted), AT_ONCE):
            query = select(organisations).where(among(self._sql, organisations.c.id, wanted[start:start + AT_ONCE]))
            self._known |= {found["id"]: found for found in self._all(query)}

    def member(self, member_id: str) -> Mapping[str, Any] | None:
        """The member, whoever left too; None when unknown."""
        return self._one(select(members).where(members.c.id == member_id))

    def members_of(self, organisation_id: str) -> list[Mapping[str, Any]]:
        """Who is in this organisation now (not below it), by surname."""
        return self._all(
            select(members).where(members.c.organisation_id == organisation_id, members.c.state == "active",
                                  members.c.lost.is_(False)).order_by(members.c.sort_key, members.c.id))

    def pledging_in(self, organisation_id: str) -> list[Mapping[str, Any]]:
        """Who makes their pledge in this organisation (not below it), by surname: those who belong here and float to no other
        organisation of the county, and those who float in (A7)."""
        return self._all(
            select(members).where(or_(members.c.inflow_id == organisation_id, and_(
                members.c.organisation_id == organisation_id, members.c.inflow_id == "")), members.c.state == "active",
                                  members.c.lost.is_(False)).order_by(members.c.sort_key, members.c.id))

    def residents_of(self, organisation_id: str) -> list[Mapping[str, Any]]:
        """Who reported to this community 双报到 and was confirmed by it, by surname: their second pledge is made here (A9)."""
        return self._all(
            select(members).where(members.c.residence_id == organisation_id, members.c.residence_confirmed_on.is_not(None),
                                  members.c.state == "active", members.c.lost.is_(False))
            .order_by(members.c.sort_key, members.c.id))

    def at_or_below(self, organisation_id: str) -> list[Mapping[str, Any]]:
        """The organisation and all below it, ended ones too, since what was pledged and judged under them stays theirs; in tree
        order; nothing when it is unknown."""
        above = self.organisation(organisation_id)
        if above is None:
            return []
        return self._all(
            select(organisations).where(under(organisations.c.path, above["path"])).order_by(organisations.c.path))

    def with_groups(self, organisation_id: str) -> tuple[str, ...]:
        """The organisation and the party groups 党小组 directly under it, ended ones too, which are one with it in every
        figure; an unknown one stands alone."""
        here = self.organisation(organisation_id)
        if here is None:
            return (organisation_id,)
        groups = select(organisations.c.id).where(
            under(organisations.c.path, here["path"]), organisations.c.parent_id == organisation_id,
            organisations.c.kind == "group").order_by(organisations.c.path)
        return (organisation_id, *self._sql.scalars(groups))

    def branch_of(self, organisation_id: str) -> str:
        """The branch a party group belongs to, dissolved ones too; of any other organisation, itself."""
        here = self.organisation(organisation_id)
        return here["parent_id"] if here is not None and here["kind"] == "group" else organisation_id

    def within(self, organisation_id: str, above_id: str) -> bool:
        """Whether the organisation is ``above_id`` or below it; never when either is unknown."""
        here, above = self.organisation(organisation_id), self.organisation(above_id)
        return bool(here and above and here["path"].startswith(above["path"]))

    def all_within(self, organisation_ids: Collection[str], above_ids: Collection[str]) -> bool:
        """Whether every one of these is one of ``above_ids`` or below it: as ``within`` for each, counted by the database."""
        self.look_up(above_ids)
        paths = [self._known[one]["path"] for one in above_ids if one in self._known]
        wanted = sorted(set(organisation_ids))
        here = or_(false(), *(under(organisations.c.path, path) for path in paths))
        return len(wanted) == sum(
            self._sql.scalar(select(func.count()).where(among(self._sql, organisations.c.id, wanted[start:start + AT_ONCE]), here)) or 0
            for start in range(0, len(wanted), AT_ONCE))

    def in_force(self, held: Iterable[HeldGrant]) -> list[HeldGrant]:
        """Those of these grants that are not known to have ended, to be lost, or to wait for confirmation (X45).  One this copy has
        not heard of yet counts: it was signed by the gateway a moment ago, on the roster's own word (X49).

        A member's own grant has the member's id and is read off the roll: it holds where they belong, as long as they do.
        """
        held = list(held)
        own = {one.grant_id: one for one in held if one.role == Role.MEMBER.value}
        given = [one.grant_id for one in held if one.role != Role.MEMBER.value]
        over: set[str] = set()
        if given:
            waits = and_(grants.c.state == "given", grants.c.role.in_([role.value for role in DECIDING]))
            over |= set(self._sql.scalars(select(grants.c.id).where(
                grants.c.id.in_(given), or_(grants.c.state == "ended", grants.c.lost.is_(True), waits))))
        if own:
            over |= {one.id for one in self._sql.execute(select(members).where(members.c.id.in_(own)))
                     if one.lost or one.state != "active" or one.organisation_id != own[one.id].organisation_id}
        return [one for one in held if one.grant_id not in over]

    def _one(self, query: Any) -> Mapping[str, Any] | None:
        found = self._sql.execute(query).mappings().first()
        return None if found is None else dict(found)

    def _all(self, query: Any) -> list[Mapping[str, Any]]:
        found = self._sql.execute(query)
        names = tuple(found.keys())
        return [dict(zip(names, row, strict=True)) for row in found]
