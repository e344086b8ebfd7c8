"""The fake books of what stands beside the tree: things with versions that no directory copies."""
from collections import Counter
from typing import Any

from wire.contracts.calls import Stale


class FakeKeptBook:
    """Things with versions that no directory copies."""

    def __init__(self, organisations):
        self.kept: dict[str, Any] = {}
        self._organisations = organisations

    def get(self, id):
        return self.kept.get(id)

    def at(self, organisation_id):
        return [one for _, one in sorted(self.kept.items()) if one.organisation_id == organisation_id]

    def at_any(self, organisation_ids):
        return [one for _, one in sorted(self.kept.items()) if one.organisation_id in set(organisation_ids)]

    def below(self, path):
        places = {o.id: o.path for o in self._organisations.kept.values() if o.path.startswith(path)}
        return sorted((one for one in self.kept.values() if one.organisation_id in places), key=lambda one: (places[one.organisation_id], one.id))

    def add(self, thing):
        assert thing.id not in self.kept
        self.kept[thing.id] = thing

    def save(self, things):
        for thing in things:
            if self.kept[thing.id].version != thing.version - 1:
                raise Stale("刚才有人改过同一批数据，请刷新后重新提交。")
            self.kept[thing.id] = thing


class FakeAssignmentBook(FakeKeptBook):
    def standing_of(self, person_ids):
        return [one for _, one in sorted(self.kept.items()) if one.person_id in set(person_ids) and one.until is None]


class FakeWorkplaceBook(FakeKeptBook):
    def covered_by(self, organisation_id):
        return [one for _, one in sorted(self.kept.items()) if one.covered_by == organisation_id]

    def page(self, path, *, months, today, state, search, after, limit):
        def within(one):
            return next(number for part, number in months if self._organisations.kept[one.organisation_id].path.startswith(part))

        states = ("overdue", "waiting", "covered", "closed")
        found = [(states.index(one.standing(within(one), today)), one.due_on(within(one)), one.id, one)
                 for one in self.below(path) if search.lower() in one.name.lower()]
        counted = {word: sum(rank == n for rank, *_ in found) for n, word in enumerate(states)}
        shown, following = _page(sorted(one for one in found if state in ("", states[one[0]])), after, limit)
        return [one for *_, one in shown], counted, following


class FakeZoneBook(FakeKeptBook):
    def page(self, path, *, state, search, owing, today, after, limit):
        names = {o.id: o.name for o in self._organisations.kept.values()}
        found = [zone for zone in self.below(path) if state in ("", zone.state) and any(search.lower() in word.lower() for word in (
            zone.name, zone.place, names[zone.organisation_id], *(keeper.name for keeper in zone.members)))]
        owe = [zone for zone in found if zone.missing(today)]
        shown, following = _page(owe if owing else found, after, limit)
        return shown, len(owe if owing else found), len(owe), following


def _page(found, after, limit):
    """A page of a list; the fakes count where the real books say the place."""
    start = int(after or 0)
    return found[start:start + limit], str(start + limit) if len(found) > start + limit else ""


class FakeAdoptionBook:
    def places(self, document, path):
        return {}


class FakeSystemBook(FakeKeptBook):
    def all(self):
        return sorted(self.kept.values(), key=lambda s: s.name)

    def used(self, id):
        return sum(o.system_id == id and o.active for o in self._organisations.kept.values())


class FakeRepresentativeBook(FakeKeptBook):
    def with_phone(self, mark):
        return [one for _, one in sorted(self.kept.items()) if one.phone_mark == mark and one.state == "active"]

    def page(self, path, *, stratum, state, search, after, limit):
        found = sorted((one for one in self.below(path) if one.state == state and (
            search in one.name or one.initials.startswith(search.lower()))), key=lambda one: (one.sort_key, one.id))
        counts = dict(Counter(one.stratum for one in found))
        key, _, id_ = after.rpartition("|")
        found = [one for one in found if stratum in ("", one.stratum) and (not after or (one.sort_key, one.id) > (key, id_))]
        shown = found[:limit]
        return shown, counts, f"{shown[-1].sort_key}|{shown[-1].id}" if len(found) > limit else ""
