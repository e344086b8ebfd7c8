"""审诺: look at each item, approve the pledge or return it for improvement."""
from services.pledge.domain.policy import ReviewPolicy
from services.pledge.domain.review import Review, Verdict, checked
from services.pledge.usecases.facts import REVIEWED, facts, remember, view
from services.pledge.usecases.pledgor import leads
from services.pledge.usecases.seeing import decider, found
from wire.contracts.pledge import (
    ApprovePledge, PledgeApproved, PledgeReturned, PledgeView, ReturnPledge, ReviewItem,
)
from wire.contracts.ports import Unit


def review_item(unit: Unit, request: ReviewItem) -> PledgeView:
    """One item against every criterion of the policy in force (C4, C8), for a leading cadre's the higher ones too (A12).  Again:
    the later verdict replaces the earlier.

    Refuses the pledgor (NotYours), a pledge that is not under review, and a verdict that leaves a criterion out.
    """
    pledge = found(unit, request.pledge_id)
    pledge.demand_decider(decider(unit, pledge.organisation_id))
    after = pledge.looked_at(request.item_id)
    criteria = unit.policy(ReviewPolicy, pledge.organisation_id).criteria_of(leader=leads(unit, pledge.member_id))
    verdicts = checked((Verdict(v.criterion, v.met, v.note) for v in request.verdicts), criteria)
    unit.books.reviews.put(pledge.id, Review(
        item_id=request.item_id, reviewer_id=unit.actor.member_id or unit.actor.person_id, reviewer_name=unit.actor.name,
        reviewed_at=unit.now, verdicts=verdicts))
    unit.books.pledges.save(after)
    remember(unit, REVIEWED, after)
    return view(unit, after, REVIEWED)


def approve_pledge(unit: Unit, request: ApprovePledge) -> PledgeView:
    """审定: refused until every item has passed every criterion.  Again: the same answer, announced once."""
    pledge = found(unit, request.pledge_id)
    pledge.demand_decider(decider(unit, pledge.organisation_id))
    policy = unit.policy(ReviewPolicy, pledge.organisation_id)
    after = pledge.approved(unit.books.reviews.of(pledge.id), policy, leader=leads(unit, pledge.member_id))
    if after is pledge:
        return view(unit, pledge)
    unit.books.pledges.save(after)
    unit.announce(facts(unit, PledgeApproved, after))
    return view(unit, after, PledgeApproved.topic)


def return_pledge(unit: Unit, request: ReturnPledge) -> PledgeView:
    """退回完善 with the reason.  The same reason again: the same answer, announced once."""
    pledge = found(unit, request.pledge_id)
    pledge.demand_decider(decider(unit, pledge.organisation_id))
    after = pledge.returned(request.reason)
    if after is pledge:
        return view(unit, pledge)
    unit.books.pledges.save(after)
    unit.announce(facts(unit, PledgeReturned, after))
    return view(unit, after, PledgeReturned.topic)
