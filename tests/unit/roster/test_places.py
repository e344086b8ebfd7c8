"""What stands beside the tree: new units, assignments, zones; and what becomes of it when an organisation ends."""
from datetime import date

import pytest
from hypothesis import given, strategies as st

from services.roster.domain.assignment import AlreadyHeld
from services.roster.domain.member import Member
from services.roster.domain.refusals import Ended, Incomplete, NameTaken
from services.roster.domain.workplace import Workplace, latest_overdue
from services.roster.domain.zone import NoLongerKept, OwnZone, Zone, ZoneMember, ZoneMonth
from tests.fakes_roster import COUNTY, OTHER, TOWN, VILLAGE, do, founded, office, organisation
from wire.contracts.calls import NotFound, Stale
from wire.contracts.roster import (
    Assign, ChangeZone, CloseWorkplace, CoverWorkplace, DefineSystem, DissolveOrganisation, EndAssignment, EndSystem, EndZone, ListWorkplaces,
     ListZones, MergeOrganisations, OpenZone, RecordZoneMonth, RegisterWorkplace, ZoneRecorded,
)

TODAY = date(2026, 3, 2)
SECOND = "org_second"


@pytest.fixture
def books():
    made = founded()
    made.organisations.add_many([organisation(SECOND, made.organisations.get(TOWN), code="V2", name="松坡村党支部")])
    made.members.add_many([Member(id=f"mem_{n}", code=f"M{n}", name=name, sort_key=name, initials="x", kind="member", organisation_id=VILLAGE)
                           for n, name in enumerate(("曾小明", "单立人"))])
    return made


def new_unit(name="云雾茶厂", place=TOWN, set_up_on=date(2026, 1, 10)):
    return RegisterWorkplace(organisation_id=place, name=name, sector="private_enterprise", set_up_on=set_up_on)


class TestNewUnits:
    def test_three_months_to_the_day_and_then_it_is_named(self, books):
        """[A17]"""
        for name, since, state in (("甲茶厂", date(2025, 12, 1), "overdue"), ("乙茶厂", date(2025, 12, 2), "waiting"), ("丙茶厂", TODAY, "waiting")):
            told, announced = do(books, new_unit(name, set_up_on=since))
            assert (told.state, announced) == (state, []), name
        page, _ = do(books, ListWorkplaces(organisation_id=COUNTY))
        assert [w.name for w in page.workplaces] == ["甲茶厂", "乙茶厂", "丙茶厂"] and (page.overdue, page.waiting, page.covered) == (1, 2, 0)
        assert do(books, ListWorkplaces(organisation_id=OTHER))[0].workplaces == ()

    def test_an_organisation_covers_it_its_own_or_a_joint_one(self, books):
        """[A2] [A17]"""
        told, _ = do(books, new_unit())
        asked = CoverWorkplace(workplace_id=told.workplace_id, covered_by=VILLAGE)
        told, _ = do(books, asked)
        assert (told.state, told.covered_by_name, told.covered_on) == ("covered", "柳溪村党支部", TODAY)
        assert do(books, asked)[0] == told

    def test_what_cannot_be_is_refused(self, books):
        told, _ = do(books, new_unit())
        with pytest.raises(NameTaken):
            do(books, new_unit(" 云雾茶厂"))
        for request in (new_unit("丁茶厂", set_up_on=date(2026, 3, 3)), CoverWorkplace(workplace_id=told.workplace_id, covered_by="org_none"),
                        CoverWorkplace(workplace_id=told.workplace_id, covered_by=VILLAGE, covered_on=date(2025, 1, 1))):
            with pytest.raises(Incomplete):
                do(books, request)
        do(books, CloseWorkplace(workplace_id=told.workplace_id, because="登记有误"))
        with pytest.raises(Incomplete):
            do(books, CoverWorkplace(workplace_id=told.workplace_id, covered_by=VILLAGE))

    def test_when_what_covered_it_is_dissolved_the_months_begin_anew(self, books):
        told, _ = do(books, new_unit(set_up_on=date(2020, 1, 1)))
        do(books, CoverWorkplace(workplace_id=told.workplace_id, covered_by=SECOND))
        do(books, DissolveOrganisation(organisation_id=SECOND, because="无党员"))
        [found] = do(books, ListWorkplaces(organisation_id=COUNTY))[0].workplaces
        assert (found.state, found.covered_by, found.due_on) == ("waiting", "", date(2026, 6, 2))

    def test_another_town_s_is_not_there(self, books):
        """[X17]"""
        told, _ = do(books, new_unit(place=OTHER))
        with pytest.raises(NotFound):
            do(books, CloseWorkplace(workplace_id=told.workplace_id, because="注销"), actor=office(TOWN, "grt_town"))


