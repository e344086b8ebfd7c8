"""One annual pledge a year, and a no that says why."""
from dataclasses import replace

import pytest

from services.pledge import usecases
from services.pledge.domain.policy import DraftingPolicy
from services.pledge.domain.refusals import AlreadyPledged, Incomplete
from tests.fakes_pledge import CLERK, SECRETARY, Village
from tests.unit.pledge.test_writing import CRITERIA, LAMPS, drafted, submitted
from wire.contracts.pledge import CriterionVerdict, ReviewItem


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
