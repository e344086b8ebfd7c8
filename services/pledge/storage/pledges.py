"""The book of pledges: read whole, saved by what changed.

Saving is optimistic: the row must still have the version that was read.  Pledges that changed alike (two hundred that
are published together) are written by one statement, so a bulk use case costs a few statements, not one per row.
"""
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from services.pledge.domain.item import Item
from services.pledge.domain.pledge import Pledge
from services.pledge.storage.tables import items, pledges
from wire.bus.tables import among
from wire.contracts.calls import Stale

CHANGED_MEANWHILE = "这份承诺刚刚被别人改动过，请刷新页面，核对后再办理。"
#: in the order of the domain's own fields, so that a row is its arguments; the items come last
_OWN = tuple(f.name for f in fields(Pledge) if f.name != "items")
_SAVED = tuple(name for name in _OWN if name not in ("id", "version"))
_ITEM = tuple(f.name for f in fields(Item))
_ITEM_COLUMNS = [items.c.pledge_id, *(items.c[name] for name in _ITEM)]
_PLEDGE_COLUMNS = [pledges.c[name] for name in _OWN]

Changes = tuple[tuple[str, Hashable], ...]


class PledgeBook:
    def __init__(self, sql: Connection):
        self._sql = sql
        #: as they are in the database now, so far as this unit knows
        self._read: dict[str, Pledge] = {}

    def get(self, pledge_id: str) -> Pledge | None:
        """The pledge with its items, to be changed: held as by ``get_many``; None when unknown."""
        return next(iter(self.get_many([pledge_id])), None)

    def peek(self, pledge_id: str) -> Pledge | None:
        """The same for reading: who only looks neither waits for a writer nor makes one wait."""
        return next(iter(self._load(pledges.c.id == pledge_id)), None)

    def get_many(self, pledge_ids: Collection[str]) -> list[Pledge]:
        """Those of the pledges that are known, in the order of ids; two statements.

        On PostgreSQL the rows stay locked until the unit ends, in that order, so that two bulk acts on the same pledges
        wait for each other instead of deadlocking.
        """
        if not pledge_ids:
            return []
        return self._load(among(self._sql, pledges.c.id, sorted(pledge_ids)), lock=True)

    def of(self, organisation_ids: Collection[str], year: int, states: Sequence[str]) -> list[Pledge]:
        """The pledges of these organisations and the year in one of these states, in the order of ids."""
        return self._load(pledges.c.organisation_id.in_(organisation_ids), pledges.c.year == year, pledges.c.state.in_(states))

    def own(self, organisation_ids: Collection[str], year: int, states: Sequence[str]) -> list[Pledge]:
        """The organisations' own pledges of the year in one of these states, in the order of ids."""
        return self._load(pledges.c.organisation_id.in_(organisation_ids), pledges.c.member_id == "", pledges.c.year == year,
                          pledges.c.state.in_(states))

    def holding(self, item_ids: Collection[str]) -> dict[str, Pledge]:
        """The pledge of each of these items, for reading; an unknown item is left out."""
        if not item_ids:
            return {}
        found = self._load(pledges.c.id.in_(select(items.c.pledge_id).where(items.c.id.in_(sorted(item_ids)))))
        return {item.id: pledge for pledge in found for item in pledge.items if item.id in item_ids}

    def signed_at(self, member_ids: Collection[str], year: int, states: Sequence[str]) -> dict[str, set[str]]:
        """Where these members have a pledge of the year in one of the states; whoever has none is not among them."""
        found: dict[str, set[str]] = defaultdict(set)
        if member_ids:
            for member_id, organisation_id in self._sql.execute(select(pledges.c.member_id, pledges.c.organisation_id).distinct().where(
                    pledges.c.member_id.in_(member_ids), pledges.c.year == year, pledges.c.state.in_(states))):
                found[member_id].add(organisation_id)
        return found

    def annual(self, organisation_id: str, member_id: str, year: int) -> list[tuple[str, str, str]]:
        """Id, state and organisation of the pledgor's annual pledges of the year, terminated ones left out: a member's wherever
        they were made, else the organisation's own."""
        own = () if member_id else (pledges.c.organisation_id == organisation_id,)
        found = self._sql.execute(select(pledges.c.id, pledges.c.state, pledges.c.organisation_id).where(
            *own, pledges.c.member_id == member_id, pledges.c.year == year,
            pledges.c.kind == "annual", pledges.c.state != "terminated").order_by(pledges.c.id))
        return [(row.id, row.state, row.organisation_id) for row in found]

    def add(self, pledge: Pledge) -> None:
        self._sql.execute(insert(pledges), {name: getattr(pledge, name) for name in _OWN})
        self._add_items(pledge.id, pledge.items)
        self._read[pledge.id] = pledge

    def save(self, pledge: Pledge) -> None:
        """Write what changed since it was read in this unit.  Raises Stale when somebody else saved it in between."""
        self.save_many([pledge])

    def save_many(self, changed: Iterable[Pledge]) -> None:
        """The same for many: one statement for those of one version that change alike, all of them or Stale."""
        # by version: PostgreSQL reads a list of ids in half the time it takes for a list of pairs
        rows: dict[tuple[int, int, Changes], list[str]] = defaultdict(list)
        for pledge in changed:
            before = self._read[pledge.id]
            rows[before.version, pledge.version, _changes(before, pledge, _SAVED)].append(pledge.id)
            if pledge.items is not before.items:
                self._save_items(before, pledge)
            self._read[pledge.id] = pledge
        for (before_version, version, changes), ids in rows.items():
            done = self._sql.execute(
                update(pledges).where(pledges.c.version == before_version, among(self._sql, pledges.c.id, ids)).values(
                    version=version, **dict(changes)))
            if done.rowcount != len(ids):
                raise Stale(CHANGED_MEANWHILE)

    def _load(self, *where: Any, lock: bool = False) -> list[Pledge]:
        query = select(*_PLEDGE_COLUMNS).where(*where).order_by(pledges.c.id)
        found = self._sql.execute(query.with_for_update() if lock else query).all()
        if not found:
            return []
        promised: dict[str, list[Item]] = defaultdict(list)
        for pledge_id, *values in self._sql.execute(
                select(*_ITEM_COLUMNS).where(among(self._sql, items.c.pledge_id, [row.id for row in found])).order_by(
                    items.c.pledge_id, items.c.position)):
            promised[pledge_id].append(Item(*values))
        read = [Pledge(*(*row, tuple(promised[row.id]))) for row in found]
        self._read |= {pledge.id: pledge for pledge in read}
        return read

    def _save_items(self, before: Pledge, after: Pledge) -> None:
        old = {item.id: item for item in before.items}
        rows: dict[Changes, list[str]] = defaultdict(list)
        for item in after.items:
            if item.id in old and item is not old[item.id]:
                rows[_changes(old[item.id], item, _ITEM)].append(item.id)
        for changes, ids in rows.items():
            if changes:
                self._sql.execute(update(items).where(items.c.id.in_(ids)).values(**dict(changes)))
        gone = sorted(old.keys() - {item.id for item in after.items})
        if gone:
            self._sql.execute(delete(items).where(items.c.id.in_(gone)))
        self._add_items(after.id, [item for item in after.items if item.id not in old])

    def _add_items(self, pledge_id: str, new: Sequence[Item]) -> None:
        if new:
            self._sql.execute(insert(items), [
                {"pledge_id": pledge_id} | {name: getattr(item, name) for name in _ITEM} for item in new])


def _changes(before: Any, after: Any, names: Sequence[str]) -> Changes:
    return tuple((name, getattr(after, name)) for name in names if getattr(after, name) != getattr(before, name))