@given(st.dates(date(2019, 1, 1), date(2027, 1, 1)), st.dates(date(2018, 1, 1), date(2027, 1, 1)), st.integers(1, 60))
def test_what_is_overdue_since_a_day_is_overdue_since_every_earlier_one(today, since, months):
    """A list may ask by the day since when, and finds what the rule of one unit says. [A17]"""
    one = Workplace(id="w", name="云雾茶厂", sector="rural", organisation_id=TOWN, set_up_on=since, since=since)
    assert (one.standing(months, today) == "overdue") == (since <= latest_overdue(today, months))


def assign(kind="contact_point", place=VILLAGE, name="石小白", **more):
    return Assign(kind=kind, organisation_id=place, person_name="" if "member_id" in more or "person_id" in more else name, **more)


class TestAssignments:
    def test_leaders_have_contact_points_and_units_in_charge(self, books):
        """[A16]"""
        told, announced = do(books, assign(rank="county"))
        assert (told.rank, told.since, told.until, announced) == ("county", TODAY, None, [])
        do(books, assign("in_charge", TOWN, person_id=told.person_id))
        assert do(books, assign(person_id=told.person_id))[0] == told
        assert {(a.kind, a.organisation_id, a.person_id) for a in books.assignments.kept.values()} == {
            ("in_charge", TOWN, told.person_id), ("contact_point", VILLAGE, told.person_id)}

    def test_a_fixed_contact_is_with_a_branch(self, books):
        """[A16]"""
        with pytest.raises(Incomplete):
            do(books, assign("fixed_contact", TOWN))
        assert do(books, assign("fixed_contact", VILLAGE, member_id="mem_0"))[0].person_name == "曾小明"

    def test_a_leading_group_has_one_head_a_clerk_and_liaisons_and_no_grant_follows(self, books):
        """[A15]"""
        before = dict(books.grants.kept)
        head, _ = do(books, assign("group_head"))
        for kind, name in (("group_member", "林见"), ("group_clerk", "白露"), ("group_liaison", "江流")):
            do(books, assign(kind, name=name))
        with pytest.raises(AlreadyHeld) as refused:
            do(books, assign("group_head", name="叶落"))
        assert "石小白" in refused.value.sentence
        do(books, EndAssignment(assignment_id=head.assignment_id))
        do(books, assign("group_head", name="叶落"))
        assert books.grants.kept == before
        assert [a.person_name for a in books.assignments.at(VILLAGE) if a.until is None] == ["林见", "白露", "江流", "叶落"]

    def test_dates_run_forward_and_a_second_end_changes_nothing(self, books):
        told, _ = do(books, assign(since=date(2026, 2, 1)))
        for until in (date(2026, 1, 31), date(2026, 3, 3)):
            with pytest.raises(Incomplete):
                do(books, EndAssignment(assignment_id=told.assignment_id, until=until))
        ended, _ = do(books, EndAssignment(assignment_id=told.assignment_id))
        assert do(books, EndAssignment(assignment_id=told.assignment_id, until=date(2026, 2, 2)))[0] == ended
        with pytest.raises(Incomplete):
            do(books, assign(since=date(2026, 3, 3), name="林见"))


