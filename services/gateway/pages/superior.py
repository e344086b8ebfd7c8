"""The units below as a table one can sort and open, and what waits for the superior's decision."""
from collections.abc import Iterable
from types import SimpleNamespace

from flask import Blueprint, render_template, request
from wire.contracts.actor import Role
from wire.contracts.notice import BoardLine, ReadCounty
from wire.contracts.pledge import ListPledges

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.branch.today import part
from services.gateway.pages.public import with_below
from services.gateway.problems import refuse

superior = Blueprint("superior", __name__)
SORTS = {"": "按组织", "share": "兑现率从低到高", "pledged": "已承诺从少到多"}


@superior.get("/units")
def units():
    """下级单位: figures of every board below in one call, and submitted pledges a grant here lets one decide."""
    if not here.looks_below():
        raise refuse(403, "这一页给能看下级单位的人使用，您没有这项权限。")
    organisation_id, year = _place(), here.year()
    away: list[str] = []
    county = part(away, "下级数据", lambda: clients.call(ReadCounty(year=year)))
    lines = _below(county.boards, organisation_id) if county else []
    waiting = part(away, "待审承诺", lambda: _waiting(organisation_id, year)) or []
    sort = request.args.get("sort", "")
    sort = sort if sort in SORTS else ""
    return render_template("county/units.html", organisation_id=organisation_id, year=year, lines=_sorted(with_below(lines, lines), sort), sort=sort,
                           sorts=SORTS, waiting=waiting, figures=_sums(lines) if county else None, away=away)


def _place() -> str:
    """The organisation at hand, among those whose grant looks below."""
    found = here.place("pledge.list")
    looking = [held.organisation_id for held in here.grants(Role.SUPERIOR, Role.LIAISON, Role.OFFICE, Role.AUDITOR)]
    return found if found in looking or not looking else looking[0]


def _below(lines: Iterable[BoardLine], organisation_id: str) -> list[BoardLine]:
    """Those below the organisation, told by their paths: asking the directory for each of two thousand would take seconds."""
    place = f"/{organisation_id}/"
    return [line for line in lines if line.organisation_id != organisation_id and place in line.path]


def _waiting(organisation_id: str, year: int) -> list:
    """What one may decide oneself: pledges of the organisations first, then those of members, oldest first."""
    found = clients.call(ListPledges(organisation_id=organisation_id, year=year, state="submitted", below=True, limit=500)).pledges
    mine = [p for p in found if here.may("pledge.approve", p.organisation_id, member_id=p.member_id)]
    return sorted(mine, key=lambda p: (bool(p.member_id), p.submitted_at is None, p.submitted_at))


def _sorted(lines: list[BoardLine], sort: str) -> list[BoardLine]:
    if sort == "share":
        return sorted(lines, key=lambda line: (line.items == 0, 1000 * line.fulfilled // max(1, line.items)))
    if sort == "pledged":
        return sorted(lines, key=lambda line: line.pledged)
    return sorted(lines, key=lambda line: line.path)


def _sums(lines: list[BoardLine]) -> SimpleNamespace:
    return SimpleNamespace(pledged=sum(line.pledged for line in lines), total=sum(line.items for line in lines),
                           fulfilled=sum(line.fulfilled for line in lines))
