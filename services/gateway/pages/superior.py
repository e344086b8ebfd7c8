"""The units below as a table one can sort and open, and what waits for the superior's decision."""
from dataclasses import replace

from flask import Blueprint, render_template, request
from wire.contracts.actor import Role
from wire.contracts.notice import ReadBoards
from wire.contracts.pledge import ListExemptions, ListPledges

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.beginning import first_steps
from services.gateway.pages.parts import part
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
        "county/units.html", exempting=exempting,
        organisation_id=organisation_id, year=year, lines=found.items if found else (), found=found, sort=sort,
        search=search, sorts=SORTS, waiting=waiting, figures=whole.figures if whole else None,
        steps=first_steps(organisation_id), away=dict.fromkeys(away))


def _place() -> str:
    """The organisation at hand, among those whose grant looks below."""
    found = here.place("pledge.list")
    looking = [held.organisation_id for held in here.grants(Role.SUPERIOR, Role.LIAISON, Role.OFFICE, Role.AUDITOR)]
    return found if found in looking or not looking else looking[0]
