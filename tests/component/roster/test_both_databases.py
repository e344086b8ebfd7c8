"""Use cases and queries of the roster on real books: the same answers from SQLite and PostgreSQL."""
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from services.roster import queries, usecases
from services.roster.domain.refusals import AlreadyFounded, Incomplete
from tests.component.roster.on_books import Real, find, town
from tests.fakes import day
from tests.fakes_roster import member_rows, organisation_rows
from wire.bus.tables import history
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.calls import NotFound, Stale
from wire.contracts.roster import (
    Appoint, BeginTransfer, ConfirmGrants, CorrectMember, EndGrant, EndPosition, FoundCounty, GiveGrant, GrantsOf,
    ListBirthdays, ListDefects, ListGrants, ListMembers, ListOrganisations, ListPositions, ListWaiting, MergeMembers,
    ReadMember, RecordLeaving, RecordWhereabouts, SyncMembers, SyncOrganisations, ReportResidence, SetStanding, ShowNameplate,
)


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


def test_a_branchs_own_are_those_of_its_party_groups_too_and_a_town_has_none(unit, root):
    here = town(unit, "V10")
    usecases.sync_organisations(unit, SyncOrganisations(rows=organisation_rows(("G10", "第一党小组", "党小组", "V10"))))
    usecases.sync_members(unit, SyncMembers(rows=member_rows(("G10-0", "何小满", "G10"))))
    page = queries.list_members(unit, ListMembers(organisation_id=here.id, place="own"))
    assert {m.name for m in page.members} == {"曾小明", "单立人", "Anna Li", "何小满"} and page.total == 4
    assert queries.list_members(unit, ListMembers(organisation_id=town(unit).id, place="own")).total == 0


def test_members_are_filtered_by_what_stands_in_the_roll(unit, root):
    one, two, three = find(unit, "V10-0"), find(unit, "V10-1"), find(unit, "V11-0")
    other = town(unit, "V20").id
    usecases.record_whereabouts(unit, RecordWhereabouts(member_id=one, whereabouts="inflow", inflow_id=other))
    usecases.record_whereabouts(unit, RecordWhereabouts(member_id=two, whereabouts="unreachable"))
    usecases.set_standing(unit, SetStanding(member_id=two, standing="correcting", note="评议靠后"))
    usecases.show_nameplate(unit, ShowNameplate(member_id=three))
    usecases.report_residence(unit, ReportResidence(member_id=three, residence_id=other))
    twice = find(unit, "V12-0")
    usecases.correct_member(unit, CorrectMember(member_id=twice, name=unit.books.members.get(one).name))
    usecases.merge_members(unit, MergeMembers(kept_id=one, merged_id=twice))

    def listed(at="", **what):
        return [m.member_id for m in queries.list_members(unit, ListMembers(organisation_id=at or town(unit).id, **what)).members]
    assert listed(whereabouts="floating") == [two, one] and listed(whereabouts="inflow") == [one]
    assert listed(standing="correcting") == [two] and listed(nameplate="shown") == [three]
    assert listed(kind="probationary") == [] and len(listed(post_kind="staff")) == 11
    assert listed(other, place="inflow") == [one] and listed(other, place="residence") == [three]
    assert listed(search="V12-0") == [one], "the code of the merged entry leads to the kept one"
    assert [m.code for m in queries.list_members(unit, ListMembers(organisation_id=root, state="left")).members] == ["V12-0"]
    assert [(d.kind, d.member_id) for d in queries.list_defects(unit, ListDefects(organisation_id=root)).items] == [("unreachable", two)]


def test_defects_are_listed_by_name_with_what_is_missing(unit, root):
    """[A21]"""
    one, two = find(unit, "V10-0"), find(unit, "V10-1")
    usecases.record_whereabouts(unit, RecordWhereabouts(
        member_id=one, whereabouts="outside", outside_place="东莞", lacks=("management", "role")))
    usecases.begin_transfer(unit, BeginTransfer(member_id=two, organisation_id=town(unit, "V20").id))
    found = queries.list_defects(unit, ListDefects(organisation_id=town(unit).id))
    assert (found.total, found.next) == (2, "") and {(d.name, d.kind, d.sentence) for d in found.items} == {
        ("曾小明", "lack", "流动党员无管理"), ("曾小明", "lack", "流动党员无作用发挥"),
        ("单立人", "hanging", "组织关系转往第0村党支部，对方还没有接收（两头挂空）")}
    assert queries.list_defects(unit, ListDefects(organisation_id=town(unit, "T2").id)).items == ()
    for search, who in (("slr", {"单立人"}), ("曾", {"曾小明"}), ("第0村", {"曾小明", "单立人"}), ("V10-1", {"单立人"}), ("何", set())):
        page = queries.list_defects(unit, ListDefects(organisation_id=root, search=search))
        assert ({d.name for d in page.items}, page.total) == (who, len(who)), search
    first = queries.list_defects(unit, ListDefects(organisation_id=root, limit=1))
    second = queries.list_defects(unit, ListDefects(organisation_id=root, limit=1, after=first.next))
    assert [{d.name for d in page.items} for page in (first, second)] == [{"单立人"}, {"曾小明"}] and (first.total, second.next) == (2, "")


