"""定诺 and 亮诺: the letter gets its number and digest; signed pledges go on the public board, up to 200 at once."""
from services.pledge.domain.letter import Letter, digest_of, number_of, text_of
from services.pledge.domain.pledge import STANDING
from services.pledge.usecases.annual import demand_only
from services.pledge.usecases.facts import facts, view
from services.pledge.usecases.seeing import UNKNOWN, decider, found, permit
from wire.contracts.calls import Invalid, NotFound
from wire.contracts.pledge import (
    COMMITMENTS, COPIES, FORMS, KINDS, SOURCES, PledgePublished, PledgeSigned, PledgeView, Published, PublishPledges, SignPledge,
)
from wire.contracts.ports import Unit

AT_ONCE = 200


def sign_pledge(unit: Unit, request: SignPledge) -> PledgeView:
    """定诺: number, digest and three copies (D2).  Again: the same number, announced once.

    Numbers run without a hole within one organisation and year.  Refuses a pledge that is not approved.
    """
    pledge = found(unit, request.pledge_id)
    pledge.demand_decider(decider(unit, pledge.organisation_id))
    if not pledge.needs_signing:
        return view(unit, pledge)
    number = number_of(pledge.year, unit.books.letters.next_number(pledge.organisation_id, pledge.year))
    # the running number is held until this unit ends: two letters of one pledgor in one place cannot pass each other here
    if pledge.kind == "annual":
        demand_only(unit, pledge.organisation_id, pledge.member_id, pledge.year, but=pledge.id, states=STANDING)
    organisation = unit.directory.organisation(pledge.organisation_id)
    text = text_of(
        number=number, organisation_name=organisation["name"] if organisation else "", pledgor_name=pledge.pledgor_name,
        year=pledge.year, kind=KINDS[pledge.kind], form=FORMS[pledge.form], commitment=COMMITMENTS[pledge.commitment],
        items=pledge.items, signed_on=unit.today, sources=SOURCES)
    after = pledge.signed(number, digest_of(text), unit.now)
    unit.books.letters.file(Letter(
        pledge_id=pledge.id, organisation_id=pledge.organisation_id, year=pledge.year, number=number, text=text,
        digest=after.letter_hash, copies=COPIES, signed_by_name=unit.actor.name, signed_at=unit.now))
    unit.books.pledges.save(after)
    unit.announce(facts(unit, PledgeSigned, after))
    return view(unit, after, PledgeSigned.topic)


def publish_pledges(unit: Unit, request: PublishPledges) -> Published:
    """亮诺 of up to 200 signed pledges, all or none.  Again: they count as ``already`` and nothing is announced.

    An id named twice counts once.  Refuses with what stands in the way: an unknown id, one that is not signed, one's own.
    Set by set: a few statements, whether one pledge is published or two hundred.
    """
    ids = list(dict.fromkeys(request.pledge_ids))
    if not ids:
        raise Invalid("请先选择要公示的承诺。", errors={"pledge_ids": ["请至少选择一份。"]})
    if len(ids) > AT_ONCE:
        raise Invalid(f"一次最多公示 {AT_ONCE} 份，请分批办理。", errors={"pledge_ids": [f"最多 {AT_ONCE} 份。"]})
    pledges = unit.books.pledges.get_many(ids)
    deciders = {}
    for pledge in pledges:
        if pledge.organisation_id not in deciders:
            permit(unit, pledge)
            deciders[pledge.organisation_id] = decider(unit, pledge.organisation_id)
    if len(pledges) < len(ids):
        raise NotFound(UNKNOWN)
    changed = []
    for pledge in pledges:
        pledge.demand_decider(deciders[pledge.organisation_id])
        after = pledge.published(unit.now)
        if after is not pledge:
            changed.append(after)
    unit.books.pledges.save_many(changed)
    for pledge in changed:
        unit.announce(facts(unit, PledgePublished, pledge))
    return Published(published=len(changed), already=len(pledges) - len(changed))
