"""What the public is shown, from the rows that were found: words, tones and figures as of the county's date today."""
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.notice.domain.item import Figures, Summary, figures, items_of
from services.notice.domain.policy import BoardPolicy
from wire.contracts.notice import (
    BoardFigures, BoardItem, BoardLine, BoardNotice, BoardPledge, BoardServed, BoardServing, BoardServingPage, BoardsPage, BoardView,
    CountyView, Crumb, ReadBoard, ReadBoards, ReadCounty,
)
from wire.contracts.ports import Unit

Found = Mapping[str, Any]


def year_of(unit: Unit, request: ReadBoard | ReadBoards | ReadCounty) -> int:
    """The year asked for; without one, the county's current year."""
    return request.year or unit.today.year


def show_board(unit: Unit, request: ReadBoard, found: Found) -> BoardView:
    """The public board (公开栏): item, responsible person and completion time of what is published, and nothing else (E3)."""
    counted = _figures(found, unit.today)
    policy = unit.policy(BoardPolicy, request.organisation_id)
    told = [*(s["told_at"] for s in found["summaries"]), *(n["posted_at"] for n in found["notices"])]
    return BoardView(
        organisation_id=request.organisation_id, name=found["here"]["name"], above=_crumbs(found["above"]),
        below=_crumbs(found["below"]), year=year_of(unit, request), updated_at=max(told, default=None),
        expected=_expected(found, policy), pledged=found["pledged"], oral=found["oral"], exempt=found["exempt"], items=counted.items, due=counted.due,
        long_running=counted.long_running, fulfilled=counted.fulfilled, overdue=counted.overdue,
        fulfilment=_shown(counted.fulfilment), pledges=tuple(_pledge(p, unit.today, policy) for p in found["pledges"]),
        notices=_notices(found), next=found["next"],
        published=len(found["summaries"]), **_ending(found["here"]["state"], found["successor"]))


def show_county(unit: Unit, request: ReadCounty, found: Found) -> CountyView:
    """The county's front page (全县公开)."""
    counted = Figures(**{n: found["figures"][n] for n in ("items", "fulfilled", "overdue")})
    return CountyView(
        name=found["name"], organisations=found["organisations"], listed=found["listed"], pledged=found["pledged"],
        expected=_expected(found, unit.policy(BoardPolicy, "")), exempt=found["exempt"],
        items=counted.items, fulfilled=counted.fulfilled, overdue=counted.overdue, fulfilment=_shown(counted.fulfilment),
        boards=_lines(found["boards"]), notices=_notices(found))


def show_boards(found: Found) -> BoardsPage:
    """A page of the county's boards."""
    return BoardsPage(items=_lines(found["items"]), total=found["total"], next=found["next"],
                      figures=BoardFigures(**found["figures"]) if found["figures"] else None)


def show_pledge(unit: Unit, found: Found, *, served: Iterable[Found] = (), counts: Mapping[str, tuple[int, int]] | None = None) -> BoardPledge:
    """One published pledge; with what its items serve, and how many serve them (A13)."""
    policy, links = unit.policy(BoardPolicy, found["organisation_id"]), {}
    for row in served:
        its = next((i for i in items_of(row["items"], row["commitment"]) if i.item_id == row["serves_item_id"]), None)
        if its is not None:
            word, tone = its.said(unit.today, policy.due_soon_days)
            links[row["item_id"]] = BoardServed(
                pledge_id=row["pledge_id"], item_id=its.item_id, organisation_id=row["organisation_id"], organisation_name=row["name"] or "",
                matter=its.matter, word=word, tone=tone)  # type: ignore[arg-type]
    shown = _pledge(found, unit.today, policy)
    items = (replace(i, serves=links.get(i.item_id), serving=count, serving_fulfilled=done)
             for i in shown.items for count, done in [(counts or {}).get(i.item_id, (0, 0))])
    return replace(shown, items=tuple(items))


def show_serving(unit: Unit, found: Found) -> BoardServingPage:
    """Members' items that serve one of an organisation's, each with its state (A13), in the words of that organisation's board:
    the page is one question, however many branches stand on it."""
    rows, lines = found["items"], []
    policy = unit.policy(BoardPolicy, rows[0]["served_of"] if rows else "")
    for row in rows:
        item = next(i for i in items_of(row["items"], row["commitment"]) if i.item_id == row["item_id"])
        word, tone = item.said(unit.today, policy.due_soon_days)
        lines.append(BoardServing(
            pledge_id=row["pledge_id"], item_id=item.item_id, pledgor_name=row["pledgor_name"], organisation_id=row["organisation_id"],
            organisation_name=row["organisation_name"], matter=item.matter, deadline_on=item.deadline_on, progress=item.progress,
            word=word, tone=tone))  # type: ignore[arg-type]
    return BoardServingPage(items=tuple(lines), next=found["next"])


def _expected(found: Found, policy: BoardPolicy) -> int:
    """应承诺: without those who are exempt, unless the county counts them (A4)."""
    return found["expected"] - (0 if policy.exempt_counted else found["exempt"])


def _figures(found: Found, today: date) -> Figures:
    return figures((Summary(s["item_count"], s["fulfilled"], _days(s["deadlines"]), _days(s["waiting"]))
                    for s in found["summaries"]), today)


def _pledge(row: Found, today: date, policy: BoardPolicy) -> BoardPledge:
    items = []
    for item in items_of(row["items"], row["commitment"]):
        word, tone = item.said(today, policy.due_soon_days)
        items.append(BoardItem(
            item_id=item.item_id, matter=item.matter, responsible=item.responsible, deadline_on=item.deadline_on,
            progress=item.progress, note=item.note, word=word, tone=tone,
            overdue_days=item.overdue_days(today), long_running=item.long_running))  # type: ignore[arg-type]
    return BoardPledge(
        pledge_id=row["pledge_id"], number=row["number"], pledgor_name=row["pledgor_name"], post=row["post"],
        kind=row["kind"], commitment=row["commitment"], published_at=row["published_at"], fulfilled=row["fulfilled"],
        items=tuple(items), letter_hash=row["letter_hash"], organisation_id=row["organisation_id"])


def _notices(found: Found) -> tuple[BoardNotice, ...]:
    return tuple(BoardNotice(**{n: row[n] for n in ("notice_id", "kind", "of", "title", "person", "posted_at")})
                 for row in found["notices"])


def _lines(rows: Iterable[Found]) -> tuple[BoardLine, ...]:
    return tuple(BoardLine(**row | {"with_below": BoardFigures(**row["with_below"])} | _ending(row.get("ended", "active"), row.get("successor")))
                 for row in rows)


def _ending(state: str, successor: Found | None) -> dict[str, Any]:
    """How the organisation ended, if it did, and whose board goes on."""
    return {"ended": "" if state == "active" else state, "successor": _crumbs([successor])[0] if successor else None}


def _crumbs(rows: Any) -> tuple[Crumb, ...]:
    return tuple(Crumb(organisation_id=row["id"], name=row["name"]) for row in rows)


def _days(words: str) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, words.split()))


def _shown(exact: Fraction | None) -> Decimal | None:
    """Two places, half up; rounded only here."""
    if exact is None:
        return None
    units, rest = divmod(exact.numerator * 100, exact.denominator)
    return Decimal(units + (2 * rest >= exact.denominator)).scaleb(-2)
