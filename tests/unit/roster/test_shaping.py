"""The tree changes one organisation at a time: entering, changing, moving, merging, dissolving."""
import pytest

from services.roster.domain.grant import Grant
from services.roster.domain.member import Member
from services.roster.domain.refusals import CannotMerge, CodeTaken, Ended, Faulty, NameTaken, RootStays, StillInUse, SystemInUse
from tests.fakes_roster import COUNTY, FAR, OTHER, TOWN, VILLAGE, do, founded, office, organisation
from wire.contracts.calls import Forbidden, Stale
from wire.contracts.roster import (
    ChangeOrganisation, DefineSystem, DissolveOrganisation, EndSystem, GrantEnded, MemberMoved, MergeOrganisations,
    MoveOrganisation, OrganisationChanged, OrganisationDissolved, OrganisationMerged, OrganisationRegistered, RegisterOrganisation,
)

BECAUSE = "县委常委会决定"


@pytest.fixture
def books():
    """The small county, another village, and a member with a clerk in the first one."""
    made = founded()
    town = made.organisations.get(TOWN)
    made.organisations.add_many([organisation("org_second", town, code="V2", name="松坡村党支部")])
    made.members.add_many([Member(id="mem_1", code="M1", name="曾小明", sort_key="zeng", initials="zxm", kind="member", organisation_id=VILLAGE),
                           Member(id="mem_2", code="M2", name="单立人", sort_key="shan", initials="slr", kind="member", organisation_id=VILLAGE,
                                  state="left")])
    made.grants.add_many([
        Grant(id="grt_clerk", person_id="prs_c", person_name="何小满", member_id="", role="clerk", organisation_id=VILLAGE)])
    return made


def new(code="N", name="新村党支部", parent=TOWN, kind="branch", **more):
    return RegisterOrganisation(parent_id=parent, code=code, name=name, kind=kind, sector="rural", **more)


def change(books, organisation_id, **more):
    one = books.organisations.get(organisation_id)
    said = {"name": one.name, "kind": one.kind, "form": one.form, "sector": one.sector, "system_id": one.system_id,
            "founded_on": one.founded_on, "re_elected_on": one.re_elected_on, "version": one.version}
    return ChangeOrganisation(organisation_id=organisation_id, **(said | more))


class TestEntering:
    @pytest.mark.parametrize("form", ["ordinary", "joint", "temporary", "functional"])
    def test_a_branch_has_a_form(self, books, form):
        """[A18]"""
        told, [event] = do(books, new(form=form))
        assert isinstance(event, OrganisationRegistered) and event.form == told.form == form
        assert event.path == f"/{COUNTY}/{TOWN}/{told.organisation_id}/"

    def test_a_code_that_was_ever_used_is_refused_whoever_had_it(self, books):
        do(books, new())
        do(books, DissolveOrganisation(organisation_id=next(i for i, o in books.organisations.kept.items() if o.code == "N"), because=BECAUSE))
        for code in ("V", "Ｖ ", "N"):
            with pytest.raises(CodeTaken) as refused:
                do(books, new(code=code, name="别的党支部"))
            assert refused.value.status == 422 and "请换一个编号" in refused.value.errors["code"][0]

    @pytest.mark.parametrize(("request_", "field"), [
        (new(kind="county_committee"), "kind"), (new(kind="group"), "parent_id"), (new(name="柳溪村党支部"), "name"),
        (new(system_id="sys_none"), "system_id")])
    def test_a_second_root_a_wrong_kind_a_namesake_and_an_unknown_system_are_refused_at_their_field(self, books, request_, field):
        with pytest.raises(Faulty) as refused:
            do(books, request_)
        assert set(refused.value.errors) == {field} and refused.value.sentence.endswith("。")

    def test_dates_in_the_future_or_in_the_wrong_order_are_refused(self, books):
        from datetime import date
        for more in ({"founded_on": date(2030, 1, 1)}, {"founded_on": date(2020, 1, 1), "re_elected_on": date(2019, 1, 1)}):
            with pytest.raises(Faulty):
                do(books, new(**more))

    def test_a_town_s_office_enters_nothing_in_another_town(self, books):
        """[X17]"""
        with pytest.raises(Forbidden):
            do(books, new(parent=OTHER), actor=office(TOWN, "grt_town"))


