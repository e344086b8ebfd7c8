"""One annual pledge a year, and a no that says why."""
from dataclasses import replace

import pytest

from services.pledge import usecases
from services.pledge.domain.policy import DraftingPolicy
from services.pledge.domain.refusals import AlreadyPledged, Incomplete
from tests.fakes import day, member
from tests.fakes_pledge import CLERK, FAR_CLERK, SECRETARY, Village
from tests.unit.pledge.test_writing import CRITERIA, LAMPS, drafted, reviewed, submitted
from tests.unit.pledge.worlds import signed as signed_pledge
from wire.contracts.pledge import ApprovePledge, CriterionVerdict, DraftPledge, ReviewItem, SignPledge


def test_a_second_annual_pledge_of_the_year_is_refused_and_leads_to_the_first():
    """Else whoever evaluates could choose which one counts.  An immediate one (B3) and another year are no second one.  [B3] [G3]"""
    village = Village()
    drafted(village)
    with pytest.raises(AlreadyPledged) as refusal:
        drafted(village, actor=CLERK)
    assert "草拟" in refusal.value.sentence and "即时承诺" in refusal.value.sentence
    drafted(village, kind="immediate")
    drafted(village, member_id="", actor=SECRETARY, items=(replace(LAMPS, responsible="李书记"),))
    assert len(village.books.pledges.kept) == 3


def there(village, actor, **more):
    return village.do(actor, usecases.draft_pledge, DraftPledge(
        organisation_id="org_other", member_id="mem_zhang", year=2026, items=(LAMPS,), **more))


def told(village, **more):
    village.directory.members["mem_zhang"] = member(village.directory.members["mem_zhang"] | more)


def test_who_moved_on_makes_no_second_and_is_told_where_the_first_stands():
    """It stays where it was made.  [B3]"""
    village = Village()
    drafted(village)
    told(village, organisation_id="org_other")
    with pytest.raises(AlreadyPledged) as refusal:
        there(village, FAR_CLERK)
    assert "2026 年度已经在清河村党支部有一份年度承诺（草拟）" in refusal.value.sentence
    there(village, FAR_CLERK, kind="immediate")


@pytest.mark.parametrize("first", ["work unit", "community"])
def test_the_second_pledge_in_the_community_is_counted_apart_and_is_one_too(first):
    """[A9]"""
    village = Village()
    told(village, residence_id="org_other", residence_confirmed_on=day("2026-01-05"))
    both = (lambda: drafted(village), lambda: there(village, FAR_CLERK))
    for one in both if first == "work unit" else reversed(both):
        one()
    for one in both:
        with pytest.raises(AlreadyPledged):
            one()
    assert {p.organisation_id for p in village.books.pledges.kept.values()} == {"org_village", "org_other"}


def test_a_floating_members_community_where_they_pledge_anyway_makes_no_second():
    """[A7] [A9]"""
    village = Village()
    drafted(village)
    told(village, whereabouts="inflow", inflow_id="org_other", residence_id="org_other", residence_confirmed_on=day("2026-01-05"))
    with pytest.raises(AlreadyPledged):
        there(village, FAR_CLERK)


def test_of_two_annual_pledges_that_were_written_in_two_places_one_is_signed():
    """Both may have been begun at once.  [B3]"""
    village = Village()
    pledge = reviewed(village, submitted(village))
    village.do(SECRETARY, usecases.approve_pledge, ApprovePledge(pledge_id=pledge.pledge_id))
    village.books.pledges.add(replace(signed_pledge(), id="plg_before", organisation_id="org_other"))
    with pytest.raises(AlreadyPledged) as refusal:
        village.do(SECRETARY, usecases.sign_pledge, SignPledge(pledge_id=pledge.pledge_id))
    assert "柳河村党支部" in refusal.value.sentence


def test_a_policy_may_allow_two_annual_pledges():
    village = Village(policies={DraftingPolicy: DraftingPolicy(version="two", annual_pledges=2)})
    drafted(village)
    drafted(village)
    with pytest.raises(AlreadyPledged):
        drafted(village)


def test_who_finds_a_criterion_unmet_says_why():
    """[C5]"""
    village = Village()
    pledge = submitted(village)
    silent = tuple(CriterionVerdict(criterion=c, met=c != CRITERIA[0]) for c in CRITERIA)
    with pytest.raises(Incomplete) as refusal:
        village.do(SECRETARY, usecases.review_item, ReviewItem(
            pledge_id=pledge.pledge_id, item_id=pledge.items[0].item_id, verdicts=silent))
    assert CRITERIA[0] in refusal.value.sentence
