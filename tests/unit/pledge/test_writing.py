"""提诺 and 审诺 as use cases: who may, what is kept, what is announced."""
from dataclasses import replace
from datetime import date

import pytest

from services.pledge import usecases
from services.pledge.domain.policy import DraftingPolicy, ReviewPolicy
from services.pledge.domain.refusals import Incomplete, NotReady, NotReviewed, NotYours, UnknownItem
from tests.fakes import person
from tests.fakes_pledge import CLERK, FAR_CLERK, FAR_SECRETARY, SECRETARY, SUPERIOR, ZHANG, Village
from wire.contracts.calls import Forbidden, NotFound, Stale
from wire.contracts.pledge import (
    ApprovePledge, CriterionVerdict, DraftPledge, ItemDraft, ReadPledge, ReturnPledge, ReviewItem, SaveDraft, SubmitPledge,
)

LAMPS = ItemDraft(matter="为20户安装路灯", target="20盏", deadline_on=date(2026, 12, 31))
VISITS = ItemDraft(matter="走访困难家庭12次", target="每月一次", deadline_on=date(2026, 12, 31))


def drafted(village, actor=ZHANG, member_id="mem_zhang", items=(LAMPS, VISITS), **more):
    return village.do(actor, usecases.draft_pledge, DraftPledge(
        organisation_id="org_village", member_id=member_id, year=2026, items=items, **more))


def submitted(village, **more):
    pledge = drafted(village, **more)
    actor = ZHANG if pledge.member_id else SECRETARY
    return village.do(actor, usecases.submit_pledge, SubmitPledge(pledge_id=pledge.pledge_id))


CRITERIA = ReviewPolicy().criteria


def verdicts(met=True, criteria=CRITERIA):
    return tuple(CriterionVerdict(criterion=c, met=met, note="" if met else "请写明做到什么程度") for c in criteria)


def reviewed(village, pledge, actor=SECRETARY, met=True):
    for one in pledge.items:
        pledge = village.do(actor, usecases.review_item, ReviewItem(
            pledge_id=pledge.pledge_id, item_id=one.item_id, verdicts=verdicts(met)))
    return pledge


def test_a_draft_is_kept_and_nothing_is_announced():
    village = Village()
    pledge = drafted(village)
    assert (pledge.state, pledge.pledgor_name, pledge.version, village.announced) == ("drafted", "张三", 1, [])
    assert [(i.position, i.responsible) for i in pledge.items] == [(1, "张三"), (2, "张三")]
    assert [(h.by_name, h.what) for h in pledge.history] == [("张三", "起草")]


def test_a_clerk_records_on_behalf_and_both_names_are_kept():
    """代录: whoever acts and the one acted for are both named."""
    village = Village()
    pledge = drafted(village, actor=CLERK)
    pledge = village.do(CLERK, usecases.submit_pledge, SubmitPledge(pledge_id=pledge.pledge_id))
    assert {(h.by_name, h.on_behalf_of) for h in pledge.history} == {("王会计", "张三")}
    assert (village.announced[0].acted_by_name, village.announced[0].pledgor_name) == ("王会计", "张三")


def test_whoever_acts_for_themselves_acts_for_nobody():
    """The member, and the secretary for the organisation; the secretary who writes a member's down is named beside them."""
    village = Village()
    secretary = person("secretary", member_id="mem_li", name="李书记")
    elsewhere = replace(CLERK, grants=CLERK.grants + FAR_SECRETARY.grants)
    for actor, member_id, acted_for in (
            (ZHANG, "mem_zhang", ""), (secretary, "", ""), (secretary, "mem_zhang", "张三"), (CLERK, "", "清河村党支部"),
            (elsewhere, "", "清河村党支部")):
        pledge = drafted(village, actor=actor, member_id=member_id, kind="immediate")
        assert pledge.history[0].on_behalf_of == acted_for, (actor.name, member_id)


def test_the_secretary_speaks_for_the_organisation():
    pledge = drafted(Village(), actor=SECRETARY, member_id="", items=(replace(LAMPS, responsible="李书记"),))
    assert (pledge.form, pledge.pledgor_name, pledge.history[0].by_name) == ("organisation", "清河村党支部", "李书记")


def test_activists_may_take_part():
    """[A3]"""
    assert drafted(Village(), actor=CLERK, member_id="mem_active").pledgor_name == "赵六"


def test_a_member_of_a_party_group_pledges_with_the_branch():
    assert drafted(Village(), actor=CLERK, member_id="mem_group").pledgor_name == "孙八"


@pytest.mark.parametrize("member_id", ["mem_far", "mem_gone", "mem_nobody"])
def test_nobody_is_drafted_for_who_is_not_on_the_roll_here(member_id):
    """A clerk of one village cannot act for another's members. [X17]"""
    with pytest.raises(NotFound, match="名册"):
        drafted(Village(), actor=CLERK, member_id=member_id)


