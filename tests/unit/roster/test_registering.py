"""Entering organisations and members from a spreadsheet: all rows or none, again changes nothing."""
import pytest

from services.roster import usecases
from services.roster.domain.grant import Grant
from tests.fakes_roster import (
    COUNTY, FAR, OTHER, TOWN, VILLAGE, RosterUnit, founded, member_rows, office, organisation_rows,
)
from wire.contracts.calls import Forbidden
from wire.contracts.roster import (
    CheckMembers, CheckOrganisations, GrantEnded, GrantGiven, MemberChanged, MemberMoved, MemberRegistered, MemberRow, OrganisationChanged,
    OrganisationRegistered, RegisterMembers, RegisterOrganisations,
)


@pytest.fixture
def books():
    return founded()


def organisations(books, *lines, actor=None, check=False):
    unit = RosterUnit(books, CheckOrganisations if check else RegisterOrganisations, actor)
    rows = organisation_rows(*lines)
    if check:
        return usecases.check_organisations(unit, CheckOrganisations(rows=rows)), unit.announced
    return usecases.register_organisations(unit, RegisterOrganisations(rows=rows)), unit.announced


def members(books, *lines, actor=None, rows=None, check=False):
    unit = RosterUnit(books, CheckMembers if check else RegisterMembers, actor)
    rows = rows or member_rows(*lines)
    if check:
        return usecases.check_members(unit, CheckMembers(rows=rows)), unit.announced
    return usecases.register_members(unit, RegisterMembers(rows=rows)), unit.announced


def counts(verdict):
    return verdict.total, verdict.new, verdict.changed, verdict.same, verdict.done, len(verdict.faults)


NEW = (("V2", "松坡村党支部", "党支部", "T"), ("G2", "松坡村一组", "党小组", "V2"))


class TestOrganisations:
    def test_what_is_new_is_entered_and_announced_parents_first(self, books):
        verdict, announced = organisations(books, *reversed(NEW))
        assert counts(verdict) == (2, 2, 0, 0, True, 0)
        assert [type(e) for e in announced] == [OrganisationRegistered] * 2
        assert [e.code for e in announced] == ["V2", "G2"] and announced[1].parent_id == announced[0].organisation_id
        assert announced[0].path == f"/{COUNTY}/{TOWN}/{announced[0].organisation_id}/"

    def test_the_same_file_again_changes_nothing_and_announces_nothing(self, books):
        organisations(books, *NEW)
        before = dict(books.organisations.kept)
        verdict, announced = organisations(books, *NEW)
        assert counts(verdict) == (2, 0, 0, 2, True, 0)
        assert announced == [] and books.organisations.kept == before

    def test_one_fault_and_nothing_is_written(self, books):
        before = dict(books.organisations.kept)
        verdict, announced = organisations(books, *NEW, ("V3", "杏花村党支部", "党支部", "NOPE"))
        assert counts(verdict) == (3, 0, 0, 0, False, 1)
        assert (verdict.faults[0].row, verdict.faults[0].column, verdict.faults[0].value) == (4, "上级编号", "NOPE")
        assert announced == [] and books.organisations.kept == before

    def test_checking_says_the_same_and_writes_nothing(self, books):
        before = dict(books.organisations.kept)
        verdict, announced = organisations(books, *NEW, check=True)
        assert counts(verdict) == (2, 2, 0, 0, False, 0) and announced == [] and books.organisations.kept == before

    def test_a_move_is_announced_for_everything_below(self, books):
        organisations(books, *NEW)
        verdict, announced = organisations(books, ("V2", "松坡村党支部", "党支部", "O"))
        assert counts(verdict) == (1, 0, 1, 0, True, 0)
        assert [(type(e), e.code, e.version) for e in announced] == [(OrganisationChanged, "V2", 2), (OrganisationChanged, "G2", 2)]
        assert all(e.path.startswith(f"/{COUNTY}/{OTHER}/") for e in announced)
        assert books.directory.within(announced[1].organisation_id, OTHER)

    def test_an_office_acts_only_within_its_part_of_the_tree(self, books):
        """[X17]"""
        town = office(TOWN, "grt_town", "prs_town")
        assert organisations(books, *NEW, actor=town)[0].done
        for line in (("V9", "外村党支部", "党支部", "O"), ("O", "枫林镇党委改名", "党委", "C"), ("V", "柳溪村党支部", "党支部", "O"),
                     ("C", "云岭县委改名", "县委", "")):
            with pytest.raises(Forbidden):
                organisations(books, line, actor=town)

    def test_a_file_of_nothing_but_faults_is_answered_to_an_office_and_to_nobody_else(self, books):
        """[X16]"""
        line = ("", "", "", "NOPE")
        assert organisations(books, line, actor=office(TOWN, "grt_town"))[0].faults
        nobody = office().__class__(kind="person", person_id="prs_x", name="路人")
        with pytest.raises(Forbidden):
            organisations(books, line, actor=nobody)