def test_political_birthdays_come_by_month_and_day(unit, root):
    for code, joined in (("V10-0", "2001-07-09"), ("V10-1", "1998-07-01"), ("V10-2", "2010-03-01"), ("V20-0", "2001-07-03")):
        member = unit.books.members.by_codes([code])[code]
        usecases.correct_member(unit, CorrectMember(member_id=member.id, name=member.name, joined_on=day(joined)))
    found = queries.list_birthdays(unit, ListBirthdays(organisation_id=town(unit).id, month=7))
    assert [(b.name, b.day, b.years) for b in found.birthdays] == [("单立人", 1, 28), ("曾小明", 9, 25)]
    assert found.months == (0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0) and (found.total, found.next) == (2, "")
    first = queries.list_birthdays(unit, ListBirthdays(organisation_id=root, month=7, limit=2))
    second = queries.list_birthdays(unit, ListBirthdays(organisation_id=root, month=7, limit=2, after=first.next))
    assert [b.day for page in (first, second) for b in page.birthdays] == [1, 3, 9] and (first.total, second.next) == (3, "")
    found = queries.list_birthdays(unit, ListBirthdays(organisation_id=root, month=7, search="zxm"))
    assert ([b.name for b in found.birthdays], found.total, found.months[2]) == (["曾小明"] * found.total, found.total, 1)
    assert queries.list_birthdays(unit, ListBirthdays(organisation_id=root, month=7, after="x|y")).total == 3, "no place is the beginning"


def test_an_entry_is_read_with_its_register_and_the_names_in_it(unit, root):
    one, other = find(unit, "V10-0"), town(unit, "V20").id
    usecases.record_whereabouts(unit, RecordWhereabouts(member_id=one, whereabouts="inflow", inflow_id=other))
    usecases.begin_transfer(unit, BeginTransfer(member_id=one, organisation_id=other))
    detail = queries.read_member(unit, ReadMember(member_id=one))
    assert (detail.member.organisation_name, detail.inflow_name, detail.transfer_to_name, detail.residence_name) == (
        "第0村党支部", "第0村党支部", "第0村党支部", "")
    assert [(a.act, a.acted_by_name) for a in detail.acts] == [("开始转接组织关系", "县办一"), ("县内流动", "县办一")]
    two = find(unit, "V10-1")
    unit.doing, unit.actor = ReadMember, Actor(kind="person", person_id="prs_x", name="何书记", grants=(
        HeldGrant(grant_id="grt_x", role="secretary", organisation_id=other),))
    assert queries.read_member(unit, ReadMember(member_id=one)).member.member_id == one, "those who take them in see them"
    with pytest.raises(NotFound):
        queries.read_member(unit, ReadMember(member_id=two))


def test_a_town_moved_takes_its_villages_and_members_along(unit, root):
    verdict = usecases.sync_organisations(unit, SyncOrganisations(rows=organisation_rows(("T1", "第1镇党委", "党委", "T0"))))
    assert (verdict.changed, verdict.refused) == (1, 0)
    unit.directory.forget()
    assert queries.list_members(unit, ListMembers(organisation_id=town(unit, "T0").id)).total == 24
    assert unit.directory.within(town(unit, "V11").id, town(unit, "T0").id)


def test_grants_are_listed_those_in_force_first(unit, root):
    clerk = usecases.give_grant(unit, GiveGrant(organisation_id=town(unit).id, role="clerk", person_name="何小满"))
    usecases.give_grant(unit, GiveGrant(organisation_id=town(unit).id, role="secretary", person_id=clerk.person_id))
    usecases.end_grant(unit, EndGrant(grant_id=clerk.grant_id))
    listed = queries.list_grants(unit, ListGrants(organisation_id=town(unit).id)).items
    assert [(g.role, g.state) for g in listed] == [("secretary", "given"), ("clerk", "ended")]
    assert queries.grants_of(unit, GrantsOf(person_id=clerk.person_id)) == (), "the secretary's waits for the superior"
    [waiting] = queries.list_waiting(unit, ListWaiting(organisation_id=root)).items
    usecases.confirm_grants(unit, ConfirmGrants(grant_ids=(waiting.grant_id,)))
    assert [(g.role, g.works) for g in queries.grants_of(unit, GrantsOf(person_id=clerk.person_id))] == [("secretary", True)]
    assert queries.list_waiting(unit, ListWaiting(organisation_id=root)).items == ()


