"""The running roster: what its doors let in, what it tells, and that every other service comes to know the same."""
from datetime import date

import pytest
from sqlalchemy import func, select

from services.commendation.service import CommendationService
from services.gateway.deeds import AGGREGATES
from services.gateway.pages import history_words
from services.roster.service import RosterService
from tests.authority_roster import acting, administrator
from tests.fakes_roster import member_rows, organisation_rows
from wire import directory
from wire.bus.tables import audit, history, outbox
from wire.bus.testing import house
from wire.contracts.actor import PUBLIC, Actor, HeldGrant, service_actor
from wire.contracts.calls import Remote
from wire.contracts.history import read_history_of
from wire.contracts.roster import (
    Appoint, Assign, ConfirmGrants, DefineSystem, EndGrant, EndPosition, FoundCounty, GiveGrant, GrantsOf, ListGrants, ListMembers,
    ListOrganisations, MergeMembers, MoveMember, ReadMember, RecordLeaving, RegisterWorkplace, ReportResidence, SyncedOrganisation, SyncMembers,
    SyncOrganisations,
)

INVITED = Actor(kind="invitation")
FOUND = FoundCounty(code="C", name="云岭县委", person_name="县办一")
TREE = organisation_rows(("V", "柳溪村党支部", "党支部", "T"), ("T", "石桥镇党委", "党委", "C"), ("O", "枫林镇党委", "党委", "C"),
                         ("G", "柳溪村一组", "党小组", "V"), ("P", "枫口村党支部", "党支部", "O"))
PEOPLE = member_rows(("1", "曾小明", "V"), ("2", "单立人", "V"), ("3", "张三", "G"), ("4", "欧阳春", "P"), ("5", "张一", "G"))


@pytest.fixture
def running(tmp_path):
    with house(tmp_path, RosterService, CommendationService) as opened:
        yield opened


@pytest.fixture
def county(running):
    """Founded, with five organisations and five members; the office that did it."""
    running.call(INVITED, FOUND)
    office = administrator(running)
    assert running.call(office, SyncOrganisations(rows=TREE)).new == running.call(office, SyncMembers(rows=PEOPLE)).new == 5
    return office


def root_of(actor):
    return actor.grants[0].organisation_id


def ids(running, office):
    page = running.call(office, ListOrganisations(organisation_id=root_of(office)))
    return {o.code: o.organisation_id for o in page.organisations}


class TestFounding:
    def test_a_county_is_founded_once_and_only_on_an_invitation(self, running):
        for who in (PUBLIC, service_actor("gateway")):
            with pytest.raises(Remote) as refused:
                running.call(who, FOUND)
            assert refused.value.status == 403
        founded = running.call(INVITED, FOUND, key="once")
        assert running.call(INVITED, FOUND, key="once") == founded
        with pytest.raises(Remote) as refused:
            running.call(INVITED, FOUND, key="twice")
        assert (refused.value.code, refused.value.status) == ("already_founded", 409)
        held = running.call(service_actor("gateway"), GrantsOf(person_id=founded.person_id))
        assert [(g.role, g.organisation_id, g.organisation_name) for g in held] == [("office", founded.organisation_id, "云岭县委")]


class TestLists:
    def test_the_tree_in_its_order_with_heads_counted_below(self, running, county):
        found = running.call(county, ListOrganisations(organisation_id=root_of(county))).organisations
        assert {o.code: o.members for o in found} == {"C": 5, "T": 4, "V": 4, "G": 2, "O": 1, "P": 1}
        assert found[0].code == "C" and [o.path for o in found] == sorted(o.path for o in found)
        below = running.call(county, ListOrganisations(organisation_id=ids(running, county)["V"])).organisations
        assert [o.code for o in below] == ["V", "G"]

    def test_pages_put_together_are_the_list(self, running, county):
        def paged(request, what):
            seen, after = [], ""
            while True:
                page = running.call(county, request(organisation_id=root_of(county), limit=2, after=after))
                seen += [one.code for one in getattr(page, what)]
                if not (after := page.next):
                    return seen
        assert sorted(paged(ListOrganisations, "organisations")) == ["C", "G", "O", "P", "T", "V"]
        assert paged(ListMembers, "members") == ["4", "2", "1", "3", "5"]

    @pytest.mark.parametrize(("search", "codes"), [
        ("zxm", ["1"]), ("Z", ["1", "3", "5"]), ("slr", ["2"]), ("欧阳", ["4"]), ("5", ["5"]), ("%", []), ("_", []), (" 张三 ", ["3"])])
    def test_members_are_found_by_name_code_and_initials(self, running, county, search, codes):
        """Signs of a pattern find nothing."""
        page = running.call(county, ListMembers(organisation_id=root_of(county), search=search))
        assert sorted(m.code for m in page.members) == codes and page.total == len(codes)

    def test_organisations_are_found_by_name_and_code(self, running, county):
        for search, codes in (("柳溪", ["G", "V"]), ("t", ["T"]), ("%", [])):
            page = running.call(county, ListOrganisations(organisation_id=root_of(county), search=search))
            assert sorted(o.code for o in page.organisations) == codes


