"""Positions give grants for as long as they last; what decides waits for the superior; one human being is one person."""
import pytest

from services.roster import usecases
from services.roster.domain.grant import DECIDING, Grant, GrantEnded as HasEnded
from services.roster.domain.policy import Gives, PositionPolicy
from services.roster.domain.position import MembersOnly, Taken
from services.roster.domain.refusals import (
    Ended, Incomplete, NameKnown, NotActive, NotAPerson, NotForOneself, SeparateDuties,
)
from tests.fakes import changed, day
from tests.fakes_roster import COUNTY, FAR, TOWN, VILLAGE, RosterUnit, founded, member_rows, office, do
from tests.unit.roster.lives import acting, entered
from wire.contracts import actor
from wire.contracts.calls import Forbidden, NotFound
from wire.contracts.roster import (
    Appoint, ConfirmGrants, EndGrant, EndPosition, GiveGrant, GrantConfirmed, GrantEnded, GrantGiven, LinkPerson, MergeMembers, MoveMember,
    RecordLeaving, SyncMembers,
)


@pytest.fixture
def books():
    return founded()


def act(books, request, actor=None):
    unit = RosterUnit(books, type(request), actor)
    verb = {Appoint: usecases.appoint, EndPosition: usecases.end_position, ConfirmGrants: usecases.confirm_grants,
            LinkPerson: usecases.link_person, EndGrant: usecases.end_grant, GiveGrant: usecases.give_grant}[type(request)]
    return verb(unit, request), unit.announced


def appointed(books, member, kind="secretary", place=VILLAGE, **more):
    return act(books, Appoint(organisation_id=place, kind=kind, member_id=member.member_id if member else "", **more))[0]


def may(books, view, place=VILLAGE):
    """Whether the person may now do what a secretary does there."""
    held = [g for g in books.grants.held_by([view.person_id]) if g.role == "secretary"]
    who = changed(acting("secretary", place), person_id=view.person_id, grants=tuple(
        actor.HeldGrant(grant_id=g.id, role=g.role, organisation_id=g.organisation_id) for g in held))
    return RosterUnit(books, Appoint, who).may(Appoint, place)


