"""Which item on the board serves which organisation's item (承诺衔接, A13): a row for each item of a shown pledge that serves one.

Rule kept here: the rows of a pledge are those of its newest edition, as its row on the board is; they are written with it.
"""
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert

from services.notice.domain.item import Item
from services.notice.storage import board_link
from wire.bus.tables import among
from wire.contracts.pledge import PledgeFacts


def keep(sql: Any, told: Mapping[str, tuple[PledgeFacts, tuple[Item, ...] | None]]) -> None:
    """Take the links of these pledges anew; one that is not public has none."""
    if not told:
        return
    sql.execute(delete(board_link).where(among(sql, board_link.c.pledge_id, sorted(told))))
    rows = [{"pledge_id": fact.pledge_id, "item_id": said.item_id, "serves_pledge_id": said.serves_pledge_id,
             "serves_item_id": said.serves_item_id, "fulfilled": next(i.done for i in items if i.item_id == said.item_id)}
            for _, (fact, items) in sorted(told.items()) if items is not None
            for said in fact.items if said.serves_item_id]
    if rows:
        sql.execute(insert(board_link), rows)
