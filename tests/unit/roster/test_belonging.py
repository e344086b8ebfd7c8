"""Where a member belongs: moved, floating, reported to a community, gone, and merged when entered twice."""
from datetime import date

import pytest

from services.roster import usecases
from services.roster.domain.refusals import (
    Incomplete, LastOffice, NamesDiffer, NoReport, NotFloating, NoTransfer, OffTheRoll, OnePerson, OnTheRoll,
    SamePlace, TransferUnderWay,
)
from tests.fakes import changed, day
from tests.fakes_roster import COUNTY, FAR, TOWN, VILLAGE, RosterUnit, founded, member_rows, office, do
from tests.unit.roster.lives import acting, entered, kinds, written
from wire.contracts.actor import HeldGrant
from wire.contracts.calls import Forbidden
from wire.contracts.roster import (
    Appoint, Assign, BeginTransfer, ConfirmResidence, CorrectMember, GiveGrant, GrantEnded, GrantGiven, MemberChanged, MemberLeft,
    MemberMerged, MemberMoved, MergeMembers, MoveMember, OpenZone, ReadmitMember, RecordLeaving, RecordWhereabouts,
    SyncMembers, ReportResidence, SettleTransfer, ShowNameplate,
)

TODAY = date(2026, 3, 2)


@pytest.fixture
def books():
    return founded()


class TestMoving:
    def test_a_move_is_told_as_a_move(self, books):
        one = entered(books)
        view, announced = do(books, MoveMember(member_id=one.member_id, organisation_id=FAR))
        assert kinds(announced) == [MemberMoved] and view.organisation_name == "枫口村党支部"
        assert do(books, MoveMember(member_id=one.member_id, organisation_id=FAR)) == (view, [])

    def test_who_reaches_one_of_the_two_places_only_cannot_move_at_once(self, books):
        one = entered(books)
        with pytest.raises(Forbidden):
            do(books, MoveMember(member_id=one.member_id, organisation_id=FAR), office(TOWN, "grt_town", "prs_town"))

    def test_between_two_places_a_member_belongs_where_they_were(self, books):
        """[A21]"""
        one = entered(books)
        sent, announced = do(books, BeginTransfer(member_id=one.member_id, organisation_id=FAR), acting("secretary", VILLAGE))
        assert kinds(announced) == [MemberChanged] and (sent.organisation_id, sent.transfer_to_id, sent.transfer_on) == (VILLAGE, FAR, TODAY)
        assert do(books, BeginTransfer(member_id=one.member_id, organisation_id=FAR)) == (sent, [])
        other = changed(books.organisations.get(FAR), id="org_third", code="X", path=f"/{COUNTY}/org_third/")
        books.organisations.add_many([other])
        with pytest.raises(TransferUnderWay):
            do(books, BeginTransfer(member_id=one.member_id, organisation_id="org_third"))
        with pytest.raises(Forbidden):
            do(books, SettleTransfer(member_id=one.member_id), acting("secretary", VILLAGE))
        taken, announced = do(books, SettleTransfer(member_id=one.member_id), acting("secretary", FAR))
        assert kinds(announced) == [MemberMoved] and (taken.organisation_id, taken.transfer_to_id) == (FAR, "")
        with pytest.raises(NoTransfer):
            do(books, SettleTransfer(member_id=one.member_id), acting("secretary", FAR))

    @pytest.mark.parametrize("place", [VILLAGE, FAR])
    def test_a_transfer_is_taken_back_or_sent_back(self, books, place):
        one = entered(books)
        do(books, BeginTransfer(member_id=one.member_id, organisation_id=FAR))
        view, _ = do(books, SettleTransfer(member_id=one.member_id, accepted=False), acting("secretary", place))
        assert (view.organisation_id, view.transfer_to_id, view.transfer_on) == (VILLAGE, "", None)

    def test_to_where_they_are_is_no_transfer(self, books):
        with pytest.raises(SamePlace):
            do(books, BeginTransfer(member_id=entered(books).member_id, organisation_id=VILLAGE))


