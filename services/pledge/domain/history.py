"""A line of a pledge's history: who did what, when, and for whom where somebody wrote for the pledgor (代录)."""
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an item stood in a version."""

    position: int
    state: str
    progress: int
    note: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Line:
    """``what`` is the topic of an event, or the name of a change that is none; ``items`` by id as they stood afterwards."""

    at: datetime
    person_id: str
    by_name: str
    what: str
    items: Mapping[str, Stand]
    on_behalf_of: str = ""


def stands(items: Sequence[Any]) -> dict[str, Stand]:
    """Where the items of a pledge stand; of anything that has their fields."""
    return {i.item_id if hasattr(i, "item_id") else i.id: Stand(i.position, i.state, i.progress, i.note, i.evidence) for i in items}


def details(lines: Sequence[Line]) -> Iterator[str]:
    """For each line what it did to which item, in words: a figure of the ledger opens to these."""
    before: Mapping[str, Stand] = {}
    for line in lines:
        yield "；".join(said for id_, now in line.items.items() if id_ in before and (said := _said(before[id_], now)))
        before = line.items


def _said(was: Stand, now: Stand) -> str:
    head = f"第 {now.position} 项"
    if now.state == "claimed" and was.state != "claimed":
        return f"{head}申请销号，佐证：{now.evidence}"
    if now.state == "fulfilled" and was.state != "fulfilled":
        return f"{head}三项都通过，已兑现"
    if now.state == "open" and was.state == "claimed":
        return f"{head}没有通过核验，继续办理"
    if (now.progress, now.note) != (was.progress, was.note):
        return f"{head}进度 {was.progress}% → {now.progress}%" + (f"：{now.note}" if now.note else "")
    return ""