def test_a_dissolved_organisation_begins_no_pledge():
    village = Village()
    village.directory.organisations["org_village"]["state"] = "dissolved"
    with pytest.raises(NotFound, match="党组织"):
        drafted(village)


def test_a_member_drafts_only_their_own():
    with pytest.raises(Forbidden):
        drafted(Village(), member_id="mem_wang")


def test_a_member_cannot_pledge_in_an_organisations_name_form():
    with pytest.raises(Incomplete):
        drafted(Village(), form="organisation")


def test_a_draft_of_another_village_is_as_unknown_as_no_draft():
    """Ids of another village's drafts say nothing. [X17]"""
    village = Village()
    pledge = drafted(village)
    refusals = []
    for pledge_id in (pledge.pledge_id, "plg_nothing"):
        for usecase, request in ((usecases.read_pledge, ReadPledge(pledge_id=pledge_id)),
                                 (usecases.submit_pledge, SubmitPledge(pledge_id=pledge_id))):
            with pytest.raises(NotFound) as refused:
                village.do(FAR_CLERK, usecase, request)
            refusals.append(refused.value.sentence)
    assert len(set(refusals)) == 1


def test_a_clerk_sees_a_pledge_they_may_not_decide():
    """Seen but not theirs to decide: 403, not 404. [C1]"""
    village = Village()
    pledge = reviewed(village, submitted(village))
    with pytest.raises(Forbidden):
        village.do(CLERK, usecases.approve_pledge, ApprovePledge(pledge_id=pledge.pledge_id))


def test_saving_replaces_the_items_and_keeps_those_that_are_named():
    village = Village()
    pledge = drafted(village)
    kept = pledge.items[1]
    saved = village.do(ZHANG, usecases.save_draft, SaveDraft(
        pledge_id=pledge.pledge_id, version=1, commitment="oral",
        items=(replace(VISITS, item_id=kept.item_id, target="每月两次"), LAMPS)))
    assert saved.items[0].item_id == kept.item_id and saved.items[0].target == "每月两次"
    assert saved.items[1].item_id not in {i.item_id for i in pledge.items}
    assert (saved.version, saved.commitment, [h.what for h in saved.history]) == (2, "oral", ["起草", "修改草稿"])


def test_saving_the_same_again_changes_nothing():
    village = Village()
    pledge = drafted(village)
    same = tuple(ItemDraft(**{f: getattr(i, f) for f in (
        "item_id", "matter", "category", "source", "measure", "target", "responsible", "deadline_on")}) for i in pledge.items)
    again = village.do(ZHANG, usecases.save_draft, SaveDraft(pledge_id=pledge.pledge_id, version=1, items=same))
    assert again.version == 1


def test_saving_over_somebody_elses_change_is_stale_and_writes_nothing():
    village = Village()
    pledge = drafted(village)
    save = SaveDraft(pledge_id=pledge.pledge_id, version=1, items=(LAMPS,))
    village.do(CLERK, usecases.save_draft, save)
    with pytest.raises(Stale, match="没有丢失"):
        village.do(ZHANG, usecases.save_draft, replace(save, items=(VISITS,)))
    assert village.books.pledges.get(pledge.pledge_id).items[0].matter == LAMPS.matter


@pytest.mark.parametrize("items", [
    (replace(LAMPS, item_id="itm_of_nobody"),), "twice"])
def test_an_item_that_is_not_of_this_pledge_is_refused(items):
    village = Village()
    pledge = drafted(village)
    if items == "twice":
        items = (replace(LAMPS, item_id=pledge.items[0].item_id),) * 2
    with pytest.raises(UnknownItem):
        village.do(ZHANG, usecases.save_draft, SaveDraft(pledge_id=pledge.pledge_id, version=1, items=items))


def test_the_number_of_items_is_a_policy():
    village = Village(policies={DraftingPolicy: DraftingPolicy(most_items=1)})
    with pytest.raises(Incomplete, match="最多 1 项"):
        drafted(village)


def test_hints_are_shown_to_the_reviewer_and_refuse_nothing():
    """[B9] [C6]"""
    village = Village()
    pledge = submitted(village, items=(ItemDraft(matter="进一步加强学习"),))
    seen = village.do(SECRETARY, usecases.read_pledge, ReadPledge(pledge_id=pledge.pledge_id))
    assert seen.state == "submitted" and any("不好核验" in h.sentence for h in seen.hints)


def test_submitting_twice_announces_once():
    village = Village()
    pledge = submitted(village)
    again = village.do(ZHANG, usecases.submit_pledge, SubmitPledge(pledge_id=pledge.pledge_id))
    assert again.version == pledge.version and village.topics() == ["PledgeSubmitted"]
    assert village.announced[0].scope == "branch"