def zone(books, name="河道责任区", since=date(2025, 12, 20), **more):
    return do(books, OpenZone(**{"organisation_id": VILLAGE, "name": name, "place": "二组河段", "member_ids": ("mem_0",), "since": since} | more))


def month(told, month="2026-01", accident=True, error=True, breach=True, note=""):
    return RecordZoneMonth(zone_id=told.zone_id, month=month, no_accident=accident, no_error=error, no_breach=breach, note=note)


class TestZones:
    @pytest.mark.parametrize("kind", ["zone", "pioneer", "model"])
    def test_a_zone_has_a_place_and_people_and_is_told(self, books, kind):
        """[K1]"""
        told, [event] = zone(books, kind=kind)
        assert isinstance(event, ZoneRecorded) and event.scope == "unit"
        assert (event.kind, event.place, [m.name for m in event.members], event.version) == (kind, "二组河段", ["曾小明"], 1)
        assert told.missing == ("2026-02", "2026-01", "2025-12")

    def test_each_month_is_recorded_once_corrected_in_place_and_told(self, books):
        """[K3]"""
        told, _ = zone(books)
        told, [event] = do(books, month(told))
        assert (event.version, [m.month for m in event.months], told.missing) == (2, ["2026-01"], ("2026-02", "2025-12"))
        assert do(books, month(told))[1] == []
        told, [event] = do(books, month(told, accident=False, note="二组落水一人"))
        assert [(m.month, m.no_accident, m.note) for m in event.months] == [("2026-01", False, "二组落水一人")]

    @pytest.mark.parametrize("wrong", [{"month": "2025-11"}, {"month": "2026-04"}, {"month": "abcdefg"}, {"error": False}])
    def test_no_month_outside_its_time_and_none_unclean_without_a_word(self, books, wrong):
        """[K3]"""
        told, _ = zone(books)
        with pytest.raises(Incomplete):
            do(books, month(told, **wrong))

    def test_nobody_records_about_themselves(self, books):
        """[X50]"""
        told, _ = zone(books)
        with pytest.raises(OwnZone):
            do(books, month(told), actor=office(member_id="mem_0"))

    def test_only_members_of_the_organisation_and_its_groups_and_no_name_twice(self, books):
        with pytest.raises(Incomplete):
            zone(books, organisation_id=SECOND)
        zone(books)
        with pytest.raises(NameTaken):
            zone(books)

    def test_it_is_changed_by_who_read_it_last_and_not_any_more_when_it_ended(self, books):
        told, _ = zone(books)
        asked = ChangeZone(zone_id=told.zone_id, version=1, kind="model", name="示范岗", place="村口", member_ids=("mem_0", "mem_1"))
        changed, [event] = do(books, asked)
        assert (event.kind, len(event.members), changed.version) == ("model", 2, 2)
        with pytest.raises(Stale):
            do(books, asked)
        assert len(do(books, EndZone(zone_id=told.zone_id))[1]) == 1 and do(books, EndZone(zone_id=told.zone_id))[1] == []
        with pytest.raises(NoLongerKept):
            do(books, asked)

    def test_those_that_owe_a_month_are_counted_and_listed(self, books):
        told, _ = zone(books, since=date(2026, 2, 3))
        zone(books, "月塘责任区", since=TODAY)
        page, _ = do(books, ListZones(organisation_id=COUNTY))
        assert (page.total, page.owing) == (2, 1)
        assert [z.zone_id for z in do(books, ListZones(organisation_id=COUNTY, owing=True))[0].zones] == [told.zone_id]

    @given(st.dates(date(2020, 1, 1), date(2026, 3, 2)), st.sets(st.integers(0, 80)))
    def test_what_is_missing_and_what_is_on_record_are_all_full_months_of_two_years(self, since, recorded):
        whole = [f"{y}-{m:02d}" for y in range(2020, 2027) for m in range(1, 13) if f"{since:%Y-%m}" <= f"{y}-{m:02d}" <= "2026-02"]
        there = {whole[n] for n in recorded if n < len(whole)}
        one = Zone(id="z", organisation_id=VILLAGE, kind="zone", name="甲", place="乙", since=since, members=(ZoneMember(member_id="m", name="丙"),),
                   months=tuple(ZoneMonth(month=m, no_accident=True, no_error=True, no_breach=True) for m in sorted(there)))
        assert set(one.missing(TODAY)) == set(whole[-24:]) - there


