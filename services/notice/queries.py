"""Reads of the board: SQL in, plain dicts out.  Everything here is about rows that are shown to the public."""
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select, tuple_

from services.notice.storage import board_pledge, notice
from wire.contracts.calls import NotFound
from wire.contracts.notice import ReadBoard, ReadBoardPledge, ReadCounty
from wire.directory import members, organisations, pledges_at

Found = dict[str, Any]
LIVE = and_(organisations.c.state == "active", organisations.c.lost.is_(False))
#: a party group 党小组 stands on the board of its branch
STANDING = and_(LIVE, organisations.c.kind != "group")
#: what the order of a board is read from: the organisation's own pledge, then by surname
_FIRST = case((board_pledge.c.member_id == "", 0), else_=1)
COUNTED = ("pledged", "items", "fulfilled")
_KEY = func.coalesce(members.c.sort_key, "")


def board(unit: Any, request: ReadBoard, *, year: int, most: int, kinds: Sequence[str]) -> Found:
    """Everything one board shows; ``most`` notices, ``kinds`` of members in the denominator.

    NotFound while the directory does not know the organisation: what was heard of it is kept and shown once it does.
    """
    sql, here = unit.sql, unit.directory.organisation(request.organisation_id)
    if here is None:
        raise NotFound("没有找到这个党组织的公开栏，请从全县公开首页查找。")
    where = unit.directory.with_groups(here["id"])
    page = pledges(sql, where, year, search=request.search.strip(), after=request.after, limit=request.limit)
    return counts(sql, where, year, kinds) | {
        "here": here, "above": above(sql, here["path"]), "below": below(sql, here["id"]), "summaries": summaries(sql, where, year),
        "pledges": page[:request.limit], "next": page[request.limit - 1]["pledge_id"] if len(page) > request.limit else "",
        "notices": notices(sql, where, most)}


def county(unit: Any, request: ReadCounty, *, year: int, most: int, kinds: Sequence[str]) -> Found:
    """Everything the front page shows; boards only where the name holds ``search``."""
    sql = unit.sql
    return counts(sql, None, year, kinds) | root(sql) | {
        "summaries": summaries(sql, None, year), "boards": boards(sql, year, request.search.strip()),
        "notices": notices(sql, None, most)}


def pledge(unit: Any, request: ReadBoardPledge) -> Found:
    """One shown pledge.  NotFound alike for what is unknown, not published and withdrawn."""
    found = _all(unit.sql, _with_member().where(board_pledge.c.pledge_id == request.pledge_id, board_pledge.c.shown))
    if not found:
        raise NotFound("没有找到这份公开的承诺，可能已撤下，请从公开栏重新打开。")
    return found[0]


def above(sql: Connection, path: str) -> list[Found]:
    """Organisations above the one with this path, from the root down."""
    ids = path.strip("/").split("/")[:-1]
    return _all(sql, select(organisations.c.id, organisations.c.name).where(organisations.c.id.in_(ids)).order_by(organisations.c.path))


def below(sql: Connection, organisation_id: str) -> list[Found]:
    """Organisations directly below that have a board of their own."""
    return _all(sql, select(organisations.c.id, organisations.c.name).where(
        organisations.c.parent_id == organisation_id, STANDING).order_by(organisations.c.path))


def summaries(sql: Connection, where: Sequence[str] | None, year: int) -> list[Found]:
    """What each shown pledge of the year says of its items, without opening them; ``where`` None: the whole county."""
    return _all(sql, select(
        board_pledge.c.organisation_id, board_pledge.c.item_count, board_pledge.c.fulfilled, board_pledge.c.deadlines,
        board_pledge.c.waiting, board_pledge.c.told_at).where(_shown(where, year)))


def counts(sql: Connection, where: Sequence[str] | None, year: int, kinds: Sequence[str]) -> Found:
    """Of the members who are expected, a floating one where they floated to: how many there are, how many have a shown
    pledge, how many an oral one only (A7, A9)."""
    expected = and_(members.c.kind.in_(list(kinds)), members.c.state == "active", members.c.lost.is_(False),
                    *([pledges_at.in_(list(where))] if where is not None else []))
    # the second pledge in the community stands for no other
    own = and_(board_pledge.c.member_id == members.c.id, board_pledge.c.organisation_id != members.c.residence_id)
    pledged = select(
        func.count(members.c.id.distinct()),
        func.count(case((board_pledge.c.commitment == "oral", members.c.id)).distinct()),
    ).select_from(members.join(board_pledge, own)).where(expected, _shown(None, year))
    found, oral = sql.execute(pledged).one()
    return {"expected": sql.execute(select(func.count()).select_from(members).where(expected)).scalar_one(),
            "pledged": found, "oral": oral}