class TestFloating:
    def test_each_kind_says_its_own_place_and_no_other(self, books):
        """[A7] [A21]"""
        one = entered(books)
        said = RecordWhereabouts(member_id=one.member_id, whereabouts="inflow", inflow_id=FAR, outside_place="广东", lacks=("role", "life"))
        view, [event] = do(books, said)
        assert (view.inflow_id, view.outside_place, view.lacks) == (FAR, "", ("life", "role")) and event.inflow_id == FAR
        assert written(books, one.member_id)[0].note == "枫口村党支部，无组织生活，无作用发挥"
        assert do(books, said) == (view, [])
        view, _ = do(books, RecordWhereabouts(member_id=one.member_id, whereabouts="outside", outside_place=" 东莞 ", inflow_id=FAR))
        assert (view.inflow_id, view.outside_place, view.lacks) == ("", "东莞", ())
        view, _ = do(books, RecordWhereabouts(member_id=one.member_id, whereabouts="unreachable", lacks=("management",)))
        assert (view.outside_place, view.lacks) == ("", ("management",))
        view, _ = do(books, RecordWhereabouts(member_id=one.member_id, whereabouts="home"))
        assert (view.whereabouts, view.whereabouts_on, view.lacks) == ("home", None, ())

    def test_the_same_place_with_another_day_corrects_the_day_and_says_so(self, books):
        """Without a day it keeps the one there is; nobody goes before they joined. [A7]"""
        one = entered(books, joined_on=day("2020-07-01"))
        said = RecordWhereabouts(member_id=one.member_id, whereabouts="outside", outside_place="东莞", happened_on=day("2026-01-05"))
        do(books, said)
        view, [event] = do(books, changed(said, happened_on=day("2026-01-08")))
        assert view.whereabouts_on == event.whereabouts_on == day("2026-01-08")
        last = written(books, one.member_id)[0]
        assert (last.act, last.happened_on, last.note) == ("县外流动", day("2026-01-08"), "东莞，更正日期，原为 2026-01-05")
        for same in (changed(said, happened_on=day("2026-01-08")), changed(said, happened_on=None)):
            assert do(books, same) == (view, [])
        for whereabouts in ("outside", "unreachable"):
            with pytest.raises(Incomplete) as refused:
                do(books, changed(said, whereabouts=whereabouts, happened_on=day("2020-06-30")))
            assert "不能早于入党日期" in refused.value.sentence and set(refused.value.errors) == {"happened_on"}

    @pytest.mark.parametrize(("more", "field"), [
        ({"whereabouts": "inflow"}, "inflow_id"), ({"whereabouts": "inflow", "inflow_id": VILLAGE}, "inflow_id"),
        ({"whereabouts": "outside"}, "outside_place")])
    def test_a_place_that_is_missing_or_is_home_is_named(self, books, more, field):
        with pytest.raises(Incomplete) as refused:
            do(books, RecordWhereabouts(member_id=entered(books).member_id, **more))
        assert set(refused.value.errors) == {field}

    def test_who_floats_nowhere_lacks_nothing_of_the_four(self, books):
        with pytest.raises(NotFloating):
            do(books, RecordWhereabouts(member_id=entered(books).member_id, whereabouts="home", lacks=("life",)))

    def test_a_report_to_the_community_waits_for_its_word(self, books):
        """[A9]"""
        one = entered(books)
        with pytest.raises(NoReport):
            do(books, ConfirmResidence(member_id=one.member_id))
        view, _ = do(books, ReportResidence(member_id=one.member_id, residence_id=FAR), acting("clerk", VILLAGE))
        assert (view.residence_id, view.residence_on, view.residence_confirmed_on) == (FAR, TODAY, None)
        with pytest.raises(Forbidden):
            do(books, ConfirmResidence(member_id=one.member_id), acting("secretary", VILLAGE))
        view, [event] = do(books, ConfirmResidence(member_id=one.member_id), acting("secretary", FAR))
        assert view.residence_confirmed_on == event.residence_confirmed_on == TODAY
        assert do(books, ConfirmResidence(member_id=one.member_id), acting("secretary", FAR)) == (view, [])
        view, _ = do(books, ReportResidence(member_id=one.member_id))
        assert (view.residence_id, view.residence_confirmed_on) == ("", None)

    def test_moving_to_where_one_floated_or_reported_ends_both(self, books):
        one = entered(books)
        do(books, RecordWhereabouts(member_id=one.member_id, whereabouts="inflow", inflow_id=FAR))
        do(books, ReportResidence(member_id=one.member_id, residence_id=FAR))
        view, _ = do(books, MoveMember(member_id=one.member_id, organisation_id=FAR))
        assert (view.whereabouts, view.inflow_id, view.residence_id) == ("home", "", "")