class TestAppointing:
    def test_a_secretary_decides_once_the_superior_has_confirmed_and_until_the_position_ends(self, books):
        """[A14] [X45] [X49]"""
        one = entered(books)
        view, announced = act(books, Appoint(organisation_id=VILLAGE, kind="secretary", member_id=one.member_id, from_on=day("2026-01-05")))
        assert [(type(e), e.role, e.position_id) for e in announced] == [(GrantGiven, "secretary", view.position_id)]
        assert [(g.role, g.works) for g in view.gives] == [("secretary", False)] and view.from_on == day("2026-01-05")
        assert not may(books, view)
        confirm = ConfirmGrants(grant_ids=(view.gives[0].grant_id,))
        [confirmed], [event] = act(books, confirm, acting("superior", TOWN))
        assert isinstance(event, GrantConfirmed) and confirmed.works and may(books, view)
        assert act(books, confirm, acting("superior", TOWN)) == ((confirmed,), [])
        ended, [event] = act(books, EndPosition(position_id=view.position_id, until_on=day("2026-03-01")))
        assert isinstance(event, GrantEnded) and (ended.state, ended.until_on, ended.gives) == ("ended", day("2026-03-01"), ())
        assert not may(books, view)
        assert act(books, EndPosition(position_id=view.position_id)) == (ended, [])
        with pytest.raises(HasEnded):
            act(books, confirm)

    def test_a_second_secretary_is_refused_and_named_and_a_first_secretary_stands_beside(self, books):
        one, two, three = entered(books), entered(books, "2", "单立人"), entered(books, "3", "仇一", FAR)
        appointed(books, one)
        for kind in ("secretary", "deputy_in_charge"):
            with pytest.raises(Taken) as refused:
                appointed(books, two, kind)
            assert "现任书记是曾小明" in refused.value.sentence
        assert appointed(books, three, "first_secretary").kind == "first_secretary"
        for kind in ("deputy", "committee"):
            assert appointed(books, two, kind).gives == ()

    def test_the_same_again_is_one_position(self, books):
        one = entered(books)
        view = appointed(books, one)
        assert act(books, Appoint(organisation_id=VILLAGE, kind="secretary", member_id=one.member_id)) == (view, [])

    def test_above_the_branches_a_secretary_is_the_superior_too(self, books):
        assert {g.role for g in appointed(books, entered(books), place=TOWN).gives} == {"secretary", "superior"}

    def test_a_clerk_need_not_be_a_member_and_works_at_once(self, books):
        """[A15]"""
        view = appointed(books, None, "clerk", person_name="何 小满")
        assert (view.person_name, view.member_id) == ("何小满", "") and [(g.role, g.works) for g in view.gives] == [("clerk", True)]
        with pytest.raises(MembersOnly):
            appointed(books, None, "secretary", person_id=view.person_id)
        with pytest.raises(MembersOnly):
            appointed(books, entered(books, kind="probationary"), "committee")

    @pytest.mark.parametrize(("more", "field"), [({"from_on": day("2026-03-03")}, "from_on"), ({"person_name": "何8"}, "person_name")])
    def test_what_does_not_fit_is_named(self, books, more, field):
        with pytest.raises(Incomplete) as refused:
            appointed(books, None, "clerk", **{"person_name": "何小满"} | more)
        assert set(refused.value.errors) == {field}

    def test_no_position_ends_before_it_began_or_in_the_future(self, books):
        view = appointed(books, entered(books), from_on=day("2026-01-05"))
        for on in ("2026-01-04", "2026-03-03"):
            with pytest.raises(Incomplete):
                act(books, EndPosition(position_id=view.position_id, until_on=day(on)))

    def test_nobody_appoints_or_confirms_themselves(self, books):
        one = entered(books)
        own = changed(office(), person_id=one.member_id, member_id=one.member_id)
        with pytest.raises(NotForOneself):
            act(books, Appoint(organisation_id=VILLAGE, kind="secretary", member_id=one.member_id), own)
        view = appointed(books, one)
        with pytest.raises(NotForOneself):
            act(books, ConfirmGrants(grant_ids=(view.gives[0].grant_id,)), own)

    def test_only_who_stands_above_confirms_and_all_or_none(self, books):
        near, far = appointed(books, entered(books)), appointed(books, entered(books, "2", "单立人", FAR), place=FAR)
        both = ConfirmGrants(grant_ids=(near.gives[0].grant_id, far.gives[0].grant_id))
        for who in (acting("secretary", VILLAGE), acting("superior", VILLAGE), acting("superior", TOWN)):
            with pytest.raises((Forbidden, NotFound)):
                act(books, both, who)
        assert not may(books, near)
        views, announced = act(books, both)
        assert [v.works for v in views] == [True, True] and len(announced) == 2

    def test_an_organisation_that_ended_is_named_and_not_said_to_be_unknown(self, books):
        ended = changed(books.organisations.get(FAR), state="dissolved", version=2)
        books.organisations.save_many([ended])
        with pytest.raises(Ended) as refused:
            appointed(books, entered(books), place=FAR)
        assert ended.name in refused.value.sentence and refused.value.status == 409


