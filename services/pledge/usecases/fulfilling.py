"""践诺: progress, the claim that an item is done 申请销号, and the three gates before it closes 销号."""
from services.pledge.domain.item import Gates
from services.pledge.domain.pledge import Pledge
from services.pledge.usecases.facts import facts, view
from services.pledge.usecases.seeing import decider, found, written
from wire.contracts.pledge import (
    ClaimItem, PledgeFacts, PledgeItemClaimed, PledgeItemFulfilled, PledgeItemProgressed, PledgeItemRefused, PledgeView,
    RecordProgress, VerifyItem,
)
from wire.contracts.ports import Unit


def record_progress(unit: Unit, request: RecordProgress) -> PledgeView:
    """Progress of one item in per cent.  The same again: the same answer, announced once.  Refused unless published."""
    pledge = written(unit, request.pledge_id)
    return _told(unit, pledge, pledge.progressed(request.item_id, request.progress, request.note), PledgeItemProgressed)


def claim_item(unit: Unit, request: ClaimItem) -> PledgeView:
    """申请销号 with evidence.  The same again: the same answer, announced once.  Refused once fulfilled."""
    pledge = written(unit, request.pledge_id)
    return _told(unit, pledge, pledge.claimed(request.item_id, request.evidence, unit.now), PledgeItemClaimed)


def verify_item(unit: Unit, request: VerifyItem) -> PledgeView:
    """三不通过 (F5): all three gates pass: 已销号; one does not: open again, with the note, which is then demanded.

    Never by the pledgor.  Passing again what is fulfilled: the same answer, announced once.
    """
    pledge = found(unit, request.pledge_id)
    pledge.demand_decider(decider(unit, pledge.organisation_id))
    gates = Gates(
        item_id=request.item_id, solved=request.solved, implemented=request.implemented, satisfied=request.satisfied,
        note=request.note, verified_by=unit.actor.person_id, verified_by_name=unit.actor.name, verified_at=unit.now)
    after = pledge.verified(gates, unit.today)
    if after is not pledge:
        unit.books.gates.add(pledge.id, gates)
    return _told(unit, pledge, after, PledgeItemFulfilled if gates.passed else PledgeItemRefused)


def _told(unit: Unit, before: Pledge, after: Pledge, kind: type[PledgeFacts]) -> PledgeView:
    if after is before:
        return view(unit, before)
    unit.books.pledges.save(after)
    unit.announce(facts(unit, kind, after))
    return view(unit, after, kind.topic)
