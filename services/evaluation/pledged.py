"""The copy of published pledges: what is judged.  An older version never overwrites a newer one, whatever the order."""
from collections.abc import Iterable
from typing import Any, cast

from services.evaluation.storage import pledged
from wire.bus.tables import upsert
from wire.contracts.envelope import News
from wire.contracts.pledge import ItemFacts, PledgeFacts


def keep(unit: Any, news: Iterable[News]) -> None:
    """Take published pledges into the copy, newest edition each, in one statement.  Again, or in another order: the same.

    What is not published yet is no matter of evaluation and is passed over.
    """
    facts: list[tuple[int, PledgeFacts]] = [(said.epoch, cast(PledgeFacts, said.event)) for said in news]
    upsert(unit.sql, pledged, ("pledge_id",), [
        row(fact) | {"epoch": epoch, "version": fact.version, "lost": False}
        for epoch, fact in facts if fact.published_at is not None], guard=("epoch", "version"))


def row(fact: PledgeFacts) -> dict[str, Any]:
    """The columns of a pledge, without its edition."""
    return {"pledge_id": fact.pledge_id, "organisation_id": fact.organisation_id, "member_id": fact.member_id,
            "pledgor_name": fact.pledgor_name, "year": fact.year, "commitment": fact.commitment, "state": fact.state,
            "items": [_item(i) for i in sorted(fact.items, key=lambda i: i.position)]}


def _item(item: ItemFacts) -> dict[str, Any]:
    return {"item_id": item.item_id, "matter": item.matter, "state": item.state, "progress": item.progress,
            "deadline_on": item.deadline_on.isoformat() if item.deadline_on else None,
            "fulfilled_at": item.fulfilled_at.isoformat() if item.fulfilled_at else None}