class TestLeaving:
    def test_whoever_leaves_holds_nothing_from_then_on(self, books):
        """[X49]"""
        one = entered(books)
        usecases.give_grant(RosterUnit(books, GiveGrant), GiveGrant(organisation_id=FAR, role="clerk", member_id=one.member_id))
        gone, announced = do(books, RecordLeaving(member_id=one.member_id, because="expelled", happened_on=day("2026-02-02"), note="县纪委决定"))
        assert kinds(announced) == [MemberLeft, GrantEnded] and (gone.state, gone.left_because) == ("left", "expelled")
        assert books.grants.held_by([one.member_id]) == []
        assert do(books, RecordLeaving(member_id=one.member_id, because="died")) == (gone, [])
        with pytest.raises(OffTheRoll):
            do(books, ShowNameplate(member_id=one.member_id))

    def test_the_last_administrator_of_the_county_cannot_leave(self, books):
        one = entered(books)
        usecases.give_grant(RosterUnit(books, GiveGrant), GiveGrant(organisation_id=COUNTY, role="office", member_id=one.member_id))
        [waiting] = [g for g in books.grants.held_by([one.member_id]) if g.role == "office"]
        books.grants.save_many([waiting.confirm(), books.grants.get("grt_office").end()])
        by = changed(office(), grants=(HeldGrant(grant_id="grt_superior", role="superior", organisation_id=COUNTY),))
        with pytest.raises(LastOffice):
            do(books, RecordLeaving(member_id=one.member_id, because="died"), by)

    def test_back_on_the_roll_is_an_act_of_its_own(self, books):
        one = entered(books)
        with pytest.raises(OnTheRoll):
            do(books, ReadmitMember(member_id=one.member_id, organisation_id=FAR, note="从外县转回"))
        do(books, RecordLeaving(member_id=one.member_id, because="moved_out"))
        back, announced = do(books, ReadmitMember(member_id=one.member_id, organisation_id=FAR, note="从外县转回"))
        assert (back.state, back.left_on, back.left_because, back.organisation_id) == ("active", None, "", FAR)
        assert kinds(announced) == [MemberMoved] and books.grants.held_by([one.member_id]) == []


class TestLeavingTooEarly:
    @pytest.mark.parametrize(("later", "told"), [
        ("move", "转接组织关系"), ("position", "任委员"), ("assignment", "领导联系点"), ("zone", "负责“河道责任区”"), ("joined", "入党")])
    def test_nobody_leaves_before_something_was_done_about_them(self, books, later, told):
        """What they did while on the roll was done by somebody on the roll."""
        one = entered(books, joined_on=day("2026-02-20") if later == "joined" else day("2001-07-01")).member_id
        if later == "move":
            do(books, MoveMember(member_id=one, organisation_id=FAR, happened_on=day("2026-02-20")))
        verbs = {"position": (usecases.appoint, Appoint(organisation_id=VILLAGE, kind="committee", member_id=one, from_on=day("2026-02-20"))),
                 "assignment": (usecases.assign, Assign(organisation_id=FAR, kind="contact_point", member_id=one, since=day("2026-02-20"))),
                 "zone": (usecases.open_zone, OpenZone(organisation_id=VILLAGE, name="河道责任区", place="村口", member_ids=(one,),
                                                       since=day("2026-02-20")))}
        if later in verbs:
            verb, request = verbs[later]
            verb(RosterUnit(books, type(request)), request)
        with pytest.raises(Incomplete) as refused:
            do(books, RecordLeaving(member_id=one, because="died", happened_on=day("2026-02-19")))
        assert "2026-02-20" in refused.value.sentence and told in refused.value.sentence and "happened_on" in refused.value.errors
        gone, _ = do(books, RecordLeaving(member_id=one, because="died", happened_on=day("2026-02-20")))
        assert gone.left_on == day("2026-02-20")

    def test_the_day_of_writing_somebody_down_is_none_of_these(self, books):
        one = entered(books).member_id
        do(books, CorrectMember(member_id=one, name="曾晓明"))
        assert do(books, RecordLeaving(member_id=one, because="died", happened_on=day("2020-01-01")))[0].left_on == day("2020-01-01")


