"""The units below as a table one can sort and open, and what waits for the superior's decision."""
from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request
from wire.contracts.actor import Role
from wire.contracts.notice import ReadBoards
from wire.contracts.pledge import LedgerLine, ListExemptions, ListPledges, PledgeLine, ReadLedger

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.beginning import first_steps
from services.gateway.pages.parts import part
from services.gateway.pages.words import item_word
from services.gateway.problems import refuse

superior = Blueprint("superior", __name__)
#: pledges and exemptions to decide about that are listed beside the units
SHOWN = 12
SORTS = {"": "按组织", "overdue": "只看有逾期的", "share": "兑现率从低到高", "pledged": "已承诺从少到多"}


@superior.get("/units")
def units():
    """下级单位: figures of the organisation and every board below, page by page, and submitted pledges
    and proposed exemptions a grant here lets one decide."""
    if not here.looks_below():
        raise refuse(403, "这一页给能看下级单位的人使用，您没有这项权限。")
    organisation_id, year = _place(), here.year()
    away: list[str] = []
    sort, search = request.args.get("sort", ""), request.args.get("search", "").strip()[:60]
    sort = sort if sort in SORTS else ""
    asked = ReadBoards(organisation_id=organisation_id, year=year, search=search, sort=sort or "tree", after=request.args.get("after", "")[:2400])
    found = part(away, "下级数据", lambda: clients.call(asked))
    whole = found if found and found.figures else part(away, "下级数据", lambda: clients.call(replace(asked, search="", after="", limit=1)))
    waiting = part(away, "待审承诺", lambda: clients.call(ListPledges(
        organisation_id=organisation_id, year=year, state="submitted", below=True, to_decide=True, limit=SHOWN)))
    # who only follows or reads logs is shown no exemptions, and is not to be refused for it
    exempting = part(away, "待批准的免诺", lambda: clients.call(ListExemptions(
        organisation_id=organisation_id, below=True, to_decide=True, limit=SHOWN))) if here.may("pledge.approve_exemption") else None
    return render_template(
        "county/units.html", exempting=exempting, left=part(away, "已撤并组织的事项", lambda: _left(organisation_id, year)),
        organisation_id=organisation_id, year=year, lines=found.items if found else (), found=found, sort=sort,
        search=search, sorts=SORTS, waiting=waiting, figures=whole.figures if whole else None,
        steps=first_steps(organisation_id), away=dict.fromkeys(away))


@dataclass(frozen=True)
class Left:
    """What merged and dissolved organisations left to do: items, those to verify first; pledges to sign; are there more of either."""

    items: tuple[LedgerLine, ...]
    unsigned: tuple[PledgeLine, ...]
    due_soon_days: int
    more: bool


def _left(organisation_id: str, year: int) -> Left | None:
    """None when nothing is left; nobody but who looks from above has a desk these stand on."""
    asked = ReadLedger(organisation_id=organisation_id, year=year, below=True, ended=True, order="pressing", limit=SHOWN)
    pressing = clients.call(asked)
    claimed = tuple(x for x in clients.call(replace(asked, state="claimed")).items if not x.verdict) if pressing.total else ()
    unsigned = clients.call(ListPledges(
        organisation_id=organisation_id, year=year, state="approved", below=True, ended=True, to_decide=True, limit=SHOWN)).pledges
    undone = tuple(x for x in pressing.items if item_word(x)[1] != "done" and x.state != "claimed" and not x.verdict)
    items = (*claimed, *undone)
    return Left(items[:SHOWN], unsigned, pressing.due_soon_days, bool(pressing.next) or len(items) > SHOWN) if items or unsigned else None


def _place() -> str:
    """The organisation at hand, among those whose grant looks below."""
    found = here.place("pledge.list")
    looking = [held.organisation_id for held in here.grants(Role.SUPERIOR, Role.LIAISON, Role.OFFICE, Role.AUDITOR)]
    return found if found in looking or not looking else looking[0]
