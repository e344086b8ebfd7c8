"""Use cases and queries of the roster on real books: the same answers from SQLite and PostgreSQL."""
import pytest

from services.roster import queries, usecases
from services.roster.domain.refusals import AlreadyFounded
from services.roster.storage import Books
from tests.databases import BOTH, migrated
from tests.fakes import FakeUnit
from tests.fakes_roster import member_rows, office, organisation_rows
from wire.bus import authority
from wire.contracts.actor import Actor
from wire.contracts.calls import Stale, operation_of
from wire.contracts.roster import (
    EndGrant, FoundCounty, GiveGrant, GrantsOf, ListGrants, ListMembers, ListOrganisations, RegisterMembers, RegisterOrganisations,
)
from wire.directory import Directory


@pytest.fixture(scope="module", params=BOTH)
def real(request, tmp_path_factory):
    with migrated("roster", request.param, request, tmp_path_factory.mktemp("roster")) as opened:
        yield opened


class Real(FakeUnit):
    """The fake unit on a real connection, with the real answer to who may do what."""

    def __init__(self, sql):
        super().__init__(Books(sql), actor=Actor(kind="invitation"), directory=Directory(sql))
        self.sql = sql

    def _check(self, request, organisation_id, member_id):
        authority.check(operation_of(request), self.actor, self.directory, organisation_id, member_id)


@pytest.fixture
def unit(real):
    with real.begin(writing=True) as sql:
        yield Real(sql)


@pytest.fixture
def root(unit):
    """A county of towns with villages, and three members a village."""
    founded = usecases.found_county(unit, FoundCounty(code="C", name="云岭县委", person_name="县办一"))
    unit.actor = office(founded.organisation_id, founded.grant_id, founded.person_id)
    towns = [(f"T{i}", f"第{i}镇党委", "党委", "C") for i in range(3)]
    villages = [(f"V{i}{j}", f"第{j}村党支部", "党支部", f"T{i}") for i in range(3) for j in range(4)]
    assert usecases.register_organisations(unit, RegisterOrganisations(rows=organisation_rows(*villages, *towns))).new == 15
    people = [(f"{v[0]}-{n}", name, v[0]) for v in villages for n, name in enumerate(("曾小明", "单立人", "Anna Li"))]
    assert usecases.register_members(unit, RegisterMembers(rows=member_rows(*people))).new == 36
    return founded.organisation_id


def test_the_later_of_two_who_found_the_county_at_once_is_told(real):
    """The look at the empty system is no lock: both saw it empty."""
    asked = FoundCounty(code="C", name="云岭县委", person_name="县办一")
    with real.begin(writing=True) as sql:
        unit = Real(sql)
        usecases.found_county(unit, asked)
        unit.books.organisations.root = lambda: None
        with pytest.raises(AlreadyFounded):
            usecases.found_county(unit, asked)
        assert len(unit.books.organisations.tree()) == 1


def town(unit, code="T1"):
    return next(o for o in unit.books.organisations.tree() if o.code == code)


def test_the_tree_is_listed_in_order_page_by_page_with_heads_counted(unit, root):
    seen, after = [], ""
    while True:
        page = queries.list_organisations(unit, ListOrganisations(organisation_id=root, limit=4, after=after))
        seen += page.organisations
        if not (after := page.next):
            break
    assert [o.path for o in seen] == sorted(o.path for o in seen) and len(seen) == 16
    assert {o.code: o.members for o in seen if not o.code.startswith("V")} == {"C": 36, "T0": 12, "T1": 12, "T2": 12}
    assert {o.members for o in seen if o.code.startswith("V")} == {3}


def test_members_stand_by_surname_page_by_page(unit, root):
    seen, after = [], ""
    while True:
        page = queries.list_members(unit, ListMembers(organisation_id=town(unit).id, limit=5, after=after))
        assert page.total == 12
        seen += [m.name for m in page.members]
        if not (after := page.next):
            break
    assert seen == ["Anna Li"] * 4 + ["单立人"] * 4 + ["曾小明"] * 4


@pytest.mark.parametrize(("search", "found"), [("ZXM", 4), ("anna", 4), ("v10", 3), ("小明", 4), ("%", 0), ("\\", 0)])
def test_members_are_found_alike(unit, root, search, found):
    assert queries.list_members(unit, ListMembers(organisation_id=town(unit).id, search=search)).total == found


def test_a_town_moved_takes_its_villages_and_members_along(unit, root):
    verdict = usecases.register_organisations(unit, RegisterOrganisations(rows=organisation_rows(("T1", "第1镇党委", "党委", "T0"))))
    assert (verdict.changed, verdict.done) == (1, True)
    unit.directory.forget()
    assert queries.list_members(unit, ListMembers(organisation_id=town(unit, "T0").id)).total == 24
    assert unit.directory.within(town(unit, "V11").id, town(unit, "T0").id)


def test_grants_are_listed_those_in_force_first(unit, root):
    clerk = usecases.give_grant(unit, GiveGrant(organisation_id=town(unit).id, role="clerk", person_name="何小满"))
    usecases.give_grant(unit, GiveGrant(organisation_id=town(unit).id, role="secretary", person_id=clerk.person_id))
    usecases.end_grant(unit, EndGrant(grant_id=clerk.grant_id))
    listed = queries.list_grants(unit, ListGrants(organisation_id=town(unit).id)).items
    assert [(g.role, g.state) for g in listed] == [("secretary", "given"), ("clerk", "ended")]
    assert [g.role for g in queries.grants_of(unit, GrantsOf(person_id=clerk.person_id))] == ["secretary"]


def test_grants_are_paged_and_found_whatever_is_given_or_ended_meanwhile(unit, root):
    """Past one page: nobody twice, nobody left out; the total is that of all pages."""
    here = town(unit).id
    clerks = [usecases.give_grant(unit, GiveGrant(organisation_id=here, role="clerk", person_name=f"何{n}")) for n in "甲乙丙丁戊己庚"]
    for gone in clerks[:3]:
        usecases.end_grant(unit, EndGrant(grant_id=gone.grant_id))
    seen, after = [], ""
    while page := queries.list_grants(unit, ListGrants(organisation_id=here, limit=2, after=after)):
        assert (page.total, len(page.items) <= 2) == (7, True)
        seen += [(g.state, g.grant_id) for g in page.items]
        if not (after := page.next):
            break
    assert sorted(i for _, i in seen) == sorted(c.grant_id for c in clerks)
    assert [state for state, _ in seen] == ["given"] * 4 + ["ended"] * 3
    found = queries.list_grants(unit, ListGrants(organisation_id=here, search="何丙"))
    assert ([g.person_name for g in found.items], found.total, found.next) == (["何丙"], 1, "")
    assert queries.list_grants(unit, ListGrants(organisation_id=here, search=town(unit).name)).total == 7
    assert queries.list_grants(unit, ListGrants(organisation_id=here, person_id=clerks[4].person_id)).total == 1
    assert queries.list_grants(unit, ListGrants(organisation_id=here, after="|||是什么")).total == 7


def test_two_who_read_the_same_version_cannot_both_change_it(unit, root):
    first = town(unit)
    unit.books.organisations.save_many([first.told_again(name="先改的名称")])
    with pytest.raises(Stale):
        unit.books.organisations.save_many([first.told_again(name="后改的名称")])
