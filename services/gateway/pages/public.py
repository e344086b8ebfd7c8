"""What a citizen sees without signing in: the county's front page, the board 公开栏 of an organisation, one pledge.

The plain pages are served as they were prepared (``prepared.py``); what is filtered, searched or paged is asked for.
"""
import dataclasses
from types import SimpleNamespace

from flask import Blueprint, redirect, render_template, request, url_for
from wire.contracts.notice import (
    BoardItem, BoardPledge, BoardView, CountyView, ReadBoard, ReadBoardPledge, ReadBoards, ReadBoardServing, ReadCounty,
)

from services.gateway import clients, prepared
from services.gateway.pages.words import FILTERS

public = Blueprint("public", __name__)
public.record(lambda state: prepared.Prepared(state.app, state.app.extensions["store"], state.app.extensions["clock"], rendered))
#: how the list of boards may be ordered
SORTS = ("tree", "overdue", "share", "pledged")
#: the latest notices on a page
NOTICES = 8
#: a filter reads so many pages of a board until it finds something
LOOKED_THROUGH = 5


@public.get("/")
def front():
    """全县公开: totals, boards found by name, latest notices."""
    sort = request.args.get("sort", "")
    asked = ReadBoards(
        search=request.args.get("search", "").strip()[:60], sort=sort if sort in SORTS else "tree",
        organisation_id=request.args.get("within", "")[:80], after=request.args.get("after", "")[:2400])
    if not (asked.search or asked.organisation_id or asked.after or sort in SORTS):
        return prepared.answer("/")
    found = clients.call(asked)
    return render_template("public/front.html", county=None, boards=found.items, total=found.total, asked=asked, next=found.next,
                           notices=(), here="front")


@public.get("/board/<organisation_id>")
def board(organisation_id: str):
    """公开栏 of one organisation; ``search``, ``state`` and ``after`` narrow it and work without JavaScript."""
    search, after = request.args.get("search", "").strip()[:60], request.args.get("after", "")[:200]
    state = request.args.get("state", "")
    state = state if state in FILTERS else ""
    if not (search or after or state):
        return prepared.answer(f"/board/{organisation_id[:80]}")
    found, pledges, following = narrowed(organisation_id[:80], search, state, after)
    return board_page(found, pledges=pledges, following=following, search=search, state=state)


@public.get("/pledge/<pledge_id>")
def pledge(pledge_id: str):
    """One published pledge."""
    return render_template("public/pledge.html", pledge=clients.call(ReadBoardPledge(pledge_id=pledge_id[:80])), here="pledge")


@public.get("/pledge/<pledge_id>/items/<item_id>/serving")
def serving(pledge_id: str, item_id: str):
    """The members' public items that serve one of an organisation's, page by page (A13)."""
    found = clients.call(ReadBoardPledge(pledge_id=pledge_id[:80]))
    item = next((one for one in found.items if one.item_id == item_id), None)
    if item is None:
        return redirect(url_for("public.pledge", pledge_id=pledge_id))
    search = request.args.get("search", "").strip()[:60]
    page = clients.call(ReadBoardServing(
        pledge_id=found.pledge_id, item_id=item.item_id, search=search, after=request.args.get("after", "")[:2400]))
    return render_template("public/serving.html", pledge=found, item=item, page=page, search=search, here="pledge")


def rendered(path: str) -> tuple[str, str]:
    """A prepared page anew: whose news concern it, and its HTML."""
    if path == "/":
        return "", front_page(clients.call(ReadCounty()))
    organisation_id = path.removeprefix("/board/")
    return organisation_id, board_page(clients.call(ReadBoard(organisation_id=organisation_id)))


def front_page(county: CountyView) -> str:
    return render_template("public/front.html", county=county, boards=county.boards, total=county.listed or county.organisations, asked=None, next="",
                           notices=county.notices[:NOTICES], here="front")


def board_page(view: BoardView, *, pledges=None, following: str | None = None, search: str = "", state: str = "") -> str:
    shown = tuple(with_total(p, p.items) for p in view.pledges) if pledges is None else pledges
    return render_template(
        "public/board.html", board=view, pledges=shown, next=view.next if following is None else following, search=search,
        state=state, notices=view.notices[:NOTICES], found=sum(len(p.items) for p in shown), here="board", organisation_id=view.organisation_id)


def narrowed(organisation_id: str, search: str, state: str, after: str):
    """A page of a board with the items in that state only; reads on while a page has none."""
    for _ in range(LOOKED_THROUGH):
        view = clients.call(ReadBoard(organisation_id=organisation_id, search=search, after=after))
        kept = tuple(with_total(p, items) for p in view.pledges
                     if (items := tuple(i for i in p.items if fits(i, state))))
        if kept or not view.next:
            break
        after = view.next
    return view, kept, view.next


def fits(item: BoardItem, state: str) -> bool:
    """Whether a filter takes the item in: late, done and long what the board's figures count under these words; what was found
    unfulfilled 未兑现 before its deadline is still under way."""
    late = item.overdue_days > 0
    return {"": True, "late": late, "long": item.long_running, "open": item.tone == "open" or item.tone == "late" and not late}.get(
        state, item.tone == state)


def with_total(pledge_: BoardPledge, items) -> SimpleNamespace:
    """The pledge with the items to show, and how many it has in all."""
    values = {f.name: getattr(pledge_, f.name) for f in dataclasses.fields(pledge_)}
    return SimpleNamespace(**values | {"items": items, "total": len(pledge_.items)})
