"""承诺衔接 (A13): which item of an organisation's pledge an item serves, chosen while drafting and shown afterwards."""
from collections.abc import Iterator, Mapping, Sequence

from services.pledge.domain.item import Item
from services.pledge.domain.pledge import PUBLIC, Pledge
from services.pledge.domain.refusals import Incomplete
from services.pledge.domain.serving import linked, why_not
from services.pledge.usecases.pledgor import name_of
from wire.contracts.pledge import ItemDraft, Servable, ServedItem
from wire.contracts.ports import Unit


def links(unit: Unit, pledge: Pledge, drafts: Sequence[ItemDraft], known: Mapping[str, Item]) -> dict[str, str]:
    """By the id of each served item the pledge that holds it.

    What an item named before is not asked again, so that a link does not stand in the way when what it leads to has ended.
    Refuses the rest with why, beside the field: see ``domain.serving``.
    """
    kept = {item.serves_item_id: item.serves_pledge_id for item in linked(pledge)}
    asked = {draft.serves_item_id for draft in drafts if draft.serves_item_id and not _as_before(draft, known)}
    found = unit.books.pledges.holding(asked)
    wrong = {}
    for place, draft in enumerate(drafts):
        if draft.serves_item_id in asked and not _as_before(draft, known):
            served = found.get(draft.serves_item_id)
            refusal = why_not(pledge, served, at_or_above=served is not None and unit.directory.within(
                pledge.organisation_id, served.organisation_id))
            if refusal:
                wrong[str(place)] = {"serves_item_id": [refusal]}
    if wrong:
        sentence = next(iter(next(iter(wrong.values())).values()))[0]
        raise Incomplete(sentence, errors={"items": wrong})
    return kept | {item_id: served.id for item_id, served in found.items()}


def _as_before(draft: ItemDraft, known: Mapping[str, Item]) -> bool:
    return draft.item_id in known and known[draft.item_id].serves_item_id == draft.serves_item_id


def servable(unit: Unit, organisation_id: str, year: int) -> tuple[Servable, ...]:
    """The published items a member's draft may serve here: of the organisation's own pledge first, then upwards."""
    here = unit.directory.organisation(organisation_id)
    upwards = here["path"].strip("/").split("/")[::-1] if here is not None else []
    unit.directory.look_up(upwards)
    own = sorted(unit.books.pledges.own(upwards, year, PUBLIC), key=lambda p: (upwards.index(p.organisation_id), p.id))
    return tuple(Servable(item_id=item.id, organisation_id=pledge.organisation_id, matter=item.matter,
                          organisation_name=name_of(unit, pledge.organisation_id)) for pledge in own for item in pledge.items)


def served(unit: Unit, pledge: Pledge) -> Iterator[ServedItem]:
    """What the items of this pledge serve, as it stands now; what is public no more is left out."""
    mine = linked(pledge)
    found = unit.books.pledges.holding({item.serves_item_id for item in mine})
    for item in mine:
        other = found.get(item.serves_item_id)
        if other is not None and other.state in PUBLIC:
            its = other.item(item.serves_item_id)
            yield ServedItem(
                item_id=item.id, serves_pledge_id=other.id, serves_item_id=its.id, organisation_id=other.organisation_id,
                organisation_name=name_of(unit, other.organisation_id), matter=its.matter, deadline_on=its.deadline_on, state=its.state,
                progress=its.progress, verdict=its.verdict)
