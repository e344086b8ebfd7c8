"""The lists of what stands beside the tree, on both databases: new units, assignments, zones; page by page, each found by its words."""
from datetime import date

from hypothesis import HealthCheck, given, settings, strategies as st

from services.roster import queries, usecases
from services.roster.domain.policy import NewUnitPolicy
from services.roster.domain.zone import Zone, ZoneMember, ZoneMonth
from services.roster.storage.zones import zones
from tests.component.roster.on_books import find, town
from tests.fakes import all_pages
from tests.fakes_roster import FakeBooks
from wire.contracts.roster import (
    Assign, CloseWorkplace, CoverWorkplace, EndAssignment, EndZone, ListAssignments, ListWorkplaces, ListZones, OpenZone, RecordZoneMonth,
    RegisterWorkplace,
)

TODAY = date(2026, 3, 2)


def test_new_units_come_the_longest_overdue_first_and_are_counted_over_all_pages(unit, root):
    """[A17]"""
    def made(name, since, place="T1"):
        return usecases.register_workplace(unit, RegisterWorkplace(
            organisation_id=town(unit, place).id, name=name, sector="private_enterprise", set_up_on=since)).workplace_id

    covered, closed = made("丁厂", date(2019, 1, 1)), made("戊厂", date(2018, 1, 1))
    for name, since, place in (("甲厂", date(2025, 12, 1), "T1"), ("乙厂", date(2025, 12, 2), "T0"), ("丙厂", date(2025, 6, 30), "T2"),
                               ("己厂", TODAY, "T1")):
        made(name, since, place)
    usecases.cover_workplace(unit, CoverWorkplace(workplace_id=covered, covered_by=town(unit, "V10").id))
    usecases.close_workplace(unit, CloseWorkplace(workplace_id=closed, because="停业"))

    def ask(**more):
        return usecases.list_workplaces(unit, ListWorkplaces(**{"organisation_id": root} | more))
    assert [(w.name, w.state) for w in all_pages(ask, "workplaces", limit=2)] == [
        ("丙厂", "overdue"), ("甲厂", "overdue"), ("乙厂", "waiting"), ("己厂", "waiting"), ("丁厂", "covered"), ("戊厂", "closed")]
    page = ask(state="overdue", limit=1)
    assert ([w.name for w in page.workplaces], page.overdue, page.waiting, page.covered) == (["丙厂"], 2, 2, 1)
    assert [w.name for w in all_pages(ask, "workplaces", limit=2, state="waiting")] == ["乙厂", "己厂"]
    assert [w.name for w in ask(search="丁").workplaces] == ["丁厂"] and ask(search="丁").workplaces[0].covered_by_name == "第0村党支部"
    assert [w.name for w in all_pages(ask, "workplaces", limit=2, organisation_id=town(unit, "T1").id)] == ["甲厂", "己厂", "丁厂", "戊厂"]


def test_a_town_with_other_months_is_judged_by_its_own(unit, root, monkeypatch):
    """[A17]"""
    for place in ("T0", "T1"):
        usecases.register_workplace(unit, RegisterWorkplace(
            organisation_id=town(unit, place).id, name=f"{place}厂", sector="private_enterprise", set_up_on=date(2025, 11, 1)))
    slow = town(unit, "T1")
    monkeypatch.setattr(unit.books.adoptions, "places", lambda document, path: {slow.id: slow.path})
    monkeypatch.setattr(unit, "policy", lambda document, at: NewUnitPolicy(months=6 if at == slow.id else 3))
    page = usecases.list_workplaces(unit, ListWorkplaces(organisation_id=root))
    assert [(w.name, w.state, w.due_on) for w in page.workplaces] == [
        ("T0厂", "overdue", date(2026, 2, 1)), ("T1厂", "waiting", date(2026, 5, 1))]


