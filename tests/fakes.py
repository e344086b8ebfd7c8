"""The fakes use cases are tested on.  Each fake book passes the same tests as the real one (tests/component)."""
import dataclasses
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from wire.bus import authority
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.calls import Forbidden, operation_of

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def all_pages(ask: Callable[..., Any], rows: str = "items", **more: Any) -> list:
    """Every row of a list, page by page as ``ask(after=…)`` answers; where a page says the total, it is that of all pages."""
    seen: list = []
    after: Any = ""
    for _ in range(1000):
        page = ask(after=after, **more)
        seen, after = [*seen, *getattr(page, rows)], page.next
        if not after:
            assert len(seen) == getattr(page, "total", len(seen))
            return seen
    raise AssertionError("the pages do not end")


class FakeDirectory:
    """A roster in memory: organisations as a tree of paths, members by organisation."""

    def __init__(self, organisations: Iterable[Mapping[str, Any]] = (), members: Iterable[Mapping[str, Any]] = ()):
        self.organisations = {o["id"]: dict(o) for o in organisations}
        self.members = {m["id"]: member(m) for m in members}
        self.ended_grants: set[str] = set()

    def organisation(self, organisation_id):
        return self.organisations.get(organisation_id)

    def member(self, member_id):
        return self.members.get(member_id)

    def members_of(self, organisation_id):
        return [m for m in self.members.values() if m["organisation_id"] == organisation_id and m.get("state", "active") == "active"]

    def pledging_in(self, organisation_id):
        return [m for m in self.members.values() if m.get("state", "active") == "active"
                and (m.get("inflow_id") or m["organisation_id"]) == organisation_id]

    def residents_of(self, organisation_id):
        return [m for m in self.members.values() if m.get("state", "active") == "active"
                and m.get("residence_id") == organisation_id and m.get("residence_confirmed_on")]

    def at_or_below(self, organisation_id):
        found = [o for o in self.organisations.values() if self.within(o["id"], organisation_id)]
        return sorted(found, key=lambda o: o["path"])

    def with_groups(self, organisation_id):
        return (organisation_id, *(o["id"] for o in self.at_or_below(organisation_id)
                                   if o["kind"] == "group" and o["parent_id"] == organisation_id))

    def branch_of(self, organisation_id):
        here = self.organisations.get(organisation_id)
        return here["parent_id"] if here and here["kind"] == "group" else organisation_id

    def look_up(self, organisation_ids):
        """All are at hand."""

    def all_within(self, organisation_ids, above_ids):
        return all(any(self.within(one, above) for above in above_ids) for one in organisation_ids)

    def within(self, organisation_id, above_id):
        here, above = self.organisations.get(organisation_id), self.organisations.get(above_id)
        return bool(here and above and here["path"].startswith(above["path"]))

    def in_force(self, held):
        return [one for one in held if one.grant_id not in self.ended_grants]


class FakeUnit:
    """A unit on fake books.  ``doing`` names the request class whose grants ``permit`` checks; without it everything passes."""

    def __init__(self, books: Any, *, actor: Actor, directory: FakeDirectory | None = None, doing: type | None = None,
                 now: datetime = NOW, policies: Mapping[type, Any] | None = None):
        self.books, self.actor, self.now, self.today = books, actor, now, now.date()
        self.directory = directory or FakeDirectory()
        self.doing, self.policies = doing, dict(policies or {})
        self.announced: list[Any] = []
        self.remembered: list[tuple] = []
        self.permitted: list[str] = []
        self.acted_for = ""
        self._ids = 0
        self.concerned_too = []

    def permit(self, organisation_id, *, member_id=""):
        self.permitted.append(organisation_id)
        if self.doing is not None:
            self._check(self.doing, organisation_id, member_id)

    def permit_all(self, organisation_ids):
        for organisation_id in organisation_ids:
            self.permit(organisation_id)

    def concern_too(self, person_id, organisation_id):
        self.concerned_too.append((person_id, organisation_id))

    def act_for(self, name):
        self.acted_for = name

    def may(self, request, organisation_id, *, member_id=""):
        try:
            self._check(request, organisation_id, member_id)
        except Forbidden:
            return False
        return True

    def _check(self, request, organisation_id, member_id):
        authority.check(operation_of(request), self.actor, self.directory, (organisation_id,), member_id)

    def announce(self, event):
        self.announced.append(event)

    @contextmanager
    def prepare(self, batch, chunk):
        before, self.announced = self.announced, []
        try:
            yield
            vars(self.books).setdefault("events_prepared", {})[batch, chunk] = self.announced
        finally:
            self.announced = before

    def release(self, batch):
        kept = vars(self.books).get("events_prepared", {})
        events = [dataclasses.replace(e, acted_at=self.now) for (b, _), piece in sorted(kept.items()) if b == batch for e in piece]
        self.announced += events
        return len(events)

    def remember(self, aggregate, aggregate_id, version, what, state):
        self.remembered.append((aggregate, aggregate_id, version, what, state))

    def day_of(self, instant):
        return instant.date()

    def policy(self, document, organisation_id):
        return self.policies.get(document) or document()

    def new_id(self, prefix):
        self._ids += 1
        return f"{prefix}_{self._ids:06d}"


def person(role: str = "secretary", organisation_id: str = "org_village", *, member_id: str = "", name: str = "李书记",
           person_id: str = "") -> Actor:
    """Somebody who holds one grant."""
    person_id = person_id or member_id or f"prs_{role}"
    return Actor(kind="person", person_id=person_id, name=name, member_id=member_id,
                 grants=(HeldGrant(grant_id=f"grt_{role}_{organisation_id}", role=role, organisation_id=organisation_id),))


def organisation(id_: str, path: str, **more: Any) -> dict[str, Any]:
    """A row of the directory."""
    return {"id": id_, "code": id_, "name": id_, "kind": "branch", "sector": "rural", "parent_id": None, "path": path,
            "state": "active", "version": 1, "lost": False} | more


def member(said: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the directory: somebody on the staff who floats nowhere and reports nowhere, but for what is said."""
    return {"post": "", "post_kind": "staff", "rank": "", "duty": "", "whereabouts": "home", "inflow_id": "", "residence_id": "",
            "residence_confirmed_on": None, "version": 1, "lost": False} | dict(said)


def changed(thing: Any, **changes: Any) -> Any:
    """The same frozen thing with some fields changed."""
    return dataclasses.replace(thing, **changes)


def day(text: str) -> date:
    return date.fromisoformat(text)