def test_approving_needs_every_item_reviewed_and_announces_once():
    """[C3] [C4] [C8]"""
    village = Village()
    pledge = submitted(village)
    approve = ApprovePledge(pledge_id=pledge.pledge_id)
    with pytest.raises(NotReviewed):
        village.do(SECRETARY, usecases.approve_pledge, approve)
    reviewed(village, pledge)
    once, twice = (village.do(SECRETARY, usecases.approve_pledge, approve) for _ in range(2))
    assert once.state == twice.state == "approved" and once.version == twice.version
    assert village.topics() == ["PledgeSubmitted", "PledgeApproved"]
    assert len(once.reviews) == 2 and once.reviews[0].reviewed_by_name == "李书记" and once.reviews[0].passed


@pytest.mark.parametrize("given", [
    verdicts()[:4], verdicts() + verdicts()[:1], (*verdicts(), CriterionVerdict(criterion="没有这条", met=True))])
def test_a_review_answers_every_criterion_of_the_policy_once(given):
    """[C4]"""
    village = Village()
    pledge = submitted(village)
    with pytest.raises(Incomplete):
        village.do(SECRETARY, usecases.review_item, ReviewItem(
            pledge_id=pledge.pledge_id, item_id=pledge.items[0].item_id, verdicts=given))


def test_the_criteria_are_data():
    village = Village(policies={ReviewPolicy: ReviewPolicy(version="county-2", criteria=("切实可行",))})
    pledge = submitted(village)
    assert pledge.criteria == ("切实可行",)
    village.do(SECRETARY, usecases.review_item, ReviewItem(
        pledge_id=pledge.pledge_id, item_id=pledge.items[0].item_id, verdicts=verdicts(criteria=("切实可行",))))


def test_returned_for_improvement_only_the_reworded_item_is_looked_at_again():
    """[C5]"""
    village = Village()
    pledge = reviewed(village, submitted(village))
    returned = village.do(SECRETARY, usecases.return_pledge, ReturnPledge(pledge_id=pledge.pledge_id, reason="路灯写清位置"))
    assert (returned.state, returned.returned_because) == ("returned", "路灯写清位置")
    lamps, visits = returned.items
    village.do(ZHANG, usecases.save_draft, SaveDraft(pledge_id=pledge.pledge_id, version=returned.version, items=(
        replace(LAMPS, item_id=lamps.item_id, matter="为村东20户安装路灯"), replace(VISITS, item_id=visits.item_id))))
    again = village.do(ZHANG, usecases.submit_pledge, SubmitPledge(pledge_id=pledge.pledge_id))
    assert [r.item_id for r in again.reviews] == [visits.item_id]
    with pytest.raises(NotReviewed, match="第 1 项"):
        village.do(SECRETARY, usecases.approve_pledge, ApprovePledge(pledge_id=pledge.pledge_id))


def test_returning_twice_for_the_same_reason_announces_once_and_another_reason_is_refused():
    village = Village()
    pledge = submitted(village)
    back = ReturnPledge(pledge_id=pledge.pledge_id, reason="补充目标")
    village.do(SECRETARY, usecases.return_pledge, back)
    village.do(SECRETARY, usecases.return_pledge, back)
    assert village.topics() == ["PledgeSubmitted", "PledgeReturned"]
    with pytest.raises(NotReady):
        village.do(SECRETARY, usecases.return_pledge, replace(back, reason="另一个理由"))


def test_the_secretarys_own_pledge_is_reviewed_above():
    """[C1]"""
    village = Village()
    pledge = drafted(village, actor=SECRETARY, member_id="mem_li")
    pledge = village.do(SECRETARY, usecases.submit_pledge, SubmitPledge(pledge_id=pledge.pledge_id))
    with pytest.raises(Forbidden):
        reviewed(village, pledge)
    assert reviewed(village, pledge, actor=SUPERIOR).reviews[0].reviewed_by_name == "陈镇书记"


def test_the_organisations_pledge_is_reviewed_above():
    """[C1]"""
    village = Village()
    pledge = submitted(village, actor=SECRETARY, member_id="", items=(replace(LAMPS, responsible="李书记"),))
    with pytest.raises(NotYours, match="上级党组织"):
        reviewed(village, pledge)
    reviewed(village, pledge, actor=SUPERIOR)
    approve = ApprovePledge(pledge_id=pledge.pledge_id)
    with pytest.raises(NotYours):
        village.do(SECRETARY, usecases.approve_pledge, approve)
    assert village.do(SUPERIOR, usecases.approve_pledge, approve).state == "approved"


def test_an_ended_grant_decides_nothing_any_more():
    """[X49]"""
    village = Village()
    pledge = submitted(village)
    village.directory.ended_grants.add(SECRETARY.grants[0].grant_id)
    with pytest.raises(NotFound):
        reviewed(village, pledge)


def test_a_secretary_of_another_village_finds_nothing():
    """[X17]"""
    village = Village()
    pledge = submitted(village)
    with pytest.raises(NotFound):
        reviewed(village, pledge, actor=FAR_SECRETARY)