def pledges(sql: Connection, where: Sequence[str], year: int, *, search: str, after: str, limit: int) -> list[Found]:
    """A page of pledges, the organisation's own first, then by surname.  ``after``: the id of the last one seen; one more
    than ``limit`` comes back where there is more."""
    query = _with_member().where(_shown(where, year)).order_by(_FIRST, _KEY, board_pledge.c.pledge_id).limit(limit + 1)
    if search:
        query = query.where(_says(search))
    if after:
        seen = sql.execute(select(_FIRST, _KEY).select_from(_joined()).where(board_pledge.c.pledge_id == after)).first()
        if seen is None:
            return []
        query = query.where(tuple_(_FIRST, _KEY, board_pledge.c.pledge_id) > tuple_(seen[0], seen[1], after))
    return _all(sql, query)


def notices(sql: Connection, where: Sequence[str] | None, most: int) -> list[Found]:
    """The newest notices that stand."""
    query = select(notice).where(notice.c.state == "posted").order_by(notice.c.posted_at.desc(), notice.c.notice_id).limit(most)
    return _all(sql, query if where is None else query.where(notice.c.organisation_id.in_(list(where))))


def boards(sql: Connection, year: int, search: str) -> list[Found]:
    """Every organisation with a board, in tree order, with what it and its party groups have on it; found by name."""
    counted = (
        select(board_pledge.c.organisation_id, func.count().label("pledged"), func.sum(board_pledge.c.item_count).label("items"),
               func.sum(board_pledge.c.fulfilled).label("fulfilled"))
        .where(_shown(None, year)).group_by(board_pledge.c.organisation_id).subquery())
    rows = _all(sql, select(
        organisations.c.id.label("organisation_id"), organisations.c.kind, organisations.c.parent_id, organisations.c.name,
        organisations.c.path, *(func.coalesce(counted.c[n], 0).label(n) for n in COUNTED),
    ).select_from(organisations.outerjoin(counted, counted.c.organisation_id == organisations.c.id))
        .where(LIVE).order_by(organisations.c.path))
    standing = {row["organisation_id"]: row for row in rows if row["kind"] != "group"}
    for group in rows:
        if group["kind"] == "group" and (home := standing.get(group["parent_id"])):
            home |= {n: home[n] + group[n] for n in COUNTED}
    return [row for row in standing.values() if search.lower() in row["name"].lower()]


def root(sql: Connection) -> Found:
    """The root of the tree and how many organisations have a board; without a root the name is empty."""
    root = sql.execute(select(organisations.c.name).where(organisations.c.parent_id.is_(None), LIVE).order_by(
        organisations.c.path).limit(1)).scalar()
    return {"name": root or "", "organisations": sql.execute(
        select(func.count()).select_from(organisations).where(STANDING)).scalar_one()}


def _joined():
    return board_pledge.outerjoin(members, members.c.id == board_pledge.c.member_id)


def _with_member() -> Select:
    return select(board_pledge, func.coalesce(members.c.post, "").label("post")).select_from(_joined())


def _shown(where: Sequence[str] | None, year: int) -> ColumnElement[bool]:
    placed = [board_pledge.c.organisation_id.in_(list(where))] if where is not None else []
    return and_(board_pledge.c.shown, board_pledge.c.year == year, *placed)


def _says(search: str) -> ColumnElement[bool]:
    """By name, by a promised matter, or by pinyin: initials (``zxm``) or the beginning of the surname (``zeng``)."""
    found = [_holds(board_pledge.c.pledgor_name, search), _holds(board_pledge.c.matters, search)]
    if search.isascii() and search.isalpha():
        word = search.lower()
        # the key reads "zeng 曾 xiao 小 ming 明": every second word is a reading
        initials = word[0] + "% _ " + "% _ ".join(word[1:]) + "%" if len(word) > 1 else f"{word}%"
        found += [members.c.sort_key.like(f"{word}%"), members.c.sort_key.like(initials)]
    return or_(*found)


def _holds(column: ColumnElement, search: str) -> ColumnElement[bool]:
    return column.icontains(search, autoescape=True)


def _all(sql: Connection, query: Any) -> list[Found]:
    return [dict(row) for row in sql.execute(query).mappings()]
