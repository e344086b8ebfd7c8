"""Entering many organisations and members at once: what is announced, and which grants follow."""
import pytest

from services.roster import usecases
from services.roster.domain.grant import Grant
from tests.fakes_roster import COUNTY, FAR, OTHER, TOWN, VILLAGE, RosterUnit, founded, member_rows, organisation_rows
from wire.contracts.roster import (
    GrantGiven, MemberChanged, MemberMoved, MemberRegistered, OrganisationChanged, OrganisationRegistered, SyncedMember, SyncMembers,
    SyncOrganisations,
)


@pytest.fixture
def books():
    return founded()


def organisations(books, *lines):
    unit = RosterUnit(books, SyncOrganisations)
    return usecases.sync_organisations(unit, SyncOrganisations(rows=organisation_rows(*lines))), unit.announced


def members(books, *lines, rows=None):
    unit = RosterUnit(books, SyncMembers)
    return usecases.sync_members(unit, SyncMembers(rows=rows or member_rows(*lines))), unit.announced


def counts(reply):
    return reply.new, reply.changed, reply.same, reply.refused


NEW = (("V2", "松坡村党支部", "党支部", "T"), ("G2", "松坡村一组", "党小组", "V2"))


class TestOrganisations:
    def test_what_is_new_is_entered_and_announced_parents_first(self, books):
        reply, announced = organisations(books, *reversed(NEW))
        assert counts(reply) == (2, 0, 0, 0)
        assert [type(e) for e in announced] == [OrganisationRegistered] * 2
        assert [e.code for e in announced] == ["V2", "G2"] and announced[1].parent_id == announced[0].organisation_id
        assert announced[0].path == f"/{COUNTY}/{TOWN}/{announced[0].organisation_id}/"

    def test_the_same_again_changes_nothing_and_announces_nothing(self, books):
        organisations(books, *NEW)
        before = dict(books.organisations.kept)
        reply, announced = organisations(books, *NEW)
        assert counts(reply) == (0, 0, 2, 0)
        assert announced == [] and books.organisations.kept == before

    def test_a_move_is_announced_for_everything_below(self, books):
        organisations(books, *NEW)
        reply, announced = organisations(books, ("V2", "松坡村党支部", "党支部", "O"))
        assert counts(reply) == (0, 1, 0, 0)
        assert [(type(e), e.code, e.version) for e in announced] == [(OrganisationChanged, "V2", 2), (OrganisationChanged, "G2", 2)]
        assert all(e.path.startswith(f"/{COUNTY}/{OTHER}/") for e in announced)
        assert books.directory.within(announced[1].organisation_id, OTHER)


class TestMembers:
    def test_each_new_member_is_told(self, books):
        reply, announced = members(books, ("1", "曾小明", "V"), ("2", "单立人", "V"))
        assert counts(reply) == (2, 0, 0, 0)
        assert [type(e) for e in announced] == [MemberRegistered] * 2
        assert announced[0].sort_key.startswith("zeng") and announced[0].organisation_id == VILLAGE

    def test_no_post_gives_any_grant(self, books):
        """[X45]"""
        rows = tuple(SyncedMember(code=str(n), name="张书记", kind="member", organisation_code="V", post=post, post_kind="leader")
                     for n, post in enumerate(("书记", "党支部书记", "secretary", "县级管理员")))
        _, announced = members(books, rows=rows)
        assert {type(e) for e in announced} == {MemberRegistered}
        assert {g.role for g in books.grants.kept.values()} == {"office"}

    def test_the_same_again_changes_nothing_and_announces_nothing(self, books):
        members(books, ("1", "曾小明", "V"))
        before = dict(books.grants.kept)
        reply, announced = members(books, ("１", "曾 小明 ", "V"))
        assert counts(reply) == (0, 0, 1, 0) and announced == [] and books.grants.kept == before

    def test_a_member_who_moves_is_told_where_to(self, books):
        members(books, ("1", "曾小明", "V"))
        reply, [moved] = members(books, ("1", "曾小明", "P"))
        assert counts(reply) == (0, 1, 0, 0)
        assert type(moved) is MemberMoved and moved.organisation_id == FAR

    def test_a_corrected_name_is_corrected_in_every_grant(self, books):
        _, [registered] = members(books, ("1", "曾小明", "V"))
        books.grants.add_many([Grant(id=f"grt_{role}", person_id=registered.member_id, person_name="曾小明", member_id=registered.member_id,
                                     role=role, organisation_id=VILLAGE) for role in ("secretary", "clerk")])
        _, announced = members(books, ("1", "曾晓明", "V"))
        assert [type(e) for e in announced] == [MemberChanged, GrantGiven, GrantGiven]
        assert {(g.person_name, g.version) for g in books.grants.held_by([registered.member_id])} == {("曾晓明", 2)}
