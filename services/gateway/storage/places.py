"""The gateway's copy of the roster asked what the shared directory is not: where the tree begins, where somebody stands."""
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from services.gateway.storage.tables import account, invitation
from wire.bus.sets import among
from wire.contracts.actor import DECIDING, Role
from wire.directory import grants, members, organisations, under
from wire.policy import adoptions

#: how many values one statement takes on SQLite
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Begun:
    """How far a new county is: how many organisations below the committee and members, whether somebody is to decide there, whether any
    of them was confirmed, how many wait for it, whether anybody below has an account, whether a policy was adopted, how many links
    to open an account are out.
    """

    organisations: int
    members: int
    deciders: int
    confirmed: int
    waiting: int
    accounts: int
    policies: int
    invited: int


class PlaceBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def root(self) -> Mapping[str, Any] | None:
        """The county committee; None before the county is founded."""
        row = self._sql.execute(
            select(organisations).where(organisations.c.parent_id.is_(None), organisations.c.lost.is_(False))
            .order_by(organisations.c.path).limit(1)).first()
        return dict(row._mapping) if row else None

    def called(self, name: str, most: int) -> list[str]:
        """The ids of up to so many organisations, as many members, and as many people who are none, whose name holds these words or
        whose code this is."""
        found: list[str] = []
        for table in (organisations, members):
            found += self._sql.scalars(select(table.c.id).where(or_(
                table.c.name.contains(name, autoescape=True), func.upper(table.c.code) == name.upper())).order_by(table.c.id).limit(most))
        found += self._sql.scalars(select(grants.c.person_id).where(
            grants.c.member_id == "", grants.c.person_name.contains(name, autoescape=True)).distinct().order_by(grants.c.person_id).limit(most))
        return found

    def coded(self, code: str) -> str:
        """The id of the member with this code; empty for none."""
        return self._sql.scalar(select(members.c.id).where(func.upper(members.c.code) == code.upper()).order_by(
            members.c.merged_into, members.c.id).limit(1)) or ""

    def person_name(self, person_id: str) -> str:
        """What a person is called who is no member, ended grants too; empty where nobody told."""
        return self._sql.scalar(select(grants.c.person_name).where(grants.c.person_id == person_id).limit(1)) or self._sql.scalar(
            select(account.c.name).where(account.c.person_id == person_id).limit(1)) or ""

    def adoption(self, version: str, organisation_id: str) -> Mapping[str, Any] | None:
        """The latest adoption of the policy version so called that reaches the organisation, the nearest one upward; of a place that
        is not known, the first there was."""
        called = select(adoptions).where(adoptions.c.hash.startswith(version, autoescape=True), adoptions.c.lost.is_(False))
        if not organisation_id:
            row = self._sql.execute(called.order_by(adoptions.c.starts_on, adoptions.c.adopted_at).limit(1)).mappings().first()
            return dict(row) if row else None
        path = self._sql.scalar(select(organisations.c.path).where(organisations.c.id == organisation_id)) or ""
        above = path.strip("/").split("/")
        found = self._sql.execute(called.where(adoptions.c.organisation_id.in_(above))).mappings()
        return max((dict(row) for row in found), key=lambda row: (above.index(row["organisation_id"]), row["number"]), default=None)

    def begun(self, now: datetime) -> Begun:
        """Counted in one question; of what may be many, only whether there is any."""
        standing = grants.c.state != "ended", grants.c.lost.is_(False)
        deciders = select(grants.c.id).where(grants.c.role.in_(("secretary", "superior")), *standing)
        below = grants.c.role.in_(("clerk", "secretary", "superior", "liaison"))
        theirs = or_(account.c.person_id.in_(select(grants.c.person_id).where(below, *standing)), account.c.person_id.in_(
            select(members.c.id).where(members.c.state == "active", members.c.lost.is_(False))))

        def any_of(query: Select) -> ColumnElement[int]:
            return select(func.count()).select_from(query.limit(1).subquery()).scalar_subquery()

        return Begun(*self._sql.execute(select(
            select(func.count()).where(organisations.c.parent_id.is_not(None), organisations.c.lost.is_(False)).scalar_subquery(),
            select(func.count()).where(members.c.lost.is_(False)).scalar_subquery(),
            any_of(deciders), any_of(deciders.where(grants.c.state == "confirmed")),
            select(func.count()).where(grants.c.role.in_(DECIDING), grants.c.state == "given", grants.c.lost.is_(False)).scalar_subquery(),
            any_of(select(account.c.id).where(theirs)),
            any_of(select(adoptions.c.id).where(adoptions.c.lost.is_(False))),
            select(func.count()).where(invitation.c.kind == "account", invitation.c.spent_at.is_(None), invitation.c.expires_at > now)
            .scalar_subquery())).one())

    def branches(self, search: str, limit: int) -> list[Mapping[str, Any]]:
        """Active branches and party groups whose name or code holds these words, in tree order."""
        wanted = search.strip().lower()
        query = select(organisations).where(
            organisations.c.kind.in_(("branch", "group")), organisations.c.state == "active", organisations.c.lost.is_(False),
            or_(*(func.lower(column).contains(wanted, autoescape=True) for column in (organisations.c.name, organisations.c.code))))
        return [dict(row) for row in self._sql.execute(query.order_by(organisations.c.path).limit(limit)).mappings()]

    def holders(self, organisation_id: str, person_ids: Collection[str]) -> dict[str, tuple[str, str]]:
        """Of these people, who holds a grant of a person at or below the organisation: person -> name and member's id."""
        above = self._sql.scalar(select(organisations.c.path).where(organisations.c.id == organisation_id))
        if above is None:
            return {}
        here = _held().where(under(organisations.c.path, above), grants.c.role != Role.SYSTEM)
        return {one["person_id"]: (one["person_name"], one["member_id"]) for one in self._many(here, grants.c.person_id, person_ids)}

    def members_among(self, ids: Collection[str]) -> set[str]:
        """Which of these are members, whoever left too."""
        return {one["id"] for one in self._many(select(members.c.id), members.c.id, ids)}

    def on_the_roll(self, organisation_id: str, ids: Collection[str]) -> dict[str, str]:
        """Of these members, who belongs to the organisation or to one below it now: id -> name."""
        above = self._sql.scalar(select(organisations.c.path).where(organisations.c.id == organisation_id))
        here = select(members.c.id, members.c.name).join(organisations, organisations.c.id == members.c.organisation_id).where(
            members.c.state == "active", under(organisations.c.path, above or ""))
        return {one["id"]: one["name"] for one in self._many(here, members.c.id, ids)} if above else {}

    def by_codes(self, codes: Collection[str]) -> list[Mapping[str, Any]]:
        """Organisations with these codes, ended ones too."""
        return self._many(select(organisations).where(organisations.c.lost.is_(False)), organisations.c.code, codes)

    def members_by_codes(self, codes: Collection[str]) -> list[Mapping[str, Any]]:
        """Members with these codes, whoever left too; the code of an entry that was merged leads nowhere."""
        return self._many(select(members).where(members.c.lost.is_(False)), members.c.code, codes)

    def held_by(self, person_ids: Collection[str]) -> list[Mapping[str, Any]]:
        """Every grant these people hold, with the path of where it is held."""
        return self._many(_held(), grants.c.person_id, person_ids)

    def strangers(self, names: Collection[str]) -> dict[str, list[Mapping[str, Any]]]:
        """Who is no member, but a person, and holds a grant under one of these names: name -> person and where."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for one in self._many(_held().where(grants.c.member_id == "", grants.c.role != Role.SYSTEM), grants.c.person_name, names):
            found.setdefault(one["person_name"], []).append(one)
        return found

    def _many(self, query: Select, column: ColumnElement, values: Collection[str]) -> list[Mapping[str, Any]]:
        return many(self._sql, query, column, values)

    def highest_of(self, person_id: str, member_id: str = "") -> str:
        """The highest organisation in which the person is a member or holds a grant; the county's when none is known.

        Who manages accounts below it does not reach this one: nobody resets the account of somebody placed above them.
        """
        held = select(grants.c.organisation_id).where(grants.c.person_id == person_id, grants.c.state != "ended", grants.c.lost.is_(False))
        at_home = select(members.c.organisation_id).where(members.c.id == (member_id or person_id), members.c.state == "active")
        found = self._sql.execute(select(organisations.c.id, organisations.c.path).where(
            organisations.c.id.in_(held.union(at_home)))).all()
        if found:
            return min(found, key=lambda row: (row.path.count("/"), row.path)).id
        root = self.root()
        return root["id"] if root else ""


def many(sql: Connection, query: Select, column: ColumnElement, values: Collection[str]) -> list[Mapping[str, Any]]:
    """The rows of the query whose column is one of these, however many they are."""
    wanted = sorted(values)
    found: list[Mapping[str, Any]] = []
    for start in range(0, len(wanted), CHUNK):
        some = sql.execute(query.where(among(sql, column, wanted[start:start + CHUNK])))
        found += [dict(row) for row in some.mappings()]
    return found


def _held() -> Select:
    return select(grants.c.person_id, grants.c.person_name, grants.c.member_id, organisations.c.path).join(
        organisations, organisations.c.id == grants.c.organisation_id).where(grants.c.state != "ended", grants.c.lost.is_(False))