class TestChanging:
    def test_what_is_said_anew_is_announced_once(self, books):
        asked = change(books, VILLAGE, name="柳溪村联合党支部", form="joint")
        told, [event] = do(books, asked)
        assert isinstance(event, OrganisationChanged) and (event.form, event.version, told.version) == ("joint", 2, 2)
        _, announced = do(books, change(books, VILLAGE))
        assert announced == []
        with pytest.raises(Stale):
            do(books, asked)

    def test_a_kind_that_what_hangs_below_cannot_stand_under_is_refused(self, books):
        with pytest.raises(Faulty) as refused:
            do(books, change(books, TOWN, kind="leading_group"))
        assert "党支部“松坡村党支部”" in str(refused.value.errors)


class TestMoving:
    def test_everything_below_moves_along_and_is_told(self, books):
        told, announced = do(books, MoveOrganisation(organisation_id=TOWN, parent_id=OTHER))
        assert [e.organisation_id for e in announced] == [TOWN, "org_second", VILLAGE]
        assert told.path == f"/{COUNTY}/{OTHER}/{TOWN}/" and all(e.path.startswith(told.path) for e in announced)
        assert do(books, MoveOrganisation(organisation_id=TOWN, parent_id=OTHER))[1] == []

    def test_a_circle_the_root_and_an_ended_parent_are_refused(self, books):
        with pytest.raises(Faulty):
            do(books, MoveOrganisation(organisation_id=TOWN, parent_id=VILLAGE))
        do(books, MoveOrganisation(organisation_id=TOWN, parent_id=OTHER))
        with pytest.raises(Faulty) as refused:
            do(books, MoveOrganisation(organisation_id=OTHER, parent_id=TOWN))
        assert "绕成了圈" in refused.value.sentence
        with pytest.raises(RootStays):
            do(books, MoveOrganisation(organisation_id=COUNTY, parent_id=TOWN))
        do(books, DissolveOrganisation(organisation_id="org_second", because=BECAUSE))
        with pytest.raises(Ended):
            do(books, MoveOrganisation(organisation_id=VILLAGE, parent_id="org_second"))


class TestMerging:
    MERGE = MergeOrganisations(organisation_id=VILLAGE, into_id="org_second", because=BECAUSE)

    def test_members_move_and_its_grants_end(self, books):
        books.organisations.add_many([organisation("org_group", books.organisations.get(VILLAGE), "group", code="G", name="一组")])
        told, announced = do(books, self.MERGE)
        assert [type(e) for e in announced] == [OrganisationChanged, MemberMoved, OrganisationMerged, GrantEnded]
        assert (told.state, told.merged_into, told.ended_because, told.ended_on.isoformat()) == ("merged", "org_second", BECAUSE, "2026-03-02")
        assert announced[0].path == f"/{COUNTY}/{TOWN}/org_second/org_group/"
        assert [(g.role, g.organisation_id) for g in books.grants.kept.values() if g.works] == [("office", COUNTY)]

    def test_who_floats_reports_or_is_on_the_way_there_is_led_on_and_nobody_to_their_own_home(self, books):
        common = {"name": "仇一", "sort_key": "qiu", "initials": "qy", "kind": "member"}
        books.members.add_many([
            Member(id="mem_3", code="M3", organisation_id=FAR, whereabouts="inflow", inflow_id=VILLAGE, residence_id=VILLAGE,
                   transfer_to_id=VILLAGE, **common),
            Member(id="mem_4", code="M4", organisation_id="org_second", whereabouts="inflow", inflow_id=VILLAGE, transfer_to_id=VILLAGE, **common)])
        with pytest.raises(StillInUse):
            do(books, DissolveOrganisation(organisation_id=VILLAGE, because=BECAUSE))
        do(books, self.MERGE)
        led, home = books.members.get("mem_3"), books.members.get("mem_4")
        assert {led.inflow_id, led.residence_id, led.transfer_to_id} == {"org_second"} and led.organisation_id == FAR
        assert (home.whereabouts, home.inflow_id, home.transfer_to_id, home.organisation_id) == ("home", "", "", "org_second")

    def test_who_left_before_stays_where_they_were(self, books):
        do(books, self.MERGE)
        assert {m.id: m.organisation_id for m in books.members.kept.values()} == {"mem_1": "org_second", "mem_2": VILLAGE}

    def test_a_second_call_changes_nothing_and_into_another_is_refused(self, books):
        first, _ = do(books, self.MERGE)
        assert do(books, self.MERGE) == (first, [])
        with pytest.raises(Ended):
            do(books, MergeOrganisations(organisation_id=VILLAGE, into_id=OTHER, because=BECAUSE))

    @pytest.mark.parametrize(("one", "into", "said"), [
        (VILLAGE, VILLAGE, "并入自己"), (TOWN, VILLAGE, "不能把上级并入下级"), (VILLAGE, TOWN, "党支部不能并入党委")])
    def test_into_itself_into_what_is_below_and_into_another_kind_are_refused(self, books, one, into, said):
        with pytest.raises(CannotMerge) as refused:
            do(books, MergeOrganisations(organisation_id=one, into_id=into, because=BECAUSE))
        assert said in refused.value.sentence
        with pytest.raises(RootStays):
            do(books, MergeOrganisations(organisation_id=COUNTY, into_id=TOWN, because=BECAUSE))

    def test_namesakes_below_must_be_told_apart_first(self, books):
        for place, code in ((VILLAGE, "G1"), ("org_second", "G2")):
            books.organisations.add_many([organisation(f"org_{code}", books.organisations.get(place), "group", code=code, name="第一党小组")])
        with pytest.raises(CannotMerge) as refused:
            do(books, self.MERGE)
        assert "都有“第一党小组”" in refused.value.sentence

    def test_an_office_of_one_side_alone_may_not(self, books):
        """[X17]"""
        with pytest.raises(Forbidden):
            do(books, MergeOrganisations(organisation_id=TOWN, into_id=OTHER, because=BECAUSE), actor=office(TOWN, "grt_town"))


