"""An entry of the roll: made, corrected, its steps, standing and nameplate."""
from datetime import date

import pytest

from services.roster.domain.refusals import (
    MemberCodeTaken, Incomplete, NoRoomForMembers, NoSuchStep,
)
from tests.fakes import changed, day
from tests.fakes_roster import COUNTY, FAR, TOWN, VILLAGE, founded, do
from tests.unit.roster.lives import acting, acts, entered, kinds, written
from wire.contracts.calls import Forbidden, NotFound, Stale
from wire.contracts.roster import (
    AdvanceMember, BeginTransfer, CorrectMember, MemberChanged, MemberRegistered, MoveMember, RecordLeaving, RecordWhereabouts,
    RegisterMember, ReportResidence, SetStanding, ShowNameplate,
)

TODAY = date(2026, 3, 2)


@pytest.fixture
def books():
    return founded()


class TestEntering:
    def test_a_new_member_is_told_whole(self, books):
        view, announced = do(books, RegisterMember(
            organisation_id=VILLAGE, code="Ａ 1", name="曾 小明", post="护林员", post_kind="without", duty="政策宣传岗", joined_on=day("2001-07-01")))
        assert kinds(announced) == [MemberRegistered]
        assert (view.code, view.name, view.duty, view.organisation_name) == ("A1", "曾小明", "政策宣传岗", "柳溪村党支部")
        assert announced[0].sort_key.startswith("zeng")
        assert acts(books, view.member_id) == [("登记", TODAY)]

    def test_a_code_is_one_persons_for_ever(self, books):
        """Also of somebody who left, and the sentence says whose it is."""
        one = entered(books)
        do(books, RecordLeaving(member_id=one.member_id, because="died"))
        with pytest.raises(MemberCodeTaken) as refused:
            entered(books, name="单立人", place=FAR)
        assert "曾小明（柳溪村党支部）" in refused.value.sentence and refused.value.errors["code"]

    @pytest.mark.parametrize("place", [COUNTY, TOWN])
    def test_what_stands_above_the_branches_has_no_members_of_its_own(self, books, place):
        with pytest.raises(NoRoomForMembers):
            entered(books, place=place)

    def test_nobody_enters_or_moves_into_a_dissolved_organisation(self, books):
        one = entered(books)
        books.organisations.save_many([books.organisations.get(FAR).told_again(state="dissolved")])
        for request in (RegisterMember(organisation_id=FAR, code="2", name="单立人"), MoveMember(member_id=one.member_id, organisation_id=FAR),
                        BeginTransfer(member_id=one.member_id, organisation_id=FAR),
                        RecordWhereabouts(member_id=one.member_id, whereabouts="inflow", inflow_id=FAR),
                        ReportResidence(member_id=one.member_id, residence_id=FAR)):
            with pytest.raises(NoRoomForMembers) as refused:
                do(books, request)
            assert "已撤销" in refused.value.sentence

    @pytest.mark.parametrize(("more", "field"), [
        ({"code": " "}, "code"), ({"name": "曾8"}, "name"), ({"joined_on": day("2026-03-03")}, "joined_on"),
        ({"joined_on": day("1899-01-01")}, "joined_on"), ({"rank": "section"}, "rank"), ({"duty": "治安岗"}, "duty")])
    def test_what_does_not_fit_is_named(self, books, more, field):
        """A date in the future, a rank without a leader, a duty for somebody who has a post."""
        with pytest.raises(Incomplete) as refused:
            entered(books, **more)
        assert set(refused.value.errors) == {field}
        assert not books.members.kept


