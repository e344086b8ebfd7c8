"""The fake books of the roster, and a small county to begin with."""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from services.roster import usecases
from services.roster.domain.grant import Grant, Person
from services.roster.domain.member import Member
from services.roster.domain.organisation import Organisation, root
from services.roster.domain.position import OF_THE_HOUSE
from tests.fakes import FakeDirectory, FakeUnit
from tests.fakes_places import (
    FakeAdoptionBook, FakeAssignmentBook, FakeKeptBook, FakeRepresentativeBook, FakeSystemBook, FakeWorkplaceBook, FakeZoneBook,
)
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.calls import Stale
from wire.contracts.roster import KINDS_AND_FORMS, SyncedMember, SyncedOrganisation

COUNTY, TOWN, VILLAGE, OTHER, FAR = "org_county", "org_town", "org_village", "org_other", "org_far"


class FakeBook:
    """One table in memory, told on to the directory as the real one does."""

    def __init__(self, told: Any = None):
        self.kept: dict[str, Any] = {}
        self._told = told or (lambda thing: None)

    def get(self, id):
        return self.kept.get(id)

    def get_many(self, ids):
        return [self.kept[i] for i in sorted(set(ids)) if i in self.kept]

    def add_many(self, things):
        for thing in things:
            assert thing.id not in self.kept
            self._put(thing)

    def save_many(self, things):
        things = list(things)
        if any(t.id not in self.kept or self.kept[t.id].version != t.version - 1 for t in things):
            raise Stale("刚才有人改过同一批数据，请刷新后重新提交。")
        for thing in things:
            self._put(thing)

    def _put(self, thing):
        self.kept[thing.id] = thing
        self._told(thing)


class FakeOrganisationBook(FakeBook):
    def root(self, *, hold=False):
        return next((o for o in self.kept.values() if o.parent_id is None), None)

    def found(self, root):
        if self.root() is not None:
            return False
        self.add_many([root])
        return True

    def tree(self):
        return sorted(self.kept.values(), key=lambda o: o.path)

    def below(self, path):
        return [o for o in self.tree() if o.path.startswith(path)]

    def by_codes_or_ids(self, codes, ids):
        return [o for o in self.tree() if o.code in set(codes) or o.id in set(ids)]

    def by_code(self, code):
        return next((o for o in self.kept.values() if o.code == code), None)


class FakeMemberBook(FakeBook):
    def by_codes(self, codes):
        wanted = set(codes)
        return {m.code: self.kept.get(m.merged_into, m) for m in self.kept.values() if m.code in wanted}

    def merged_into(self, member_id):
        return [m for _, m in sorted(self.kept.items()) if m.merged_into == member_id]

    def named(self, name):
        return [m for _, m in sorted(self.kept.items()) if m.name == name and m.state == "active"]

    def concerned_by(self, organisation_id):
        found = [m for m in self.kept.values() if m.state == "active" and organisation_id in (
            m.organisation_id, m.inflow_id, m.residence_id, m.transfer_to_id)]
        return sorted(found, key=lambda m: (m.sort_key, m.id))


class FakeActBook:
    def __init__(self):
        self.kept = []

    def add(self, act):
        self.kept.append(act)

    def latest(self, member_id, apart_from):
        found = [act for act in self.kept if act.member_id == member_id and act.act not in apart_from]
        return max(found, key=lambda act: (act.happened_on, act.id), default=None)


class FakeGrantBook(FakeBook):
    def held_by(self, person_ids):
        wanted = set(person_ids)
        return [g for _, g in sorted(self.kept.items()) if g.person_id in wanted and g.state != "ended"]

    def over(self, organisation_id):
        return [g for _, g in sorted(self.kept.items()) if g.organisation_id == organisation_id and g.state != "ended"]

    def roles_of(self, person_id):
        return {g.role for g in self.kept.values() if g.person_id == person_id}

    def given_at(self, ids):
        """The fake keeps no history; the real book does."""
        return []

    def holders(self, organisation_id, role):
        return [g for _, g in sorted(self.kept.items())
                if (g.organisation_id, g.role, g.works) == (organisation_id, role, True)]


class FakePersonBook:
    def __init__(self, books):
        self.kept: dict[str, Person] = {}
        self._books = books

    def acting(self, names):
        found = {(g.person_id, g.organisation_id) for g in self._books.grants.kept.values() if g.state != "ended" and g.role != "system"}
        found |= {(p.person_id, p.organisation_id) for p in self._books.positions.kept.values() if p.state == "held"}
        found |= {(a.person_id, a.organisation_id) for a in self._books.assignments.kept.values() if a.until is None}
        return [(self.kept[id], place) for id, place in sorted(found)
                if id in self.kept and self.kept[id].name in set(names) and not self.kept[id].member_id]

    def get(self, id):
        return self.kept.get(id)

    def add(self, person):
        self.kept[person.id] = person

    def link(self, id, member_id):
        self.kept[id] = replace(self.kept[id], member_id=member_id)


class FakePositionBook(FakeKeptBook):
    def held_at(self, organisation_id):
        return [p for _, p in sorted(self.kept.items()) if p.organisation_id == organisation_id and p.state == "held"]

    def held_by(self, person_ids):
        wanted = set(person_ids)
        return [p for _, p in sorted(self.kept.items()) if p.person_id in wanted and p.state == "held"]

    def bound(self, member_ids):
        return [p for p in self.held_by(member_ids) if p.member_id and p.kind in OF_THE_HOUSE]