class TestMany:
    def test_the_same_again_announces_nothing(self, running, county):
        def told():
            with running.reading("roster") as unit:
                return unit.sql.scalar(select(func.count()).select_from(outbox))
        before = told()
        assert running.call(county, SyncOrganisations(rows=TREE)).same == 5
        assert running.call(county, SyncMembers(rows=PEOPLE)).same == 5
        assert told() == before == 2 + 5 + 5

    def test_what_no_cell_can_hold_is_refused_at_the_door(self, running, county):
        """[X26]"""
        for cell in ("一" * 401, "空\0字"):
            with pytest.raises(Remote) as refused:
                running.call(county, SyncOrganisations(rows=(SyncedOrganisation(code="N1", name=cell),)))
            assert (refused.value.status, refused.value.code) == (422, "invalid")

    def test_a_thousand_members_at_once_take_seconds(self, running, county):
        rows = member_rows(*((f"N{i}", f"曾小{chr(0x4e00 + i)}", "V") for i in range(1000)))
        assert running.call(county, SyncMembers(rows=rows)).new == 1000
        assert running.call(county, ListMembers(organisation_id=root_of(county))).total == 1005
        running.settle(60)


class TestGrants:
    def test_an_ended_grant_stops_at_once_whoever_signed_it(self, running, county):
        """And one that decides works nowhere before it is confirmed. [X45] [X49]"""
        town = ids(running, county)["T"]
        second = acting(running.call(county, GiveGrant(organisation_id=town, role="office", person_name="县办二")))
        with pytest.raises(Remote) as refused:
            running.call(second, ListGrants(organisation_id=town))
        assert refused.value.status == 403 and running.call(service_actor("gateway"), GrantsOf(person_id=second.person_id)) == ()
        running.call(county, ConfirmGrants(grant_ids=(second.grants[0].grant_id,)))
        assert running.call(second, ListGrants(organisation_id=town)).total == 1
        running.call(county, EndGrant(grant_id=second.grants[0].grant_id))
        with pytest.raises(Remote) as refused:
            running.call(second, ListGrants(organisation_id=town))
        assert refused.value.status == 403
        assert running.call(service_actor("gateway"), GrantsOf(person_id=second.person_id)) == ()
        listed = running.call(county, ListGrants(organisation_id=town)).items
        assert [(g.person_name, g.state) for g in listed] == [("县办二", "ended")]

    def test_a_members_own_is_read_off_the_roll_and_works_where_they_belong(self, running, county):
        """From the moment they are entered, in the new place from a move on, and not once they left. [X45] [X49]"""
        places = ids(running, county)
        one = next(m for m in running.call(county, ListMembers(organisation_id=places["V"])).members if m.code == "1").member_id

        def held():
            return running.call(service_actor("gateway"), GrantsOf(person_id=one))

        def read(grants):
            running.call(Actor(kind="person", person_id=one, name="曾小明", member_id=one, grants=grants), ReadMember(member_id=one))

        def signed():
            return tuple(HeldGrant(grant_id=g.grant_id, role=g.role, organisation_id=g.organisation_id) for g in held())

        [before] = held()
        assert (before.role, before.organisation_name, before.works) == ("member", "柳溪村党支部", True)
        given = GiveGrant(organisation_id=places["V"], role="member", member_id=one)
        assert running.call(county, given) == before, "asked for, it is the one there is"
        at_home = signed()
        read(at_home)
        running.call(county, MoveMember(member_id=one, organisation_id=places["P"]))
        assert [g.organisation_name for g in held()] == ["枫口村党支部"]
        read(signed())
        there = signed()
        running.call(county, RecordLeaving(member_id=one, because="moved_out"))
        assert held() == ()
        for grants in (at_home, there):
            with pytest.raises(Remote) as refused:
                read(grants)
            assert refused.value.status in (403, 404)

    def test_the_history_of_a_grant_is_kept_with_who_did_it(self, running, county):
        view = running.call(county, GiveGrant(organisation_id=root_of(county), role="auditor", person_name="审计员"))
        running.call(county, EndGrant(grant_id=view.grant_id))
        with running.reading("roster") as unit:
            lines = unit.sql.execute(select(history.c.version, history.c.what, history.c.person_name).where(
                history.c.aggregate_id == view.grant_id).order_by(history.c.version)).all()
        assert [tuple(line) for line in lines] == [
            (1, "roster.grant.given.v1", "县办一"), (2, "roster.grant.ended.v1", "县办一")]

    def test_an_office_of_one_town_sees_and_changes_nothing_of_another(self, running, county):
        """[X17]"""
        places = ids(running, county)
        town = acting(running.call(county, GiveGrant(organisation_id=places["T"], role="office", person_name="镇办")))
        running.call(county, ConfirmGrants(grant_ids=(town.grants[0].grant_id,)))
        for request in (ListMembers(organisation_id=places["O"]), ListOrganisations(organisation_id=places["C"]),
                        ListGrants(organisation_id="org_nowhere"), SyncMembers(rows=member_rows(("9", "何小满", "P"))),
                        GiveGrant(organisation_id=places["O"], role="clerk", person_name="何小满")):
            with pytest.raises(Remote) as refused:
                running.call(town, request)
            assert refused.value.status == 403, request


