"""提诺: begin a pledge, write its items, hand it in."""
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.pledge.domain.item import Item
from services.pledge.domain.pledge import Pledge
from services.pledge.domain.policy import DraftingPolicy
from services.pledge.domain.refusals import Incomplete, PledgesElsewhere, UnknownItem
from services.pledge.domain.situation import demand_duty
from services.pledge.usecases.annual import demand_only
from services.pledge.usecases.facts import DRAFTED, SAVED, facts, remember, view
from services.pledge.usecases.linking import links
from services.pledge.usecases.pledgor import first_places, member_of, name_of, second_places, situation, with_branch
from services.pledge.usecases.seeing import speak_for, written
from wire.contracts.calls import NotFound, Stale
from wire.contracts.pledge import DraftPledge, ItemDraft, PledgeSubmitted, PledgeView, SaveDraft, SubmitPledge
from wire.contracts.ports import Unit

NO_ORGANISATION = "没有找到这个党组织。刚刚登记的请稍等片刻再试，其余请核对后重选。"
NO_MEMBER = "这个党组织的名册里没有这名党员，请核对后重选，或请上级先办理组织关系。"


def draft_pledge(unit: Unit, request: DraftPledge) -> PledgeView:
    """Begin a pledge; a second call without an idempotency key begins another one.

    ``form`` individual without a member is the organisation's own.  Refuses an organisation or a member the roster does
    not list there: nobody drafts for somebody of another village; and one annual pledge more than the policy
    allows, wherever the member made the others (A9: the second one in the community is counted apart).
    """
    unit.permit(request.organisation_id, member_id=request.member_id)
    organisation = unit.directory.organisation(request.organisation_id)
    if organisation is None or organisation["state"] != "active":
        raise NotFound(NO_ORGANISATION)
    name, form = organisation["name"], request.form
    if request.member_id:
        name = demand_member(unit, request.organisation_id, request.member_id)
        if form == "organisation":
            raise Incomplete("党员个人的承诺不能选“党组织承诺”，请改选形式。", errors={"form": ["请改选个人承诺等形式。"]})
    elif form == "individual":
        form = "organisation"
    speak_for(unit, request.organisation_id, request.member_id, name)
    if request.kind == "annual":
        demand_only(unit, request.organisation_id, request.member_id, request.year)
    pledge = Pledge(
        id=unit.new_id("plg"), organisation_id=request.organisation_id, member_id=request.member_id, pledgor_name=name,
        year=request.year, kind=request.kind, form=form, commitment=request.commitment)
    pledge = replace(pledge, items=_written(unit, pledge, request.items))
    unit.books.pledges.add(pledge)
    remember(unit, DRAFTED, pledge)
    return view(unit, pledge, DRAFTED)


def save_draft(unit: Unit, request: SaveDraft) -> PledgeView:
    """Replace the items of a draft or of a returned pledge; the same items again change nothing.

    Raises Stale when somebody changed it after ``version`` was read; the caller still has what was typed.  What the
    reviewers said about an item stands only as long as its wording does.
    """
    pledge = written(unit, request.pledge_id)
    if request.version != pledge.version:
        raise Stale("这份承诺在您填写期间被改动过。您填写的内容没有丢失，请对照最新内容核对后再保存。",
                    errors={"version": [str(pledge.version)]})
    after = pledge.rewritten(request.commitment, _written(unit, pledge, request.items))
    if after is pledge:
        return view(unit, pledge)
    kept = {item.id: item for item in after.items}
    reworded = [i.id for i in pledge.items if i.id not in kept or not i.says_the_same(kept[i.id])]
    if reworded:
        unit.books.reviews.forget(pledge.id, reworded)
    unit.books.pledges.save(after)
    remember(unit, SAVED, after)
    return view(unit, after, SAVED)


def submit_pledge(unit: Unit, request: SubmitPledge) -> PledgeView:
    """Hand the pledge to the reviewing organisation.  Again: the same answer, announced once.

    Refuses one without items, or with an item nobody answers for (B7); and where the policy asks for it that of a member without
    post or duty who promises nothing for society either (A10).
    """
    pledge = written(unit, request.pledge_id)
    policy = unit.policy(DraftingPolicy, pledge.organisation_id)
    after = pledge.submitted(unit.now, policy)
    if after is pledge:
        return view(unit, pledge)
    demand_duty(situation(unit, pledge.organisation_id, member_of(unit, pledge.member_id)), pledge.items, policy)
    unit.books.pledges.save(after)
    unit.announce(facts(unit, PledgeSubmitted, after))
    return view(unit, after, PledgeSubmitted.topic)


def demand_member(unit: Unit, organisation_id: str, member_id: str) -> str:
    """The member's name, if this is where they pledge: their organisation or a party group 党小组 directly under it; for a
    floating member the inflow organisation in the county and not their own (A7); and the community that confirmed their
    report 双报到, for the second pledge (A9).
    """
    member = unit.directory.member(member_id)
    if member is None or member["state"] != "active":
        raise NotFound(NO_MEMBER)
    if organisation_id in first_places(unit, member) | second_places(unit, member):
        return member["name"]
    if organisation_id in with_branch(unit, member["organisation_id"]):
        raise PledgesElsewhere(member["name"], name_of(unit, member["inflow_id"]) or "流入地党组织")
    raise NotFound(NO_MEMBER)


def _written(unit: Unit, pledge: Pledge, drafts: Sequence[ItemDraft]) -> tuple[Item, ...]:
    """The items as written, in their order.  Nobody named: for a member's pledge the member answers for it."""
    most = unit.policy(DraftingPolicy, pledge.organisation_id).most_items
    if len(drafts) > most:
        raise Incomplete(f"承诺事项最多 {most} 项，请精简后保存。", errors={"items": ["事项过多，请精简。"]})
    known = {item.id: item for item in pledge.items}
    served = links(unit, pledge, drafts, known)
    items = []
    for position, draft in enumerate(drafts, start=1):
        written: dict[str, Any] = {
            "position": position, "matter": draft.matter, "category": draft.category, "source": draft.source,
            "measure": draft.measure, "target": draft.target, "deadline_on": draft.deadline_on, "serves_item_id": draft.serves_item_id,
            "serves_pledge_id": served[draft.serves_item_id] if draft.serves_item_id else "",
            "responsible": draft.responsible or (pledge.pledgor_name if pledge.member_id else "")}
        if not draft.item_id:
            items.append(Item(id=unit.new_id("itm"), **written))
        elif draft.item_id in known:
            items.append(replace(known.pop(draft.item_id), **written))
        else:
            # unknown, of another pledge, or named twice
            raise UnknownItem
    return tuple(items)