class FakeBooks:
    def __init__(self):
        self.directory = FakeDirectory()
        self.organisations = FakeOrganisationBook(self._organisation)
        self.systems = FakeSystemBook(self.organisations)
        self.workplaces = FakeWorkplaceBook(self.organisations)
        self.assignments = FakeAssignmentBook(self.organisations)
        self.zones = FakeZoneBook(self.organisations)
        self.representatives = FakeRepresentativeBook(self.organisations)
        self.members = FakeMemberBook(self._member)
        self.acts = FakeActBook()
        self.grants = FakeGrantBook(self._grant)
        self.persons = FakePersonBook(self)
        self.positions = FakePositionBook(self.organisations)
        self.adoptions = FakeAdoptionBook()

    def _organisation(self, o: Organisation):
        self.directory.organisations[o.id] = {
            "id": o.id, "code": o.code, "name": o.name, "kind": o.kind, "sector": o.sector, "parent_id": o.parent_id,
            "path": o.path, "state": o.state}

    def _member(self, m: Member):
        self.directory.members[m.id] = {"id": m.id, "name": m.name, "organisation_id": m.organisation_id, "state": m.state}

    def _grant(self, g: Grant):
        (self.directory.ended_grants.discard if g.works else self.directory.ended_grants.add)(g.id)


def organisation(id: str, above: Organisation | None, kind: str = "branch", **more: Any) -> Organisation:
    path = f"{above.path if above else '/'}{id}/"
    return Organisation(**{"id": id, "code": id.removeprefix("org_").upper(), "name": f"{id}名称", "kind": kind, "sector": "rural",
                           "parent_id": above.id if above else None, "path": path} | more)


def a_county() -> list[Organisation]:
    """A county, a town, a village in it, and another town."""
    county = root(id=COUNTY, code="C", name="云岭县委")
    town = organisation(TOWN, county, "committee", code="T", name="石桥镇党委")
    village = organisation(VILLAGE, town, code="V", name="柳溪村党支部")
    return [county, town, village, organisation(OTHER, county, "committee", code="O", name="枫林镇党委")]


def founded() -> FakeBooks:
    """Books with that county, a village in the other town, and its administrator's grant."""
    books, county = FakeBooks(), a_county()
    books.organisations.add_many([*county, organisation(FAR, county[3], code="P", name="枫口村党支部")])
    books.persons.add(Person(id="prs_office", name="县办一"))
    books.grants.add_many([Grant(id="grt_office", person_id="prs_office", person_name="县办一", member_id="", role="office",
                                 organisation_id=COUNTY, state="confirmed")])
    return books


def office(organisation_id: str = COUNTY, grant_id: str = "grt_office", person_id: str = "prs_office", **more: Any) -> Actor:
    return Actor(kind="person", person_id=person_id, name="县办一", **more, grants=(
        HeldGrant(grant_id=grant_id, role="office", organisation_id=organisation_id),))


def administrator(house) -> Actor:
    """The county's first administrator, as the running roster knows them."""
    with house.reading("roster") as unit:
        root = unit.books.organisations.root()
        held = unit.books.grants.holders(root.id, "office")[0]
    return office(root.id, held.id, held.person_id)


class RosterUnit(FakeUnit):
    """A unit on these books, in one operation; ids differ between the units of one test."""

    def __init__(self, books: FakeBooks, doing: type | None, actor: Actor | None = None):
        super().__init__(books, actor=actor or office(), directory=books.directory, doing=doing)

    def new_id(self, prefix):
        made = super().new_id(prefix)
        books = self.books
        kept = (books.organisations, books.members, books.grants, books.systems, books.positions, books.workplaces, books.assignments,
                books.zones, books.representatives)
        return f"{made}_{sum(len(book.kept) for book in kept)}"


def use_case_of(request: Any) -> Callable[..., Any]:
    """What the roster does for this request: the use case of its name."""
    name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in type(request).__name__)
    return getattr(usecases, name.strip("_"))


def do(books: FakeBooks, request: Any, actor: Actor | None = None, *more: Any, policies: Mapping[type, Any] | None = None) -> tuple[Any, list]:
    """One use case, by whoever it is said to be: its reply, and what it announced."""
    unit = RosterUnit(books, type(request), actor)
    unit.policies = dict(policies or {})
    return use_case_of(request)(unit, request, *more), unit.announced


KINDS = {label: kind for kind, label in KINDS_AND_FORMS.items()}


def organisation_rows(*lines: Iterable[str]) -> tuple[SyncedOrganisation, ...]:
    """Lines of code, name, kind as people say it, code of the parent."""
    found = []
    for code, name, said, parent in lines:
        kind, _, form = KINDS[said].partition(".")
        found.append(SyncedOrganisation(code=code, name=name, kind=kind, form=form, sector="rural", parent_code=parent))
    return tuple(found)


def member_rows(*lines: Iterable[str]) -> tuple[SyncedMember, ...]:
    """Lines of code, name, code of the organisation."""
    return tuple(SyncedMember(code=code, name=name, kind="member", organisation_code=place) for code, name, place in lines)
