"""The books of what stands beside the tree: the fake ones, and the real ones on both databases, by the same tests."""
from datetime import date

import pytest

from services.roster.domain.assignment import Assignment
from services.roster.domain.representative import Representative
from services.roster.domain.system import System
from services.roster.domain.workplace import Workplace
from services.roster.domain.zone import Zone, ZoneMember, ZoneMonth
from tests.fakes_roster import COUNTY, OTHER, TOWN, VILLAGE, a_county
from wire.contracts.calls import Stale

DAY = date(2026, 1, 2)
THINGS = {
    "systems": (System(id="sys_1", name="教育", organisation_id=VILLAGE), {"name": "教育系统"}),
    "workplaces": (Workplace(id="wkp_1", name="茶厂", sector="private_enterprise", organisation_id=VILLAGE, set_up_on=DAY, since=DAY),
                   {"covered_by": OTHER, "covered_on": DAY}),
    "representatives": (Representative(id="rep_1", organisation_id=VILLAGE, stratum="users", name="陶大安", sort_key="tao", initials="tda",
                                       since=DAY, phone_sealed=b"\0\xff", phone_mark="m"), {"stratum": "staff", "phone_sealed": b""}),
    "zones": (Zone(id="zon_1", organisation_id=VILLAGE, kind="zone", name="河道", place="二组", since=DAY,
                   members=(ZoneMember(member_id="mem_1", name="曾小明"),)),
              {"months": (ZoneMonth(month="2026-01", no_accident=True, no_error=False, no_breach=True, note="漏检一次"),)})}


@pytest.fixture
def books(shelf):
    with shelf() as opened:
        opened.organisations.add_many(a_county())
        yield opened


@pytest.mark.parametrize("name", THINGS)
class TestKept:
    def test_what_was_kept_is_read_as_it_was_also_after_a_change(self, books, name):
        book, (thing, change) = getattr(books, name), THINGS[name]
        book.add(thing)
        assert book.get(thing.id) == thing and book.get("nobody") is None
        after = thing.told_again(**change)
        book.save([after])
        assert (book.get(thing.id), book.at(VILLAGE), after.version) == (after, [after], 2)

    def test_of_two_who_change_the_same_the_later_is_told(self, books, name):
        book, (thing, change) = getattr(books, name), THINGS[name]
        book.add(thing)
        book.save([thing.told_again(**change)])
        with pytest.raises(Stale):
            book.save([thing.told_again(**change)])

    def test_those_at_or_below_a_place_are_found(self, books, name):
        book, (thing, _) = getattr(books, name), THINGS[name]
        book.add(thing)
        town, other = books.organisations.get(TOWN), books.organisations.get(OTHER)
        assert book.below(town.path) == [thing] == book.below(books.organisations.get(COUNTY).path)
        assert book.below(other.path) == [] == book.at(TOWN)
        assert book.at_any([TOWN, VILLAGE]) == [thing] and book.at_any([]) == []


def test_assignments_are_kept_with_their_last_day(books):
    one = Assignment(id="asg_1", kind="in_charge", organisation_id=TOWN, person_id="prs_1", person_name="石小白", member_id="",
                     rank="county", since=DAY)
    books.assignments.add(one)
    ended = one.end(date(2026, 2, 1))
    books.assignments.save([ended])
    assert books.assignments.get("asg_1") == ended


def test_what_goes_on_is_found_by_whose_it_is(books):
    for number, (person, until) in enumerate((("prs_1", None), ("prs_1", DAY), ("prs_2", None)), 1):
        books.assignments.add(Assignment(id=f"asg_{number}", kind="in_charge", organisation_id=TOWN, person_id=person, person_name="石小白",
                                         member_id="", since=DAY, until=until))
    assert [one.id for one in books.assignments.standing_of(["prs_1"])] == ["asg_1"]
    assert [one.id for one in books.assignments.standing_of({"prs_2", "prs_1", "prs_3"})] == ["asg_1", "asg_3"]


def test_units_are_found_by_what_covers_them_and_systems_by_who_uses_them(books):
    (workplace, covered), (system, _) = THINGS["workplaces"], THINGS["systems"]
    books.workplaces.add(workplace.told_again(**covered))
    assert [w.id for w in books.workplaces.covered_by(OTHER)] == ["wkp_1"] and books.workplaces.covered_by(VILLAGE) == []
    books.systems.add(system)
    village = books.organisations.get(VILLAGE)
    books.organisations.save_many([village.told_again(system_id="sys_1")])
    assert (books.systems.used("sys_1"), [s.name for s in books.systems.all()]) == (1, ["教育"])
