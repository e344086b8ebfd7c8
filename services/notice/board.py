"""The public board (公开栏): one row per pledge with its items, and the notices that follow from it.

Rule kept here: a newer edition, (epoch, version), replaces an older one and never the other way round; what is not
public has no content on the board, and leaves none behind.
"""
from collections.abc import Iterable, Iterator
from typing import Any, cast

from sqlalchemy import select

from services.notice import links, notices
from services.notice.domain import telling
from services.notice.domain.item import PUBLIC, Item, items_of, summary
from services.notice.notices import Cause
from services.notice.storage import board_pledge
from wire.bus.tables import among, upsert
from wire.contracts.envelope import News
from wire.contracts.pledge import PledgeFacts


def post(unit: Any, news: Iterable[News]) -> None:
    """Put on the board what pledge says, take off it what is public no more, and post the notices, in this unit.

    Set by set: a batch costs a handful of statements.  Again, or in another order: the same board, no new notice.
    """
    ordered = sorted(news, key=lambda said: (said.event.subject, said.edition))
    rows: dict[str, dict[str, Any]] = _known(unit.sql, sorted({said.event.subject for said in ordered}))
    changed: dict[str, dict[str, Any]] = {}
    known = {i: items_of(row["items"], row["commitment"]) for i, row in rows.items() if row["shown"]}
    told: dict[str, tuple[PledgeFacts, tuple[Item, ...] | None]] = {}
    causes: list[Cause] = []
    for said in ordered:
        fact, before = cast(PledgeFacts, said.event), rows.get(said.event.subject)
        if before is not None and (before["epoch"], before["version"]) >= said.edition:
            continue
        items = _items(fact) if _public(fact) else None
        rows[fact.pledge_id] = changed[fact.pledge_id] = _row(said, fact, items)
        told[fact.pledge_id] = fact, items
        causes += (Cause(news_, said) for news_ in _told(fact, items, known.pop(fact.pledge_id, None)))
        if items is not None:
            known[fact.pledge_id] = items
    upsert(unit.sql, board_pledge, ("pledge_id",), changed.values(), guard=("epoch", "version"))
    links.keep(unit.sql, told)
    notices.post(unit, causes)


def _known(sql: Any, pledge_ids: list[str]) -> dict[str, dict[str, Any]]:
    """What the board has of these, held until the unit ends."""
    found = sql.execute(
        select(board_pledge.c.pledge_id, board_pledge.c.epoch, board_pledge.c.version, board_pledge.c.shown,
               board_pledge.c["items"], board_pledge.c.commitment)
        .where(among(sql, board_pledge.c.pledge_id, pledge_ids)).order_by(board_pledge.c.pledge_id).with_for_update())
    return {row["pledge_id"]: dict(row) for row in found.mappings()}


def _public(fact: PledgeFacts) -> bool:
    """Whether society 社会 may see it."""
    return fact.state in PUBLIC and fact.published_at is not None and fact.scope == "society"


def _items(fact: PledgeFacts) -> tuple[Item, ...]:
    counted = fact.commitment != "as_able"
    return tuple(Item(
        item_id=i.item_id, matter=i.matter, responsible=i.responsible, deadline_on=i.deadline_on, state=i.state,
        progress=i.progress, note=i.note, verdict=i.verdict, fulfilled_at=i.fulfilled_at, counted=counted)
        for i in sorted(fact.items, key=lambda i: i.position))


def _row(said: News, fact: PledgeFacts, items: tuple[Item, ...] | None) -> dict[str, Any]:
    """The row of a pledge.  ``items`` None: it is not public, and recorded without its content."""
    shown, of = items is not None, summary(items or ())
    return {
        "pledge_id": fact.pledge_id, "epoch": said.epoch, "version": fact.version, "lost": False, "shown": shown,
        "organisation_id": fact.organisation_id, "member_id": fact.member_id if shown else "",
        "pledgor_name": fact.pledgor_name if shown else "", "number": fact.number if shown else "", "year": fact.year,
        "kind": fact.kind, "commitment": fact.commitment, "published_at": fact.published_at if shown else None,
        "letter_hash": fact.letter_hash if shown else "", "told_at": fact.acted_at, "item_count": of.items,
        "fulfilled": of.fulfilled, "deadlines": " ".join(d.isoformat() for d in of.deadlines),
        "waiting": " ".join(d.isoformat() for d in of.waiting), "matters": "\n".join(i.matter for i in items or ()),
        "items": [i.plain() for i in items or ()]}


def _told(fact: PledgeFacts, items: tuple[Item, ...] | None, before: tuple[Item, ...] | None) -> Iterator[telling.Told]:
    was = None if before is None else {i.item_id: i for i in before}
    if items is not None and fact.published_at is not None:
        yield from telling.of_pledge(
            telling.Showing(fact.pledge_id, fact.pledgor_name, fact.published_at, items), was, fact.acted_at)
    elif was is not None:
        yield from telling.gone(fact.pledge_id, was, fact.acted_at)