class TestFollowing:
    def test_moving_away_ends_what_was_held_in_the_branch_and_leaving_ends_all(self, books):
        """[X49]"""
        one = entered(books)
        secretary, clerk = appointed(books, one), appointed(books, one, "clerk")
        do(books, MoveMember(member_id=one.member_id, organisation_id=FAR))
        assert {p.id: p.state for p in books.positions.kept.values()} == {secretary.position_id: "ended", clerk.position_id: "held"}
        assert {g.role for g in books.grants.held_by([one.member_id])} == {"clerk"}
        do(books, RecordLeaving(member_id=one.member_id, because="died"))
        assert books.positions.held_by([one.member_id]) == [] == books.grants.held_by([one.member_id])
        with pytest.raises(NotActive):
            appointed(books, one)

    def test_a_file_takes_nobody_out_of_the_branch_they_lead(self, books):
        """[X45]"""
        appointed(books, entered(books))
        [verdict] = usecases.sync_members(RosterUnit(books, SyncMembers), SyncMembers(rows=member_rows(("1", "曾小明", "P")))).verdicts
        assert verdict.result == "refused" and "任书记" in verdict.sentences[0] and verdict.sentences[0].startswith("所在党组织编号")

    def test_what_the_second_entry_held_is_the_kept_ones_confirmed_as_it_was(self, books):
        kept, second = entered(books), entered(books, "2")
        view = appointed(books, second)
        act(books, ConfirmGrants(grant_ids=(view.gives[0].grant_id,)))
        do(books, MergeMembers(kept_id=kept.member_id, merged_id=second.member_id))
        position = books.positions.get(view.position_id)
        assert (position.person_id, position.member_id, position.state) == (kept.member_id, kept.member_id, "held")
        [grant] = [g for g in books.grants.held_by([kept.member_id]) if g.role == "secretary"]
        assert grant.works and grant.position_id == view.position_id

    def test_what_both_entries_held_is_held_once(self, books):
        """[X50]"""
        kept, second = entered(books), entered(books, "2")
        own, twice, other = appointed(books, kept, "clerk"), appointed(books, second, "clerk"), appointed(books, second, "clerk", TOWN)
        _, announced = do(books, MergeMembers(kept_id=kept.member_id, merged_id=second.member_id))
        assert {p.id for p in books.positions.held_by([kept.member_id])} == {own.position_id, other.position_id}
        ended = books.positions.get(twice.position_id)
        assert (ended.state, ended.person_id) == ("ended", second.member_id) and books.positions.held_by([second.member_id]) == []
        held = books.grants.held_by([kept.member_id])
        assert {g.position_id for g in held} == {own.position_id, other.position_id} and len(held) == len(own.gives) + len(other.gives)
        assert {g.grant_id for g in twice.gives} <= {e.grant_id for e in announced if isinstance(e, GrantEnded)}

    @pytest.mark.parametrize("sure", [{"1"}, {"2"}, {"1", "2"}, set()], ids=["kept", "second", "both", "neither"])
    def test_what_both_held_is_confirmed_where_either_was(self, books, sure):
        """Given by a position, and by hand. [X50, X45]"""
        kept, second = entered(books), entered(books, "2")
        decides = {PositionPolicy: PositionPolicy(gives=(Gives(position="deputy", level="branch", role="secretary"),))}
        for one in (kept, second):
            appoint = Appoint(organisation_id=VILLAGE, kind="deputy", member_id=one.member_id)
            given = [g.grant_id for g in do(books, appoint, policies=decides)[0].gives]
            given.append(act(books, GiveGrant(organisation_id=TOWN, role="superior", member_id=one.member_id))[0].grant_id)
            if one.code in sure:
                act(books, ConfirmGrants(grant_ids=tuple(given)))
        _, announced = do(books, MergeMembers(kept_id=kept.member_id, merged_id=second.member_id))
        held = [g for g in books.grants.held_by([kept.member_id]) if g.role in DECIDING]
        assert sorted((g.role, g.works) for g in held) == [("secretary", bool(sure)), ("superior", bool(sure))]
        told = {e.grant_id for e in announced if isinstance(e, GrantConfirmed)}
        assert told == ({g.id for g in held} if sure == {"2"} else set()), "told where it is new"


