"""Which version of a document is in force for an organisation on a day: asked of this service's own copy.

Rule kept here: the nearest organisation upward with an adoption whose day has come decides, and there the latest one; of
two from the same day the later decision.  An adoption never changes, so repeats and reordering are harmless.
"""
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Boolean, Column, Connection, Date, Index, Integer, MetaData, RowMapping, Table, Text, select

from wire.bus.tables import INSERTS, Instant, upsert
from wire.contracts.calls import Refusal
from wire.contracts.envelope import News, parse
from wire.contracts.policies import version_of
from wire.contracts.ports import Directory
from wire.contracts.roster import PolicyAdopted
from wire.contracts.shape import Malformed
from wire.directory import organisations
from wire.policy.documents import body_of, digest, name_of, read, registry

P = TypeVar("P")
EVENTS = (PolicyAdopted,)

metadata = MetaData()

#: every version of this service's own documents that was ever proposed
held = Table(
    "policy_document", metadata,
    Column("document", Text, primary_key=True), Column("hash", Text, primary_key=True), Column("version", Text, nullable=False),
    Column("body", Text, nullable=False), Column("proposed_by", Text, nullable=False),
    Column("proposed_by_name", Text, nullable=False), Column("proposed_at", Instant, nullable=False))
#: every adoption of the county; roster writes its own
adoptions = Table(
    "policy_adoption", metadata,
    Column("id", Text, primary_key=True), Column("document", Text, nullable=False), Column("policy_version", Text, nullable=False),
    Column("hash", Text, nullable=False), Column("organisation_id", Text, nullable=False), Column("starts_on", Date, nullable=False),
    Column("number", Integer, nullable=False), Column("basis", Text, nullable=False), Column("preset", Text, nullable=False),
    Column("adopted_by_name", Text, nullable=False), Column("adopted_at", Instant, nullable=False),
    Column("epoch", BigInteger, nullable=False), Column("version", Integer, nullable=False),
    Column("lost", Boolean, nullable=False, default=False))
Index("policy_adoption_place", adoptions.c.document, adoptions.c.organisation_id)

STREAMS = {PolicyAdopted.stream: adoptions}


class NotHeld(Exception):
    """A version of one of this service's documents is in force that nobody ever gave it.  Parked, it waits until the same
    content is proposed again."""


class Unusable(Refusal):
    """What was adopted no longer passes the check of the document: the program was changed since."""

    code = "policy_unusable"

    def __init__(self, name: str, version: str):
        super().__init__(f"执行中的政策（{name}，版本 {version}）与现在的程序不相符，请县级管理员在“政策”页核对后重新采用。")


def keep(unit: Any, news: Iterable[News]) -> None:
    """Take what was adopted into this service's copy.  Again, or in any other order: the same rows.

    A default adopted without a proposal is kept as it is now: the next release may have another.

    Raises NotHeld for a document of this service whose content it was never given.
    """
    write(unit.sql, unit.room.service, ((said.epoch, said.event) for said in news))
    unit.policies.forget()


def write(sql: Connection, service: str, facts: Iterable[tuple[int, Any]]) -> None:
    """The same for facts with their epoch, within a transaction under way."""
    rows = []
    for epoch, fact in facts:
        if fact.document.startswith(f"{service}.") and content(sql, fact.document, fact.hash) is None:
            if not holds(sql, fact.document, fact.hash):
                raise NotHeld(f"{fact.document} {fact.policy_version} ({fact.hash[:12]}) was adopted, and was never proposed here")
            hold(sql, {"document": fact.document, "hash": fact.hash, "version": version_of(fact.hash),
                       "body": body_of(registry[fact.document]()), "proposed_by": fact.acted_by, "proposed_by_name": fact.acted_by_name,
                       "proposed_at": fact.acted_at})
        rows.append({
            "id": fact.adoption_id, "document": fact.document, "policy_version": fact.policy_version, "hash": fact.hash,
            "organisation_id": fact.organisation_id, "starts_on": fact.starts_on, "number": fact.number, "basis": fact.basis,
            "preset": fact.preset, "adopted_by_name": fact.acted_by_name, "adopted_at": fact.acted_at, "epoch": epoch,
            "version": fact.version, "lost": False})
    upsert(sql, adoptions, ("id",), rows, guard=("epoch", "version"))


