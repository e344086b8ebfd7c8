"""What is worth a notice (公示), told from the state of a pledge and what was known of it before.

A notice's id follows from what it tells about, so the same news again posts nothing, in whatever order and however often
it is heard.  A notice shows the matter, the responsible person and the deadline (E3), and no score of a named member.
"""
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.notice.domain.item import Item


@dataclass(frozen=True)
class Told:
    """A notice as it should stand.  ``of``: the pledge or evaluation it tells about; ``detail``: what else on the board it
    stands for and does not say in its title."""

    notice_id: str
    kind: str
    of: str
    title: str
    person: str
    posted_at: datetime
    state: str = "posted"
    detail: str = ""


@dataclass(frozen=True)
class Showing:
    """A public pledge at one moment; ``items`` in their order."""

    pledge_id: str
    pledgor_name: str
    published_at: datetime
    items: tuple[Item, ...]


def notice_id(kind: str, of: str) -> str:
    """Stable: the same for the same matter, whichever event told it."""
    return "ntc_" + hashlib.sha256(f"{kind}|{of}".encode()).hexdigest()[:32]


def of_pledge(now: Showing, before: Mapping[str, Item] | None, at: datetime) -> Iterator[Told]:
    """The notices of a public pledge.  ``before``: its items as they were known, None if it was not on the board."""
    yield Told(notice_id("pledge", now.pledge_id), "pledge", now.pledge_id, _promise(now.items), now.pledgor_name,
               now.published_at, detail=_standing(now.items))
    for item in now.items:
        was = (before or {}).get(item.item_id)
        closed = notice_id("closed_item", item.item_id)
        if item.done:
            yield Told(closed, "closed_item", now.pledge_id, item.matter, item.responsible, item.fulfilled_at or at)
        elif was is not None and was.done:
            yield Told(closed, "closed_item", now.pledge_id, item.matter, item.responsible, at, "withdrawn")
        if item.progress and not item.done and (was is None or (was.progress, was.note) != (item.progress, item.note)):
            yield Told(notice_id("progress", item.item_id), "progress", now.pledge_id, f"{item.matter}：已完成 {item.progress}%",
                       item.responsible, at)


def gone(pledge_id: str, before: Mapping[str, Item], at: datetime) -> Iterator[Told]:
    """A pledge that left the board: everything told of it is withdrawn."""
    yield Told(notice_id("pledge", pledge_id), "pledge", pledge_id, "", "", at, "withdrawn")
    for item_id in before:
        for kind in ("progress", "closed_item"):
            yield Told(notice_id(kind, item_id), kind, pledge_id, "", "", at, "withdrawn")


def of_result(evaluation_id: str, person: str, at: datetime, *, stands: bool, present: int = 0, issued: int = 0,
              returned: int = 0, valid: int = 0, satisfaction: Decimal | None = None) -> Told:
    """The result of a mass appraisal as the masses hear it (G20): the four figures and the rate, never a member's score."""
    title = (f"群众满意度 {satisfaction}%" if satisfaction is not None
             else "群众评议没有得出满意度" if present else "年度评诺已完成")
    if present:
        title += f"：到会 {present}、发出 {issued}、收回 {returned}、有效 {valid}"
    return Told(notice_id("result", evaluation_id), "result", evaluation_id, title, person, at,
                "posted" if stands else "withdrawn")


def _promise(items: tuple[Item, ...]) -> str:
    if not items:
        return "公开承诺"
    first = items[0]
    return f"{first.matter}（{_by(first.deadline_on)}）" + (f"等 {len(items)} 件" if len(items) > 1 else "")


def _by(deadline: date | None) -> str:
    return f"{deadline.year}年{deadline.month}月{deadline.day}日前" if deadline else "长期"


def _standing(items: tuple[Item, ...]) -> str:
    """Claims and verdicts have no notice of their own; with them the pledge's is told anew."""
    return ",".join(f"{i.item_id}:{i.state}:{i.verdict}" for i in items if i.verdict or i.state == "claimed")
