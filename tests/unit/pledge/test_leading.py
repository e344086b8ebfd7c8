"""领导干部带头 (A12): leading cadres pledge first, and what they pledge is held to more."""
import pytest
from hypothesis import given, strategies as st

from services.pledge import usecases
from services.pledge.domain.leading import RANKS, behind
from services.pledge.domain.policy import ReviewPolicy
from services.pledge.domain.refusals import Incomplete, NotReviewed
from tests.fakes_pledge import SECRETARY, ZHANG, Village
from tests.unit.pledge.test_floating import coverage, pledged, told
from tests.unit.pledge.test_writing import CRITERIA, drafted, reviewed, submitted, verdicts
from tests.unit.pledge.worlds import POLICY, review, submitted as submitted_pledge
from wire.contracts import roster
from wire.contracts.pledge import ApprovePledge, ReadGuide, ReadPledge, ReviewItem
from wire.policy import documents

HIGHER = ReviewPolicy().criteria_for_leaders


def led():
    """The village, with 张三 a leading cadre."""
    village = Village()
    told(village, "mem_zhang", post_kind="leader", rank="grassroots", post="村委会主任")
    return village


def test_a_leading_cadres_items_are_held_to_one_criterion_more():
    """[A12]"""
    pledge = submitted(led())
    assert pledge.criteria == (*CRITERIA, *HIGHER) and HIGHER == ("内容和标准高于普通党员",)
    assert (pledge.pledgor.post_kind, pledge.pledgor.post) == ("leader", "村委会主任")
    assert submitted(Village()).criteria == CRITERIA, "and nobody else's"


def test_the_organisations_own_pledge_is_no_leading_cadres():
    """[A12]"""
    own = drafted(led(), actor=SECRETARY, member_id="")
    assert (own.criteria, own.pledgor) == (CRITERIA, None)


def test_a_review_of_a_leading_cadres_item_answers_the_higher_criterion_too():
    """[A12]"""
    village = led()
    pledge = submitted(village)
    with pytest.raises(Incomplete, match="内容和标准高于普通党员"):
        reviewed(village, pledge)
    for one in pledge.items:
        village.do(SECRETARY, usecases.review_item, ReviewItem(
            pledge_id=pledge.pledge_id, item_id=one.item_id, verdicts=verdicts(criteria=(*CRITERIA, *HIGHER))))
    assert village.do(SECRETARY, usecases.approve_pledge, ApprovePledge(pledge_id=pledge.pledge_id)).state == "approved"


def test_nobody_elses_review_answers_it():
    """[A12]"""
    village = Village()
    pledge = submitted(village)
    with pytest.raises(Incomplete, match="没有"):
        village.do(SECRETARY, usecases.review_item, ReviewItem(
            pledge_id=pledge.pledge_id, item_id=pledge.items[0].item_id, verdicts=verdicts(criteria=(*CRITERIA, *HIGHER))))


def test_what_was_reviewed_before_somebody_led_is_looked_at_again_and_what_was_approved_stays():
    """Stored reviews say what was looked at; they are neither failures nor rewritten. [A12]"""
    village = Village()
    pledge = reviewed(village, submitted(village))
    told(village, "mem_zhang", post_kind="leader")
    approve = ApprovePledge(pledge_id=pledge.pledge_id)
    with pytest.raises(NotReviewed, match="还没有审查完"):
        village.do(SECRETARY, usecases.approve_pledge, approve)
    told(village, "mem_zhang", post_kind="staff")
    assert village.do(SECRETARY, usecases.approve_pledge, approve).state == "approved"
    told(village, "mem_zhang", post_kind="leader")
    seen = village.do(SECRETARY, usecases.read_pledge, ReadPledge(pledge_id=pledge.pledge_id))
    assert [(r.passed, len(r.verdicts)) for r in seen.reviews] == [(True, 5), (True, 5)]
    assert village.do(SECRETARY, usecases.approve_pledge, approve).state == "approved"


def test_a_criterion_that_is_not_met_is_told_from_one_nobody_looked_at():
    reviews = [review("itm_1", met=False), review("itm_2")]
    with pytest.raises(NotReviewed, match="第 1 项没有通过"):
        submitted_pledge().approved(reviews, POLICY, leader=True)
    with pytest.raises(NotReviewed, match="第 1、2 项还没有审查完"):
        submitted_pledge().approved([review("itm_1"), review("itm_2")], POLICY, leader=True)


def test_a_county_may_ask_leaders_for_nothing_more_or_for_something_else():
    """[A12]"""
    village = Village(policies={ReviewPolicy: ReviewPolicy(criteria_for_leaders=())})
    told(village, "mem_zhang", post_kind="leader")
    assert submitted(village).criteria == CRITERIA
    with pytest.raises(ValueError, match="每条只写一次"):
        ReviewPolicy(criteria_for_leaders=("走在前面", "走在前面"))


def test_a_county_that_already_asks_everybody_for_more_is_asked_once_after_the_upgrade():
    """A document adopted before there were criteria for leaders holds as it was: what it names too stops nobody's review. [A12]"""
    adopted = {"criteria": ["切实可行", *HIGHER], "reviewers_needed": 1}
    policy = documents.read(ReviewPolicy, adopted, version="county-1", lenient=True)
    village = Village(policies={ReviewPolicy: policy})
    told(village, "mem_zhang", post_kind="leader")
    assert submitted(village).criteria == ("切实可行", *HIGHER)
    guide = village.do(ZHANG, usecases.read_guide, ReadGuide(organisation_id="org_village", member_id="mem_zhang", year=2026))
    assert not any(HIGHER[0] in one.sentence for one in guide.advice), "nothing is asked of leaders besides"


def test_leaders_who_have_not_pledged_while_others_have_are_named_the_highest_rank_first():
    """[A12]"""
    village = led()
    told(village, "mem_li", post_kind="leader", rank="deputy_section")
    before = coverage(village, "org_village", SECRETARY)
    assert (before.leaders_behind, before.others_pledged) == ((), 0), "nobody is behind while nobody has pledged"
    pledged(village, "org_village", "plg_1", "mem_wang")
    found = coverage(village, "org_village", SECRETARY)
    assert [(u.name, u.rank) for u in found.leaders_behind] == [("李书记", "deputy_section"), ("张三", "grassroots")]
    assert found.others_pledged == 1
    pledged(village, "org_village", "plg_2", "mem_li")
    found = coverage(village, "org_village", SECRETARY)
    assert [u.name for u in found.leaders_behind] == ["张三"] and found.others_pledged == 1, "another leader is no other"


def test_the_ranks_are_rosters():
    assert set(RANKS) == {*roster.RANKS, ""}


@given(st.lists(st.tuples(st.sampled_from(["leader", "staff", "retired"]), st.sampled_from(RANKS))))
def test_whoever_is_behind_leads_and_is_ordered_by_rank(people):
    waiting = [{"id": n, "post_kind": kind, "rank": rank} for n, (kind, rank) in enumerate(people)]
    found = behind(waiting, others_pledged=1)
    assert sorted(one["id"] for one in found) == [one["id"] for one in waiting if one["post_kind"] == "leader"]
    places = [(RANKS.index(one["rank"]), one["id"]) for one in found]
    assert places == sorted(places)