class TestMembers:
    def test_each_new_member_has_the_grant_over_their_own_matters(self, books):
        verdict, announced = members(books, ("1", "曾小明", "V"), ("2", "单立人", "V"))
        assert counts(verdict) == (2, 2, 0, 0, True, 0)
        assert [type(e) for e in announced] == [MemberRegistered] * 2 + [GrantGiven] * 2
        assert announced[0].sort_key.startswith("zeng") and announced[0].organisation_id == VILLAGE
        grant = announced[2]
        assert (grant.role, grant.organisation_id, grant.member_id, grant.person_id) == (
            "member", VILLAGE, announced[0].member_id, announced[0].member_id)

    def test_no_post_in_a_spreadsheet_gives_any_other_grant(self, books):
        """[X45]"""
        rows = tuple(MemberRow(row=n, code=str(n), name="张书记", kind="正式党员", organisation_code="V", post=post, post_kind="领导干部")
                     for n, post in enumerate(("书记", "党支部书记", "secretary", "县级管理员"), 2))
        _, announced = members(books, rows=rows)
        assert {e.role for e in announced if isinstance(e, GrantGiven)} == {"member"}
        assert {g.role for g in books.grants.kept.values()} == {"member", "office"}

    def test_the_same_file_again_changes_nothing_and_announces_nothing(self, books):
        members(books, ("1", "曾小明", "V"))
        before = dict(books.grants.kept)
        verdict, announced = members(books, ("１", "曾 小明 ", "V"))
        assert counts(verdict) == (1, 0, 0, 1, True, 0) and announced == [] and books.grants.kept == before

    def test_a_member_who_moves_leaves_the_old_grant_behind(self, books):
        members(books, ("1", "曾小明", "V"))
        [old] = [g for g in books.grants.kept.values() if g.role == "member"]
        verdict, announced = members(books, ("1", "曾小明", "P"))
        assert counts(verdict) == (1, 0, 1, 0, True, 0)
        assert [type(e) for e in announced] == [MemberMoved, GrantEnded, GrantGiven]
        assert announced[1].grant_id == old.id and announced[2].organisation_id == FAR
        assert [g.organisation_id for g in books.grants.held_by([old.member_id])] == [FAR]

    def test_a_corrected_name_is_corrected_in_every_grant(self, books):
        _, [registered, _] = members(books, ("1", "曾小明", "V"))
        books.grants.add_many([Grant(id="grt_s", person_id=registered.member_id, person_name="曾小明", member_id=registered.member_id,
                                     role="secretary", organisation_id=VILLAGE)])
        _, announced = members(books, ("1", "曾晓明", "V"))
        assert [type(e) for e in announced] == [MemberChanged, GrantGiven, GrantGiven]
        assert {(g.person_name, g.version) for g in books.grants.held_by([registered.member_id])} == {("曾晓明", 2)}

    def test_faults_are_named_and_nothing_is_written(self, books):
        rows = (MemberRow(row=2, code="1", name="", kind="群众", organisation_code="NOPE", post_kind="皇帝", joined_on="2030-01-01"),
                *member_rows(("2", "曾小明", "V")))
        verdict, announced = members(books, rows=(*rows, rows[1]))
        assert {(f.column, f.value) for f in verdict.faults} == {
            ("姓名", ""), ("身份", "群众"), ("所在党组织编号", "NOPE"), ("岗位类别", "皇帝"), ("入党日期", "2030-01-01"), ("编号", "2")}
        assert not verdict.done and announced == [] and not books.members.kept

    def test_checking_writes_nothing(self, books):
        verdict, announced = members(books, ("1", "曾小明", "V"), check=True)
        assert counts(verdict) == (1, 1, 0, 0, False, 0) and announced == [] and not books.members.kept

    def test_an_office_takes_in_members_only_from_and_into_its_part_of_the_tree(self, books):
        """[X17]"""
        members(books, ("1", "曾小明", "P"))
        town = office(TOWN, "grt_town", "prs_town")
        assert members(books, ("2", "单立人", "V"), actor=town)[0].done
        for line in (("3", "区大伟", "P"), ("1", "曾小明", "V"), ("2", "单立人", "P")):
            with pytest.raises(Forbidden):
                members(books, line, actor=town)