class TestMerging:
    def test_what_the_second_entry_held_goes_over_and_its_code_leads_to_the_kept_one(self, books):
        kept, second, third = entered(books), entered(books, "2"), entered(books, "3")
        do(books, MergeMembers(kept_id=second.member_id, merged_id=third.member_id))
        usecases.give_grant(RosterUnit(books, GiveGrant), GiveGrant(organisation_id=VILLAGE, role="clerk", member_id=second.member_id))
        merged, announced = do(books, MergeMembers(kept_id=kept.member_id, merged_id=second.member_id, note="同一人"))
        assert kinds(announced) == [GrantEnded, GrantGiven, MemberMerged, MemberMerged]
        assert (merged.merged.state, merged.merged.merged_into, merged.merged.left_because) == ("left", kept.member_id, "merged")
        assert {(g.role, g.person_name) for g in books.grants.held_by([kept.member_id])} == {("clerk", "曾小明")}
        assert books.grants.held_by([second.member_id]) == []
        assert {code: m.id for code, m in books.members.by_codes(["1", "2", "3"]).items()} == dict.fromkeys("123", kept.member_id)
        again, announced = do(books, MergeMembers(kept_id=kept.member_id, merged_id=second.member_id))
        assert again == merged and announced == []

    def test_the_register_of_both_tells_it(self, books):
        kept, second = entered(books), entered(books, "2")
        do(books, MergeMembers(kept_id=kept.member_id, merged_id=second.member_id, note="同一人"))
        acts = {act.member_id: (act.act, act.note) for act in books.acts.kept if "合并" in act.act or "并入" in act.act}
        assert acts[kept.member_id][0] == "合并重复登记" and "同一人" in acts[kept.member_id][1]
        assert acts[second.member_id][0] == "并入另一名册"

    def test_the_history_of_the_kept_entry_has_a_line_for_it(self, books):
        kept, second = entered(books), entered(books, "2")
        unit = RosterUnit(books, MergeMembers)
        usecases.merge_members(unit, MergeMembers(kept_id=kept.member_id, merged_id=second.member_id))
        assert ("roster.member", kept.member_id, 1, "roster.member.absorbed", {"absorbed": "2"}) in unit.remembered

    def test_a_mistyped_code_takes_nobody_else_off_the_roll(self, books):
        """Whoever is another by name keeps place, positions and grants. [X45]"""
        kept, other = entered(books), entered(books, "2", name="苏向阳")
        with pytest.raises(NamesDiffer, match="苏向阳"):
            do(books, MergeMembers(kept_id=kept.member_id, merged_id=other.member_id))
        assert books.members.get(other.member_id).state == "active"

    def test_both_codes_at_once_are_asked_back(self, books):
        kept, second = entered(books), entered(books, "2")
        do(books, MergeMembers(kept_id=kept.member_id, merged_id=second.member_id))
        reply = usecases.sync_members(RosterUnit(books, SyncMembers), SyncMembers(
            rows=member_rows(("1", "曾小明", "V"), ("2", "曾小明", "V"))))
        assert [v.result for v in reply.verdicts] == ["same", "refused"] and "同一个人" in reply.verdicts[1].sentences[0]

    def test_nobody_is_merged_with_themselves_or_with_somebody_who_left(self, books):
        one, gone = entered(books), entered(books, "2")
        do(books, RecordLeaving(member_id=gone.member_id, because="died"))
        for kept, merged in ((one, one), (one, gone), (gone, one)):
            with pytest.raises(OnePerson):
                do(books, MergeMembers(kept_id=kept.member_id, merged_id=merged.member_id))


class TestMany:
    def put(self, books, code, name, joined=None, place="V", **more):
        """What is said of one line of many; nothing where it is right."""
        [row] = member_rows((code, name, place))
        reply = usecases.sync_members(RosterUnit(books, SyncMembers), SyncMembers(rows=(changed(row, joined_on=joined and day(joined), **more),)))
        return "".join(reply.verdicts[0].sentences)

    def test_a_code_with_another_name_and_another_joining_date_is_asked_back(self, books):
        entered(books, joined_on=day("2001-07-01"))
        assert "曾小明（2001-07-01 入党）" in self.put(books, "1", "单立人", "2010-01-01")
        assert self.put(books, "1", "曾晓明", "2001-07-01") == "", "one of the two alone is a correction"

    def test_a_line_brings_nobody_back_and_puts_nobody_above_the_branches(self, books):
        one = entered(books)
        do(books, RecordLeaving(member_id=one.member_id, because="died"))
        assert "恢复在册" in self.put(books, "1", "曾小明")
        refused = self.put(books, "2", "单立人", place="T")
        assert refused.startswith("所在党组织编号") and "党支部或党小组" in refused

    def test_a_move_by_a_line_ends_what_a_move_ends(self, books):
        one = entered(books, post_kind="leader", rank="section")
        do(books, BeginTransfer(member_id=one.member_id, organisation_id=FAR))
        assert self.put(books, "1", "曾小明", place="P", post_kind="staff") == ""
        member = books.members.get(one.member_id)
        assert (member.organisation_id, member.transfer_to_id, member.post_kind, member.rank) == (FAR, "", "staff", "")