class TestOnePerson:
    def test_a_new_person_with_a_members_name_is_asked_back(self, books):
        """[X50]"""
        entered(books)
        for request in (GiveGrant(organisation_id=VILLAGE, role="auditor", person_name="曾小明"),
                        Appoint(organisation_id=VILLAGE, kind="clerk", person_name="曾小明")):
            with pytest.raises(NameKnown) as refused:
                act(books, request)
            assert "柳溪村党支部，编号 1" in refused.value.sentence
            assert act(books, changed(request, another=True))[0].person_name == "曾小明"

    def test_a_new_person_with_the_name_of_somebody_who_acts_here_is_asked_back(self, books):
        """[X50]"""
        clerk = appointed(books, None, "clerk", person_name="何小满")
        again = GiveGrant(organisation_id=FAR, role="liaison", person_name="何小满")
        with pytest.raises(NameKnown) as refused:
            act(books, again)
        assert refused.value.errors["person_id"] == {clerk.person_id: "何小满（不是党员，柳溪村党支部）"}
        with pytest.raises(NameKnown) as hidden:
            act(books, changed(again, person_name="何 小满"), acting("office", FAR))
        assert "由上级办理" in hidden.value.sentence and "柳溪村" not in hidden.value.sentence and hidden.value.errors["person_id"] == {}
        assert act(books, changed(again, person_id=clerk.person_id))[0].person_id == clerk.person_id
        assert act(books, changed(again, another=True))[0].person_id != clerk.person_id
        act(books, EndPosition(position_id=clerk.position_id))
        act(books, GiveGrant(organisation_id=COUNTY, role="system", person_name="大数据平台"))
        assert act(books, changed(again, person_name="大数据平台"))[0].person_name == "大数据平台", "a system is nobody's namesake"

    def test_a_person_who_is_a_member_is_that_member_from_then_on(self, books):
        """[X50]"""
        clerk = appointed(books, None, "clerk", person_name="何小满")
        one = entered(books, name="何小满")
        held, announced = act(books, LinkPerson(person_id=clerk.person_id, member_id=one.member_id))
        assert {(v.role, v.person_id) for v in held} == {("member", one.member_id), ("clerk", one.member_id)}
        assert [type(e) for e in announced] == [GrantEnded, GrantGiven] and books.grants.held_by([clerk.person_id]) == []
        assert act(books, LinkPerson(person_id=clerk.person_id, member_id=one.member_id))[1] == []
        again, _ = act(books, GiveGrant(organisation_id=FAR, role="liaison", person_id=clerk.person_id))
        assert again.person_id == one.member_id, "whoever still knows the old person means the member"

    def test_another_system_is_no_person_and_never_a_member(self, books):
        """Also when its grant has ended. [X48] [X50]"""
        one = entered(books)
        key, _ = act(books, GiveGrant(organisation_id=COUNTY, role="system", person_name="大数据平台"))
        for _ in range(2):
            with pytest.raises(NotAPerson) as refused:
                act(books, LinkPerson(person_id=key.person_id, member_id=one.member_id))
            assert "是数据接口，不是人" in refused.value.sentence
            act(books, EndGrant(grant_id=key.grant_id))

    def test_two_persons_who_are_one_hold_no_two_of_the_three_administrations(self, books):
        """One member with two accounts is refused. [X19] [X50]"""
        one = entered(books)
        act(books, GiveGrant(organisation_id=COUNTY, role="auditor", member_id=one.member_id))
        operator, _ = act(books, GiveGrant(organisation_id=COUNTY, role="operator", person_name="运维员"))
        with pytest.raises(SeparateDuties):
            act(books, LinkPerson(person_id=operator.person_id, member_id=one.member_id))


def test_the_rules_and_the_contracts_call_the_same_roles_deciding():
    assert tuple(role.value for role in actor.DECIDING) == DECIDING


def test_a_grant_of_a_role_that_decides_works_only_once_it_is_confirmed():
    """[X45]"""
    for role in actor.Role:
        grant = Grant(id="grt_1", person_id="prs_1", person_name="何小满", member_id="", role=role.value, organisation_id="org_1")
        assert grant.works is (role not in actor.DECIDING) and grant.confirm().works and not grant.end().works