class TestEnding:
    def test_merged_all_of_it_is_the_other_s_from_now_on(self, books):
        """[A16] [K1]"""
        told, _ = zone(books)
        contact, _ = do(books, assign())
        ended, _ = do(books, assign("in_charge", name="林见"))
        do(books, EndAssignment(assignment_id=ended.assignment_id))
        for place in (VILLAGE, SECOND):
            do(books, assign("group_head", place, name="白露" if place == SECOND else "江流"))
        workplace, _ = do(books, new_unit(place=VILLAGE))
        do(books, CoverWorkplace(workplace_id=workplace.workplace_id, covered_by=VILLAGE))
        system, _ = do(books, DefineSystem(name="茶业", organisation_id=VILLAGE))
        _, announced = do(books, MergeOrganisations(organisation_id=VILLAGE, into_id=SECOND, because="两村合并"))
        assert [e.organisation_id for e in announced if isinstance(e, ZoneRecorded)] == [SECOND]
        places = {a.id: (a.organisation_id, a.until) for a in books.assignments.kept.values()}
        assert places[contact.assignment_id] == (SECOND, None) and places[ended.assignment_id] == (VILLAGE, TODAY)
        assert [a.person_name for a in books.assignments.at(SECOND) if a.kind == "group_head" and a.until is None] == ["白露"]
        found = books.workplaces.get(workplace.workplace_id)
        assert (found.organisation_id, found.covered_by) == (SECOND, SECOND)
        assert books.systems.get(system.system_id).organisation_id == SECOND
        assert told.zone_id in {z.id for z in books.zones.at(SECOND)}

    def test_dissolved_it_ends_with_it_or_is_seen_to_from_above(self, books):
        for member in books.members.concerned_by(VILLAGE):
            books.members.save_many([member.told_again(organisation_id=SECOND)])
        zone(books, organisation_id=SECOND)
        contact, _ = do(books, assign(place=SECOND))
        workplace, _ = do(books, new_unit(place=SECOND))
        for member in books.members.concerned_by(SECOND):
            books.members.save_many([member.told_again(organisation_id=VILLAGE)])
        _, announced = do(books, DissolveOrganisation(organisation_id=SECOND, because="并村"))
        assert [e.state for e in announced if isinstance(e, ZoneRecorded)] == ["ended"]
        assert books.assignments.get(contact.assignment_id).until == TODAY
        assert books.workplaces.get(workplace.workplace_id).organisation_id == TOWN
        with pytest.raises(Ended):
            zone(books, organisation_id=SECOND)

    @pytest.mark.parametrize("end", [MergeOrganisations(organisation_id=SECOND, into_id=VILLAGE, because="两村合并"),
                                     DissolveOrganisation(organisation_id=SECOND, because="并村")])
    def test_what_was_over_before_stays_where_it_was_over(self, books, end):
        seen_to, _ = do(books, new_unit("甲茶厂", place=SECOND))
        covered, _ = do(books, new_unit("乙茶厂", place=TOWN))
        do(books, CoverWorkplace(workplace_id=covered.workplace_id, covered_by=SECOND))
        for one in (seen_to, covered):
            do(books, CloseWorkplace(workplace_id=one.workplace_id, because="注销"))
        system, _ = do(books, DefineSystem(name="茶业", organisation_id=SECOND))
        do(books, EndSystem(system_id=system.system_id))
        before = dict(books.workplaces.kept), dict(books.systems.kept)
        do(books, end)
        assert (books.workplaces.kept, books.systems.kept) == before