def test_assignments_come_in_tree_order_and_are_found_by_person_or_organisation(unit, root):
    """[A15] [A16]"""
    one = find(unit, "V10-0")
    leader = usecases.assign(unit, Assign(kind="contact_point", organisation_id=town(unit, "V10").id, person_name="石小白", rank="county"))
    usecases.assign(unit, Assign(kind="in_charge", organisation_id=town(unit, "T1").id, person_id=leader.person_id))
    usecases.assign(unit, Assign(kind="group_member", organisation_id=town(unit, "V10").id, member_id=one))
    gone = usecases.assign(unit, Assign(kind="group_clerk", organisation_id=town(unit, "V20").id, person_name="白露"))
    usecases.end_assignment(unit, EndAssignment(assignment_id=gone.assignment_id))

    def ask(**more):
        return queries.list_assignments(unit, ListAssignments(**{"organisation_id": root} | more))
    assert [(a.kind, a.person_name, a.member_code) for a in all_pages(ask, "assignments", limit=2)] == [
        ("in_charge", "石小白", ""), ("contact_point", "石小白", ""), ("group_member", "曾小明", "V10-0")]
    assert ask().total == 3 and ask(past=True).total == 4 and ask(kind="in_charge").total == 1
    assert ask(organisation_id=town(unit, "T1").id, directly=True).total == 1
    assert (ask(search="石小白").total, ask(search="第0村").total, ask(search="白", past=True).total) == (2, 2, 3)


def test_zones_come_in_tree_order_found_by_their_words_and_those_that_owe_are_counted(unit, root):
    """[K1] [K3]"""
    def opened(place, name, since=date(2026, 1, 5)):
        return usecases.open_zone(unit, OpenZone(organisation_id=town(unit, place).id, name=name, place="二组河段", since=since,
                                                 member_ids=(find(unit, f"{place}-0"),)))

    kept, ended = opened("V10", "河道责任区"), opened("V11", "山场责任区")
    opened("V12", "新区", since=date(2026, 2, 20))
    opened("V20", "今天才有的", since=TODAY)
    for month in ("2026-01", "2026-02"):
        usecases.record_zone_month(unit, RecordZoneMonth(zone_id=kept.zone_id, month=month, no_accident=True, no_error=True, no_breach=True))
    usecases.end_zone(unit, EndZone(zone_id=ended.zone_id))

    def ask(**more):
        return usecases.list_zones(unit, ListZones(**{"organisation_id": root} | more))
    assert [z.name for z in all_pages(ask, "zones", limit=2, state="")] == ["河道责任区", "山场责任区", "新区", "今天才有的"]
    page = ask(limit=1)
    assert (page.total, page.owing, [z.name for z in page.zones]) == (3, 1, ["河道责任区"])
    assert [(z.name, z.missing) for z in ask(owing=True, state="").zones] == [("山场责任区", ("2026-02", "2026-01")), ("新区", ("2026-02",))]
    assert [z.name for z in ask(search="曾小明").zones] == ["河道责任区", "新区", "今天才有的"]
    assert [ask(search=word, state="").total for word in ("山场", "第2村", "二组", "member_id", "%")] == [1, 1, 4, 0, 0]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.dates(date(2023, 1, 1), TODAY), st.none() | st.dates(date(2024, 1, 1), TODAY), st.sets(st.integers(0, 40))), max_size=6))
def test_which_zones_owe_a_month_the_database_says_as_the_rule_does(unit, root, drawn):
    """[K3]"""
    months = [f"{y}-{m:02d}" for y in range(2023, 2027) for m in range(1, 13)]
    here, fake = town(unit, "V10"), FakeBooks()
    fake.organisations.add_many([here])
    unit.sql.execute(zones.delete())
    for n, (since, until, recorded) in enumerate(drawn):
        last = max(until, since) if until else TODAY
        there = [months[r] for r in sorted(recorded) if f"{since:%Y-%m}" <= months[r] <= f"{last:%Y-%m}"]
        one = Zone(id=f"zon_{n}", organisation_id=here.id, kind="zone", name=f"第{n}区", place="村口", since=since,
                   until=last if until else None, state="ended" if until else "active", members=(ZoneMember(member_id="m", name="曾"),),
                   months=tuple(ZoneMonth(month=m, no_accident=True, no_error=True, no_breach=True) for m in there))
        unit.books.zones.add(one)
        fake.zones.add(one)
    for owing in (False, True):
        asked = {"state": "", "search": "", "owing": owing, "today": TODAY, "after": "", "limit": 100}
        assert unit.books.zones.page(here.path, **asked) == fake.zones.page(here.path, **asked)
