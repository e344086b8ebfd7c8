"""Who stands where, computed when asked; and why."""
import re
from typing import Any

from sqlalchemy import CTE, and_, func, or_, select

from services.commendation.storage import ranking
from wire.contracts.calls import Invalid, NotFound
from wire.contracts.commendation import ExplainPlace, Explanation, Place, RankingPage, ReadRanking, Reason, Split
from wire.contracts.shape import load
from wire.directory import organisations, under

#: what splits equal scores, in this order; who has none of it comes after all who have
SPLITS: tuple[Split, ...] = ("satisfaction", "due_fulfilment", "on_time")
MARK = re.compile(r"(\d{1,9})\|(\S{1,80})")
NO_ORGANISATION = "没有找到这个党组织，请返回列表重新选择。"
NOT_LISTED = "这份评议不在这个名单里，可能刚被撤回更正，请返回排名重新打开。"


def read_ranking(unit: Any, request: ReadRanking) -> RankingPage:
    """The members evaluated at or below an organisation in a year, best first, one page.

    Equal scores are split by satisfaction, due fulfilment and on-time; who is equal in all of them shares the place:
    1, 2, 2, 4.
    """
    listed = _listed(unit, request)
    query = select(listed)
    if request.after:
        mark = MARK.fullmatch(request.after)
        if mark is None:
            raise Invalid("翻页标记不对，请从第一页重新打开排名。", errors={"after": ["请从第一页重新打开。"]})
        at, last = int(mark[1]), mark[2]
        query = query.where(or_(listed.c.place > at, and_(listed.c.place == at, listed.c.evaluation_id > last)))
    query = query.order_by(listed.c.place, listed.c.evaluation_id).limit(request.limit + 1)
    rows = unit.sql.execute(query).mappings().all()
    shown, more = rows[:request.limit], len(rows) > request.limit
    total = rows[0]["total"] if rows else unit.sql.scalar(select(func.count()).select_from(listed))
    return RankingPage(
        organisation_id=request.organisation_id, year=request.year, total=total, places=tuple(_place(r) for r in shown),
        next=f"{shown[-1]['place']}|{shown[-1]['evaluation_id']}" if more else "")


def explain(unit: Any, request: ExplainPlace) -> Explanation:
    """Why this place in this list: the components of the score, the policy it was made by, and what split it from others
    with the same score.  An evaluation that is not in the list, whoever's, answers NotFound."""
    listed = _listed(unit, request)
    found = unit.sql.execute(select(listed).where(listed.c.evaluation_id == request.evaluation_id)).mappings().first()
    if found is None:
        raise NotFound(NOT_LISTED)
    equals = unit.sql.execute(select(listed).where(listed.c.score == found["score"])).mappings().all()
    return Explanation(
        place=_place(found), of=found["total"], pledge_id=found["pledge_id"], policy_version=found["policy_version"],
        reasons=tuple(load(Reason, component) for component in found["components"]), split_by=_split(found, equals))


def _listed(unit: Any, request: ReadRanking | ExplainPlace) -> CTE:
    """The whole list with places; a page is cut from it afterwards, so that a place is the same on every page."""
    unit.permit(request.organisation_id)
    here = unit.directory.organisation(request.organisation_id)
    if here is None:
        raise NotFound(NO_ORGANISATION)
    place = func.rank().over(order_by=[
        ranking.c.score.desc(), *(ranking.c[name].desc().nulls_last() for name in SPLITS)])
    query = select(
        ranking, organisations.c.name.label("organisation_name"), place.label("place"), func.count().over().label("total"),
    ).join(organisations, organisations.c.id == ranking.c.organisation_id).where(
        under(organisations.c.path, here["path"]), ranking.c.year == request.year, ranking.c.state == "completed",
        ranking.c.score.is_not(None), ranking.c.lost.is_(False))
    if request.sector:
        query = query.where(organisations.c.sector == request.sector)
    return query.cte("listed")


def _place(row: Any) -> Place:
    return Place(**{name: row[name] for name in Place.__dataclass_fields__})


def _split(row: Any, equals: Any) -> Split:
    """The last figure that was needed to tell this one from those with the same score; "" where none was."""
    needed: Split = ""
    for name in SPLITS:
        alike = [other for other in equals if other[name] == row[name]]
        if len(alike) < len(equals):
            needed = name
        equals = alike
    return needed
