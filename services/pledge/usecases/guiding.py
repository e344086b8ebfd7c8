"""What a draft may start from, told before and while it is written."""
from services.pledge.domain.policy import DraftingPolicy, ReviewPolicy
from services.pledge.domain.situation import advice, lacks_duty, starts
from services.pledge.usecases.drafting import demand_member
from services.pledge.usecases.linking import servable
from services.pledge.usecases.pledgor import member_of, pledgor, situation
from wire.contracts.pledge import Advice, Guide, ReadGuide, Start
from wire.contracts.ports import Unit


def read_guide(unit: Unit, request: ReadGuide) -> Guide:
    """What is expected of this member by post, duty and whereabouts, and beginnings that fit (A8–A12); and the published
    items of the organisation and of those above it, which theirs may serve (A13).  Of an organisation: nothing.

    Refuses, as drafting would, somebody who does not pledge there.
    """
    unit.permit(request.organisation_id, member_id=request.member_id)
    if not request.member_id:
        return Guide()
    demand_member(unit, request.organisation_id, request.member_id)
    member = member_of(unit, request.member_id)
    who = situation(unit, request.organisation_id, member)
    assert who is not None, "whoever pledges here is in the roll"
    policy = unit.policy(DraftingPolicy, request.organisation_id)
    higher = unit.policy(ReviewPolicy, request.organisation_id).higher
    return Guide(
        servable=servable(unit, request.organisation_id, request.year), pledgor=pledgor(unit, member),
        lacks_duty=lacks_duty(who), advice=tuple(Advice(rule=rule, sentence=said) for rule, said in advice(who, policy, higher=higher)),
        starts=tuple(Start(label=s.label, matter=s.matter, source=s.source, category=s.category, commitment=s.commitment)
                     for s in starts(who, policy)))