class TestDissolving:
    def test_refused_while_anybody_is_in_it_or_anything_below(self, books):
        for place, said in ((VILLAGE, "党员 1 人"), (TOWN, "“松坡村党支部”、“柳溪村党支部”")):
            with pytest.raises(StillInUse) as refused:
                do(books, DissolveOrganisation(organisation_id=place, because=BECAUSE))
            assert said in refused.value.sentence and "请先" in refused.value.sentence
        with pytest.raises(RootStays):
            do(books, DissolveOrganisation(organisation_id=COUNTY, because=BECAUSE))

    def test_it_ends_with_every_grant_over_it_and_a_second_call_changes_nothing(self, books):
        books.grants.add_many([Grant(id="grt_s", person_id="prs_s", person_name="岳朗", member_id="", role="secretary",
                                     organisation_id="org_second")])
        asked = DissolveOrganisation(organisation_id="org_second", because=BECAUSE)
        told, announced = do(books, asked)
        assert [type(e) for e in announced] == [OrganisationDissolved, GrantEnded]
        assert do(books, asked) == (told, [])
        assert books.directory.organisation("org_second")["state"] == "dissolved"

    def test_nothing_is_done_with_it_any_more(self, books):
        do(books, DissolveOrganisation(organisation_id="org_second", because=BECAUSE))
        for request in (change(books, "org_second"), new(parent="org_second", kind="group", name="一组")):
            with pytest.raises(Ended):
                do(books, request)


class TestSystems:
    def test_an_organisation_belongs_to_a_system_beside_its_place_in_the_tree(self, books):
        """[A20]"""
        system, _ = do(books, DefineSystem(name="教育", organisation_id=TOWN))
        _, [event] = do(books, change(books, VILLAGE, system_id=system.system_id))
        assert event.system_id == system.system_id
        with pytest.raises(SystemInUse):
            do(books, EndSystem(system_id=system.system_id))
        _, [event] = do(books, change(books, VILLAGE, system_id=""))
        assert event.system_id == "" and do(books, EndSystem(system_id=system.system_id))[0].state == "ended"

    def test_the_same_name_twice_is_refused_and_the_same_again_changes_nothing(self, books):
        system, _ = do(books, DefineSystem(name="教育", organisation_id=TOWN))
        with pytest.raises(NameTaken):
            do(books, DefineSystem(name=" 教育 ", organisation_id=OTHER))
        again, _ = do(books, DefineSystem(system_id=system.system_id, name="教育", organisation_id=TOWN))
        renamed, _ = do(books, DefineSystem(system_id=system.system_id, name="教育系统", organisation_id=OTHER))
        assert (again.version, renamed.version, renamed.organisation_name) == (1, 2, "枫林镇党委")