def test_the_operation_log_says_which_member_was_appointed_merged_or_left(running, county):
    """And not which grant or position came or went with it; of a merge, each of the two. [X21]"""
    place = ids(running, county)["V"]
    running.call(county, SyncMembers(rows=member_rows(("6", "曾小明", "V"))))
    members = {one.code: one.member_id for one in running.call(county, ListMembers(organisation_id=place)).members}
    held = running.call(county, Appoint(organisation_id=place, kind="secretary", member_id=members["1"]))
    running.call(county, EndPosition(position_id=held.position_id))
    running.call(county, MergeMembers(kept_id=members["1"], merged_id=members["6"]))
    running.call(county, RecordLeaving(member_id=members["2"], because="moved_out"))
    with running.reading("roster") as unit:
        told = unit.sql.execute(select(audit.c.operation, audit.c.subject).order_by(audit.c.seq.desc()).limit(5)).all()
    assert [tuple(one) for one in reversed(told)] == [
        ("roster.appoint", members["1"]), ("roster.end_position", members["1"]), ("roster.merge_members", members["1"]),
        ("roster.merge_members", members["6"]), ("roster.record_leaving", members["2"])]


def test_every_service_comes_to_know_what_the_roster_knows(running, county):
    """Also after a move, a renaming and an ended grant: its copy equals the roster's own, row for row."""
    places = ids(running, county)
    clerk = running.call(county, GiveGrant(organisation_id=places["V"], role="clerk", person_name="何小满"))
    running.call(county, SyncOrganisations(rows=organisation_rows(("V", "柳溪村联合党支部", "联合党支部", "O"))))
    running.call(county, SyncMembers(rows=member_rows(("1", "曾晓明", "P"))))
    running.call(county, EndGrant(grant_id=clerk.grant_id))
    running.settle()
    copies = []
    for service in ("roster", "commendation"):
        with running.reading(service) as unit:
            copies.append({t.name: [tuple(r) for r in unit.sql.execute(select(t).order_by(t.c.id))] for t in directory.STREAMS.values()})
    assert copies[0] == copies[1]
    assert {name: len(rows) for name, rows in copies[0].items()} == {
        "directory_organisation": 6, "directory_member": 5, "directory_grant": 2}


class TestHistory:
    """Who may read an entry may read what became of it."""

    def test_a_member_reads_their_own_and_nobody_else_s(self, running, county):
        """[X16]"""
        people = {m.code: m for m in running.call(county, ListMembers(organisation_id=root_of(county))).members}
        one = people["1"]
        [own] = running.call(service_actor("gateway"), GrantsOf(person_id=one.member_id))
        ask = read_history_of("roster").request
        assert [e.what for e in running.call(acting(own), ask(aggregate="roster.member", aggregate_id=one.member_id)).entries] == [
            "roster.member.registered.v1"]
        for code in "24":
            with pytest.raises(Remote) as refused:
                running.call(acting(own), ask(aggregate="roster.member", aggregate_id=people[code].member_id))
            assert refused.value.status == 404

    def test_the_branch_somebody_reports_to_reads_it_while_they_do(self, running, county):
        """[A9]"""
        one = next(m for m in running.call(county, ListMembers(organisation_id=root_of(county))).members if m.code == "1")
        far = ids(running, county)["P"]
        clerk = acting(running.call(county, GiveGrant(organisation_id=far, role="clerk", person_name="何小满")))
        asked = read_history_of("roster").request(aggregate="roster.member", aggregate_id=one.member_id)
        with pytest.raises(Remote) as refused:
            running.call(clerk, asked)
        assert refused.value.status == 404
        running.call(county, ReportResidence(member_id=one.member_id, residence_id=far))
        assert len(running.call(clerk, asked).entries) == 2

    def test_positions_assignments_new_units_and_systems_are_read_where_they_are(self, running, county):
        """[A15] [A16] [A17] [A20]"""
        town = ids(running, county)["T"]
        made = {
            "roster.position": running.call(county, Appoint(organisation_id=town, kind="clerk", person_name="何小满")).position_id,
            "roster.assignment": running.call(county, Assign(kind="in_charge", organisation_id=town, person_name="石小白")).assignment_id,
            "roster.workplace": running.call(county, RegisterWorkplace(
                organisation_id=town, name="云雾茶厂", sector="private_enterprise", set_up_on=date(2026, 1, 10))).workplace_id,
            "roster.system": running.call(county, DefineSystem(name="茶业", organisation_id=town)).system_id}
        far = acting(running.call(county, GiveGrant(organisation_id=ids(running, county)["O"], role="clerk", person_name="叶落")))
        for aggregate, id_ in made.items():
            asked = read_history_of("roster").request(aggregate=aggregate, aggregate_id=id_)
            [entry] = running.call(county, asked).entries
            assert entry.changes and history_words.deed(entry.what) != entry.what and aggregate in AGGREGATES
            if aggregate != "roster.system":
                with pytest.raises(Remote) as refused:
                    running.call(far, asked)
                assert refused.value.status == 404