def holds(sql: Connection, name: str, hash_: str) -> bool:
    """Whether this service has the content: proposed once, or its own default."""
    known = registry.get(name)
    return bool(known and digest(known()) == hash_) or content(sql, name, hash_) is not None


def content(sql: Connection, name: str, hash_: str) -> RowMapping | None:
    """The proposed version with this hash."""
    return sql.execute(select(held).where(held.c.document == name, held.c.hash == hash_)).mappings().first()


def hold(sql: Connection, row: dict[str, Any]) -> bool:
    """Keep a proposed version; False when it was there."""
    added: Any = INSERTS[sql.dialect.name](held).values(row).on_conflict_do_nothing()
    return sql.execute(added).rowcount == 1


def latest(found: Iterable[Any], on: date) -> Any | None:
    """Of the adoptions for one organisation the one that holds on that day."""
    come = [row for row in found if row["starts_on"] <= on]
    return max(come, key=lambda row: (row["starts_on"], row["number"])) if come else None


class Policies:
    """What is in force, within one transaction."""

    def __init__(self, sql: Connection, directory: Directory):
        self._sql, self._directory = sql, directory
        # a bulk use case asks for the same document in the same few organisations hundreds of times
        self._known: dict[tuple[str, str], Sequence[RowMapping]] = {}
        self._versions: dict[tuple[str, str], Any] = {}

    def forget(self) -> None:
        """The tables were written in this transaction: read them again."""
        self._known.clear()

    def in_force(self, document: type[P], organisation_id: str, on: date) -> P:
        """The document in force for this organisation on that day, its ``version`` with it; until one is adopted, the default.

        ``organisation_id`` empty, or not heard of yet: as for the whole county.  Raises NoPolicy for a document no service
        registered, Unusable for content that does not pass the document's check any more.
        """
        name = name_of(document)
        standing = self.standing(name, organisation_id, on)
        return document() if standing is None else self.version(document, name, standing["hash"])

    def standing(self, name: str, organisation_id: str, on: date) -> RowMapping | None:
        """The adoption that decides for this organisation on that day; None while the default is in force."""
        path = self._path(organisation_id)
        found = self._adopted(name, path)
        for above in reversed(path):
            decides = latest((row for row in found if row["organisation_id"] == above), on)
            if decides is not None:
                return decides
        return None

    def version(self, document: Any, name: str, hash_: str) -> Any:
        """The version with this hash.  Raises NotHeld, Unusable."""
        if (name, hash_) not in self._versions:
            self._versions[name, hash_] = self._version(document, name, hash_)
        return self._versions[name, hash_]

    def _version(self, document: Any, name: str, hash_: str) -> Any:
        found = content(self._sql, name, hash_)
        if found is not None:
            return _made(document, name, found["version"], found["body"])
        default = document()
        if digest(default) != hash_:
            raise NotHeld(f"{name} {hash_[:12]}")
        # adopted, it is a version like any other; its own name is for where nothing is
        return replace(default, version=version_of(hash_))

    def county(self) -> str:
        """The root of the tree; empty before it is founded."""
        return self._sql.scalar(select(organisations.c.id).where(organisations.c.parent_id.is_(None), organisations.c.lost.is_(False))) or ""

    def _path(self, organisation_id: str) -> list[str]:
        """The organisations from the root down to this one."""
        here = self._directory.organisation(organisation_id) if organisation_id else None
        if here is not None:
            return here["path"].strip("/").split("/")
        root = self.county()
        return [root] if root else []

    def _adopted(self, name: str, path: Sequence[str]) -> Sequence[RowMapping]:
        key = name, "/".join(path)
        if key not in self._known:
            self._known[key] = self._sql.execute(select(adoptions).where(
                adoptions.c.document == name, adoptions.c.organisation_id.in_(path), adoptions.c.lost.is_(False))).mappings().all()
        return self._known[key]


@lru_cache(maxsize=512)
def _made(document: Any, name: str, version: str, body: str) -> Any:
    try:
        return read(document, parse(body), version=version, lenient=True)
    except Malformed:
        raise Unusable(name, version) from None
