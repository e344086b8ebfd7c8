"""What fits whoever pledges: post or duty first, social responsibility, and their own circumstances when they float."""
from dataclasses import replace
from datetime import date

import pytest

from services.pledge import usecases
from services.pledge.domain.policy import DraftingPolicy
from services.pledge.domain.refusals import Incomplete, PledgesElsewhere
from services.pledge.domain.situation import AT_EASE, LEADER, WITHOUT
from tests.fakes_pledge import CLERK, FAR_CLERK, SECRETARY, SUPERIOR, ZHANG, Village
from tests.unit.pledge.test_floating import told
from tests.unit.pledge.test_writing import LAMPS, VISITS, drafted
from wire.contracts import roster
from wire.contracts.calls import Forbidden, NotFound
from wire.contracts.pledge import DraftPledge, ReadGuide, ReadPledge, SaveDraft, SubmitPledge

GUIDE = ReadGuide(organisation_id="org_village", member_id="mem_zhang", year=2026)
POST = replace(LAMPS, source="post")
SOCIAL = replace(LAMPS, category="履行社会责任")


def living(**more):
    """The village, with 张三 as said."""
    village = Village(policies=more.pop("policies", None))
    told(village, "mem_zhang", **more)
    return village


def guide(village, actor=ZHANG, **more):
    return village.do(actor, usecases.read_guide, replace(GUIDE, **more))


def advised(village, **more):
    return {a.rule: a.sentence for a in guide(village, **more).advice}


def whole(village, *items, **more):
    """What is said about the pledge as a whole while it is drafted."""
    return [h.sentence for h in drafted(village, items=items, **more).hints if not h.item_id]


def test_a_member_without_a_post_hears_of_the_duty_first_or_of_social_responsibility():
    """[A10]"""
    village = living(post_kind="without")
    found = guide(village)
    assert found.lacks_duty and "先设岗定责" in found.advice[0].sentence and "履行社会责任" in found.advice[0].sentence
    assert [(s.label, s.category) for s in found.starts] == [("履行社会责任", "履行社会责任")]
    assert "还没有设岗定责" in whole(village, LAMPS)[0]
    assert whole(living(post_kind="without"), SOCIAL) == [], "the other way"


def test_with_a_duty_it_is_shown_and_the_first_item_may_start_from_it():
    """[A10]"""
    village = living(post_kind="without", duty="政策宣传岗")
    found = guide(village)
    assert not found.lacks_duty and "政策宣传岗" in found.advice[0].sentence and found.pledgor.duty == "政策宣传岗"
    assert (found.starts[0].source, found.starts[0].matter) == ("post", "按政策宣传岗的职责，")
    assert "政策宣传岗" in whole(village, LAMPS)[0]
    assert whole(living(post_kind="without", duty="政策宣传岗"), POST) == []


def test_the_duty_is_asked_for_before_submit_only_where_the_policy_says_so():
    """A hint by default. [A10]"""
    village = living(post_kind="without")
    pledge = drafted(village)
    assert village.do(ZHANG, usecases.submit_pledge, SubmitPledge(pledge_id=pledge.pledge_id)).state == "submitted"
    strict = {DraftingPolicy: DraftingPolicy(duty_first=True)}
    village = living(post_kind="without", policies=strict)
    assert "还不能提交" in advised(village)["A10"]
    pledge = drafted(village)
    submit = SubmitPledge(pledge_id=pledge.pledge_id)
    with pytest.raises(Incomplete, match="先设岗定责"):
        village.do(ZHANG, usecases.submit_pledge, submit)
    told(village, "mem_zhang", duty="政策宣传岗")
    assert village.do(ZHANG, usecases.submit_pledge, submit).state == "submitted"
    told(village, "mem_zhang", duty="")
    assert village.do(ZHANG, usecases.submit_pledge, submit).state == "submitted", "handed in is handed in"
    village = living(post_kind="without", policies=strict)
    pledge = drafted(village, items=(VISITS, SOCIAL))
    assert village.do(ZHANG, usecases.submit_pledge, SubmitPledge(pledge_id=pledge.pledge_id)).state == "submitted"


@pytest.mark.parametrize("post_kind", ["leader", "staff", "owner"])
def test_who_has_a_fixed_post_starts_from_it(post_kind):
    """The post's own words, its source first. [A11]"""
    village = living(post_kind=post_kind, post="村会计")
    found = guide(village)
    assert (found.starts[0].source, "村会计" in found.starts[0].matter) == ("post", True)
    assert "村会计" in advised(village)["A11"]
    assert "没有一项来自本职岗位（村会计）" in whole(village, LAMPS, VISITS)[0]
    assert whole(living(post_kind=post_kind), VISITS, POST) == []


@pytest.mark.parametrize("post_kind", sorted(AT_EASE))
def test_nothing_is_asked_of_a_post_they_do_not_have(post_kind):
    """[A5] [A6] [A11]"""
    village = living(post_kind=post_kind)
    assert set(advised(village)) == {"A5"} and whole(village, LAMPS) == []
    assert [s.commitment for s in guide(village).starts] == ["as_able"]


def test_a_leading_cadre_hears_that_theirs_is_held_to_more():
    """[A12]"""
    assert "内容和标准高于普通党员" in advised(living(post_kind="leader"))["A12"]
    assert "A12" not in advised(Village())


def test_who_floats_in_the_county_is_guided_where_they_are():
    """[A7] [A8]"""
    village = living(whereabouts="inflow", inflow_id="org_other")
    found = guide(village, FAR_CLERK, organisation_id="org_other")
    assert found.advice[0].rule == "A8" and "组织关系在清河村党支部，在这里（柳河村党支部）承诺" in found.advice[0].sentence
    assert [s.commitment for s in found.starts] == ["one_sentence", "as_able", ""] and "柳河村党支部" in found.starts[0].matter
    with pytest.raises(PledgesElsewhere):
        guide(village, CLERK)