def test_two_systems_of_one_kind_are_told_apart_in_the_list_of_grants(unit, root):
    """A person's name has no figures, a key's has them. [X48]"""
    for name in ("同步1", "同步2"):
        usecases.give_grant(unit, GiveGrant(organisation_id=root, role="system", person_name=name))
    listed = queries.list_grants(unit, ListGrants(organisation_id=root, search="同步")).items
    assert sorted(g.person_name for g in listed) == ["同步1", "同步2"]
    with pytest.raises(Incomplete):
        usecases.give_grant(unit, GiveGrant(organisation_id=root, role="clerk", person_name="何小满1"))


def test_positions_are_listed_head_first_with_what_they_give_and_one_secretary_only(unit, root):
    """[A14] [A15]"""
    here = town(unit, "V10").id
    clerk = usecases.appoint(unit, Appoint(organisation_id=here, kind="clerk", person_name="何小满"))
    usecases.appoint(unit, Appoint(organisation_id=here, kind="secretary", member_id=find(unit, "V10-0")))
    with pytest.raises(IntegrityError), unit.sql.begin_nested():
        unit.books.positions.add(replace(unit.books.positions.held_at(here)[1], id="pos_second"))
    listed = queries.list_positions(unit, ListPositions(organisation_id=here))
    assert [(p.kind, p.person_name, [(g.role, g.works) for g in p.gives]) for p in listed] == [
        ("secretary", "曾小明", [("secretary", False)]), ("clerk", "何小满", [("clerk", True)])]
    usecases.end_position(unit, EndPosition(position_id=clerk.position_id))
    assert [p.kind for p in queries.list_positions(unit, ListPositions(organisation_id=here))] == ["secretary"]
    assert [p.state for p in queries.list_positions(unit, ListPositions(organisation_id=here, ended=True))] == ["held", "ended"]
    assert [p.kind for p in queries.list_positions(unit, ListPositions(organisation_id=root, person_id=find(unit, "V10-0")))] == ["secretary"]


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


def test_what_waits_is_paged_in_tree_order_and_found_by_name(unit, root):
    """[X45]"""
    for n, name in enumerate("甲乙丙丁戊"):
        usecases.give_grant(unit, GiveGrant(organisation_id=town(unit, f"T{n % 3}").id, role="secretary", person_name=f"何{name}"))
    seen, after = [], ""
    while page := queries.list_waiting(unit, ListWaiting(organisation_id=root, limit=2, after=after)):
        assert page.total == 5
        seen += [(g.organisation_name, g.person_name) for g in page.items]
        if not (after := page.next):
            break
    assert len(set(seen)) == 5 and [place for place, _ in seen] == [town(unit, c).name for c in ("T0", "T0", "T1", "T1", "T2")]
    assert [g.person_name for g in queries.list_waiting(unit, ListWaiting(organisation_id=root, search="何丙")).items] == ["何丙"]


def test_nobody_leaves_before_they_were_given_a_grant(unit, root):
    one = find(unit, "V10-0")
    given = usecases.give_grant(unit, GiveGrant(organisation_id=town(unit, "V10").id, role="clerk", member_id=one))
    unit.sql.execute(history.insert(), {
        "aggregate": "roster.grant", "aggregate_id": given.grant_id, "version": 1, "what": "roster.grant.given.v1", "state": "{}", "at": unit.now,
        "person_id": "", "person_name": "", "on_behalf_of": "", "correlation": ""})
    with pytest.raises(Incomplete, match="开通权限"):
        usecases.record_leaving(unit, RecordLeaving(member_id=one, because="died", happened_on=day("2026-03-01")))
    assert usecases.record_leaving(unit, RecordLeaving(member_id=one, because="died", happened_on=day("2026-03-02"))).left_on == day("2026-03-02")


def test_two_who_read_the_same_version_cannot_both_change_it(unit, root):
    first = town(unit)
    unit.books.organisations.save_many([first.told_again(name="先改的名称")])
    with pytest.raises(Stale):
        unit.books.organisations.save_many([first.told_again(name="后改的名称")])