class TestCorrecting:
    def test_the_same_again_changes_nothing_and_an_older_reading_overwrites_nothing(self, books):
        one = entered(books)
        told = CorrectMember(member_id=one.member_id, name="曾晓明", post="村会计", post_kind="leader", rank="grassroots", version=one.version)
        view, announced = do(books, told)
        assert kinds(announced) == [MemberChanged] and (view.rank, view.version) == ("grassroots", 2)
        assert announced[0].name == "曾晓明"
        assert do(books, changed(told, version=0)) == (view, [])
        with pytest.raises(Stale):
            do(books, changed(told, name="曾小明"))

    def test_who_may_not_see_them_hears_that_they_are_not_there(self, books):
        """[X17]"""
        one = entered(books)
        with pytest.raises(NotFound):
            do(books, CorrectMember(member_id=one.member_id, name="曾晓明"), acting("clerk", FAR))
        with pytest.raises(NotFound):
            do(books, CorrectMember(member_id="mem_no", name="曾晓明"))
        assert do(books, CorrectMember(member_id=one.member_id, name="曾晓明"), acting("clerk", VILLAGE))[1]


class TestStanding:
    def test_the_steps_to_full_membership_are_dated_and_none_is_left_out(self, books):
        one = entered(books, kind="activist")
        with pytest.raises(NoSuchStep):
            do(books, AdvanceMember(member_id=one.member_id, kind="member"))
        do(books, AdvanceMember(member_id=one.member_id, kind="probationary", happened_on=day("2025-02-01")))
        with pytest.raises(Incomplete):
            do(books, AdvanceMember(member_id=one.member_id, kind="member", happened_on=day("2025-01-01")))
        full, announced = do(books, AdvanceMember(member_id=one.member_id, kind="member", happened_on=day("2026-02-01"), note="支部大会"))
        assert (full.kind, full.joined_on, full.full_on) == ("member", day("2025-02-01"), day("2026-02-01"))
        assert kinds(announced) == [MemberChanged]
        assert do(books, AdvanceMember(member_id=one.member_id, kind="member")) == (full, [])
        assert acts(books, one.member_id)[:2] == [("转为正式党员", day("2026-02-01")), ("转为预备党员", day("2025-02-01"))]

    def test_a_standing_is_recorded_with_its_day_and_reason_and_the_reason_travels_nowhere(self, books):
        """[H7]"""
        one = entered(books)
        with pytest.raises(Incomplete):
            do(books, SetStanding(member_id=one.member_id, standing="correcting"))
        view, [event] = do(books, SetStanding(member_id=one.member_id, standing="correcting", note="连续两次评议靠后", happened_on=day("2026-01-05")))
        assert (view.standing, view.standing_on) == ("correcting", day("2026-01-05")) == (event.standing, event.standing_on)
        assert "评议" not in str(event) and written(books, one.member_id)[0].note == "连续两次评议靠后"
        view, _ = do(books, SetStanding(member_id=one.member_id, standing="normal"))
        assert view.standing_on is None

    def test_nobody_decides_about_their_own_standing(self, books):
        one = entered(books)
        own = changed(acting("secretary", VILLAGE), person_id=one.member_id, member_id=one.member_id)
        for request in (SetStanding(member_id=one.member_id, standing="normal"), RecordLeaving(member_id=one.member_id, because="moved_out")):
            with pytest.raises(Forbidden):
                do(books, request, own)

    def test_the_nameplate_register_keeps_every_date(self, books):
        one = entered(books)
        for shown, on in ((True, "2025-07-01"), (True, "2025-08-01"), (False, "2025-12-01"), (True, "2026-01-01")):
            view, _ = do(books, ShowNameplate(member_id=one.member_id, shown=shown, happened_on=day(on)))
        assert view.nameplate_on == day("2026-01-01")
        assert acts(books, one.member_id)[:3] == [
            ("挂牌亮身份", day("2026-01-01")), ("摘牌", day("2025-12-01")), ("挂牌亮身份", day("2025-07-01"))]

    def test_no_day_lies_in_the_future(self, books):
        one = entered(books)
        for request in (ShowNameplate, SetStanding, RecordWhereabouts, RecordLeaving):
            more = {SetStanding: {"standing": "normal"}, RecordWhereabouts: {"whereabouts": "unreachable"},
                    RecordLeaving: {"because": "died"}}.get(request, {})
            with pytest.raises(Incomplete) as refused:
                do(books, request(member_id=one.member_id, happened_on=day("2026-03-03"), **more))
            assert set(refused.value.errors) == {"happened_on"}