def test_who_floats_outside_or_is_out_of_reach_is_guided_by_that():
    """[A8]"""
    assert "流动在县外，仍在清河村党支部承诺" in advised(living(whereabouts="outside"))["A8"]
    assert "失联" in advised(living(whereabouts="unreachable"))["A8"]
    assert "A8" not in advised(Village())


@pytest.mark.parametrize("whereabouts", ["outside", "unreachable"])
@pytest.mark.parametrize("post_kind", ["staff", "without"])
def test_whoever_floats_is_asked_for_no_post_and_no_duty(whereabouts, post_kind):
    """Their own situation comes first, also where a county asks for the duty before anything is handed in. [A8]"""
    village = living(whereabouts=whereabouts, post_kind=post_kind, policies={DraftingPolicy: DraftingPolicy(duty_first=True)})
    assert set(advised(village)) == {"A8"} and not guide(village).lacks_duty
    pledge = drafted(village, items=(LAMPS,))
    assert pledge.hints == ()
    assert village.do(ZHANG, usecases.submit_pledge, SubmitPledge(pledge_id=pledge.pledge_id)).state == "submitted"


@pytest.mark.parametrize("post_kind", ["staff", "without"])
def test_the_second_pledge_in_the_community_is_guided_by_the_community(post_kind):
    """No post and no duty is asked for there, also where a county asks for the duty first; at work all is as ever. [A9]"""
    village = living(post_kind=post_kind, post="会计", residence_id="org_other", residence_confirmed_on=date(2026, 1, 5),
                     policies={DraftingPolicy: DraftingPolicy(duty_first=True)})
    found = guide(village, FAR_CLERK, organisation_id="org_other")
    assert [a.rule for a in found.advice] == ["A9"] and not found.lacks_duty
    assert "双报到" in found.advice[0].sentence and "在这里（柳河村党支部）作的是第二份承诺" in found.advice[0].sentence
    assert [(s.label, s.source) for s in found.starts] == [("认领社区岗位", "own"), ("参加志愿服务", "own")]
    there = village.do(FAR_CLERK, usecases.draft_pledge, DraftPledge(
        organisation_id="org_other", member_id="mem_zhang", year=2026, items=(LAMPS,)))
    assert there.hints == ()
    assert village.do(FAR_CLERK, usecases.submit_pledge, SubmitPledge(pledge_id=there.pledge_id)).state == "submitted"
    assert set(advised(village)) == {"A11" if post_kind == "staff" else "A10"} and len(whole(village, LAMPS)) == 1


def test_a_residence_that_is_not_confirmed_or_is_home_is_no_second_place():
    """[A9]"""
    village = living(residence_id="org_other")
    with pytest.raises(NotFound):
        guide(village, FAR_CLERK, organisation_id="org_other")
    assert set(advised(living(residence_id="org_village", residence_confirmed_on=date(2026, 1, 5)))) == {"A11"}


def test_who_floats_is_guided_by_the_community_where_they_reported_to():
    """[A8] [A9]"""
    village = living(whereabouts="outside", residence_id="org_other", residence_confirmed_on=date(2026, 1, 5))
    assert [a.rule for a in guide(village, FAR_CLERK, organisation_id="org_other").advice] == ["A9"]
    assert set(advised(village)) == {"A8"}


@pytest.mark.parametrize("commitment", ["oral", "as_able"])
def test_what_is_promised_as_able_or_orally_need_not_come_from_the_post(commitment):
    """[A5] [A6]"""
    assert whole(Village(), LAMPS, commitment=commitment) == [] and whole(Village(), LAMPS) != []


def test_the_reviewer_sees_that_the_pledgor_floats():
    """[A8]"""
    village = living(whereabouts="outside")
    pledge = drafted(village)
    village.do(ZHANG, usecases.submit_pledge, SubmitPledge(pledge_id=pledge.pledge_id))
    seen = village.do(SECRETARY, usecases.read_pledge, ReadPledge(pledge_id=pledge.pledge_id))
    assert (seen.pledgor.whereabouts, seen.pledgor.home_name) == ("outside", "清河村党支部")


def test_the_guide_is_for_who_may_draft_and_for_who_pledges_here():
    """[X17]"""
    village = Village()
    for actor in (FAR_CLERK, SUPERIOR):
        with pytest.raises(Forbidden):
            guide(village, actor)
    with pytest.raises(Forbidden):
        guide(village, ZHANG, member_id="mem_wang")
    with pytest.raises(NotFound):
        guide(village, CLERK, member_id="mem_far")
    assert guide(village, SECRETARY, member_id="") == type(guide(village))(), "an organisation is told nothing"


def test_an_empty_draft_is_told_nothing_yet_and_an_organisations_own_nothing_of_posts():
    village = Village()
    pledge = village.do(ZHANG, usecases.draft_pledge, DraftPledge(organisation_id="org_village", member_id="mem_zhang", year=2026))
    assert pledge.hints == ()
    saved = village.do(ZHANG, usecases.save_draft, SaveDraft(pledge_id=pledge.pledge_id, version=1, items=(LAMPS,)))
    assert [h.item_id for h in saved.hints] == [""]
    own = drafted(village, actor=SECRETARY, member_id="", items=(replace(LAMPS, responsible="李书记"),))
    assert own.hints == ()


def test_the_kinds_of_post_are_rosters():
    assert {LEADER, WITHOUT, *AT_EASE} <= set(roster.POST_KINDS)
