"""The county's boards, page by page: found by name, in tree order or by their figures.

What is overdue follows from the day.  ``waiting`` begins with the earliest deadline that could be missed, so that an index
over it finds the few pledges with something overdue, however many there are.
"""
from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, case, cast, func, or_, select, tuple_

from services.notice.queries.rows import Found, all_of, listed, shown
from services.notice.storage import board_name, board_pledge
from wire.contracts.notice import ReadBoards
from wire.directory import organisations, under

#: an organisation at or below the one of a line
below = organisations.alias("below")
FIGURES = ("pledged", "items", "fulfilled", "overdue")
#: after every other character: what begins with a word lies between the word and the word with this behind it
LAST = chr(0x10FFFF)


def boards(unit: Any, request: ReadBoards, *, year: int) -> Found:
    """A page of boards with their own figures and those with everything below; see ``ReadBoards``."""
    sql, top = unit.sql, unit.directory.organisation(request.organisation_id) if request.organisation_id else None
    if request.organisation_id and top is None:
        return {"items": [], "total": 0, "next": "", "figures": None}
    path = top["path"] if top else "/"
    where = and_(listed(year), under(organisations.c.path, path), *_named(request.search), *_upper(sql, path, request.levels, year))
    late = _late(sql, path, year, unit.today)
    if request.sort == "overdue":
        rows, total, following = _most_overdue(sql, where, late, request)
    else:
        total = sql.scalar(select(func.count()).select_from(organisations).where(where))
        rows, following = (_in_tree_order if request.sort == "tree" else _by_figure)(sql, where, year, request)
    first = not (request.after or request.search.strip())
    return {"items": _lines(sql, rows, late, year), "total": total, "next": following,
            "figures": figures(sql, path, year, unit.today, late) if first else None}


def figures(sql: Connection, path: str, year: int, today: date, late: "list[_Late] | None" = None) -> Found:
    """The figures of everything at or below this path."""
    counted = select(func.count(), func.coalesce(func.sum(board_pledge.c.item_count), 0),
                     func.coalesce(func.sum(board_pledge.c.fulfilled), 0)).where(shown(None, year))
    if path != "/":
        counted = counted.where(board_pledge.c.organisation_id.in_(select(organisations.c.id).where(under(organisations.c.path, path))))
    found = sql.execute(counted).one()
    late = _late(sql, path, year, today) if late is None else late
    return dict(zip(FIGURES, (*found, sum(row.overdue for row in late)), strict=True))


def _named(search: str) -> list[ColumnElement[bool]]:
    """SQL: the name holds each of these words; the endings of all names are kept in order, so a word is the head of one."""
    return [organisations.c.id.in_(select(board_name.c.organisation_id).where(board_name.c.ending.between(word, word + LAST)))
            for word in search.lower().split()]


def _upper(sql: Connection, path: str, levels: int, year: int) -> list[ColumnElement[bool]]:
    """SQL: at most so many levels below the top one."""
    if not levels:
        return []
    top = sql.scalar(select(func.min(_depth(organisations.c.path))).where(under(organisations.c.path, path), listed(year))) or 0
    return [_depth(organisations.c.path) < top + levels]


def _depth(path: ColumnElement) -> ColumnElement[int]:
    return func.length(path) - func.length(func.replace(path, "/", ""))


def _late(sql: Connection, path: str, year: int, today: date) -> list["_Late"]:
    """The organisations at or below with something overdue: whose board it stands on, where that is, how many items."""
    rows = sql.execute(
        select(organisations.c.id, organisations.c.kind, organisations.c.parent_id, organisations.c.path, board_pledge.c.waiting)
        .select_from(board_pledge.join(organisations, organisations.c.id == board_pledge.c.organisation_id))
        .where(shown(None, year), board_pledge.c.waiting > "", board_pledge.c.waiting < today.isoformat(),
               under(organisations.c.path, path)))
    return [_Late(row.parent_id if row.kind == "group" else row.id, row.path, sum(d < today.isoformat() for d in row.waiting.split()))
            for row in rows]


class _Late:
    __slots__ = ("board_id", "overdue", "path")

    def __init__(self, board_id: str, path: str, overdue: int):
        self.board_id, self.path, self.overdue = board_id, path, overdue


def _in_tree_order(sql: Connection, where: ColumnElement[bool], year: int, request: ReadBoards) -> tuple[list[Found], str]:
    query = select(organisations.c.id, organisations.c.name, organisations.c.path).where(where)
    if request.after:
        query = query.where(organisations.c.path > request.after)
    rows = all_of(sql, query.order_by(organisations.c.path).limit(request.limit + 1))
    return _cut(rows, request.limit, "path")


def _by_figure(sql: Connection, where: ColumnElement[bool], year: int, request: ReadBoards) -> tuple[list[Found], str]:
    """The lowest first, each with everything below it; boards without any item come last where shares are compared."""
    pledged, items, fulfilled = _summed()
    share = case((items == 0, 1001), else_=1000 * fulfilled // func.nullif(items, 0))
    key = cast(pledged if request.sort == "pledged" else share, Integer)
    query = _joined(select(organisations.c.id, organisations.c.name, organisations.c.path, key.label("key")), year).where(where).group_by(
        organisations.c.id, organisations.c.name, organisations.c.path)
    value, _, path = request.after.partition("|")
    if value.isdecimal() and len(value) < 16:
        query = query.having(tuple_(key, organisations.c.path) > tuple_(int(value), path))
    rows = all_of(sql, query.order_by(key, organisations.c.path).limit(request.limit + 1))
    return _cut(rows, request.limit, "key", "path")


def _most_overdue(sql: Connection, where: ColumnElement[bool], late: "list[_Late]",
                  request: ReadBoards) -> tuple[list[Found], int, str]:
    """Only boards with something overdue of their own: their figures add up to that of the whole."""
    own: Counter[str] = Counter()
    for one in late:
        own[one.board_id] += one.overdue
    found = all_of(sql, select(organisations.c.id, organisations.c.name, organisations.c.path).where(where, organisations.c.id.in_(list(own))))
    ordered = sorted((row | {"key": own[row["id"]]} for row in found), key=lambda row: (-row["key"], row["path"]))
    value, _, path = request.after.partition("|")
    if value.isdecimal() and len(value) < 16:
        rows = [row for row in ordered if (-row["key"], row["path"]) > (-int(value), path)]
    else:
        rows = ordered
    page, following = _cut(rows, request.limit, "key", "path")
    return page, len(ordered), following


def _cut(rows: list[Found], limit: int, *names: str) -> tuple[list[Found], str]:
    """The rows of the page, and where the next one goes on."""
    return rows[:limit], "|".join(str(rows[limit - 1][n]) for n in names) if len(rows) > limit else ""


def _lines(sql: Connection, rows: list[Found], late: "list[_Late]", year: int) -> list[Found]:
    """The rows with their figures, in their order; read for these alone."""
    own: Counter[str] = Counter()
    beneath: Counter[str] = Counter()
    for one in late:
        own[one.board_id] += one.overdue
        beneath.update(dict.fromkeys(one.path.strip("/").split("/"), one.overdue))
    mine = or_(below.c.id == organisations.c.id, and_(below.c.kind == "group", below.c.parent_id == organisations.c.id))
    sums = {row["id"]: row for row in all_of(sql, _joined(select(
        organisations.c.id, *(s.label(n) for n, s in zip(FIGURES, _summed(), strict=False)),
        *(s.label(f"own_{n}") for n, s in zip(FIGURES, _summed(mine), strict=False))), year).where(
        organisations.c.id.in_([row["id"] for row in rows])).group_by(organisations.c.id))}
    over = _ended(sql, list(sums))
    return [{"organisation_id": id_, "name": row["name"], "path": row["path"], "overdue": own[id_],
             **{n: sums[id_][f"own_{n}"] for n in FIGURES[:3]},
             "with_below": {n: sums[id_][n] for n in FIGURES[:3]} | {"overdue": beneath[id_]}, **over.get(id_, {})}
            for row in rows for id_ in (row["id"],)]


def _ended(sql: Connection, ids: list[str]) -> dict[str, Found]:
    """Of these the ones that have ended: how, and what they became part of."""
    into = organisations.alias("into")
    found = sql.execute(select(organisations.c.id, organisations.c.state, into.c.id.label("into_id"), into.c.name).select_from(
        organisations.outerjoin(into, into.c.id == organisations.c.merged_into)).where(
            organisations.c.id.in_(ids), organisations.c.state != "active"))
    return {row.id: {"ended": row.state, "successor": {"id": row.into_id, "name": row.name} if row.into_id else None} for row in found}


def _summed(where: ColumnElement[bool] | None = None) -> tuple[ColumnElement, ...]:
    """SQL: pledges, items, items fulfilled of the joined rows, or of those where this holds."""
    counted = board_pledge.c.pledge_id.is_not(None) if where is None else and_(board_pledge.c.pledge_id.is_not(None), where)
    return tuple(func.coalesce(func.sum(case((counted, column), else_=0)), 0)
                 for column in (1, board_pledge.c.item_count, board_pledge.c.fulfilled))


def _joined(query: Select, year: int) -> Select:
    """Each organisation with the shown pledges of itself and of all below it."""
    path = organisations.c.path
    return query.select_from(organisations.join(below, and_(
        below.c.path >= path, below.c.path < func.substr(path, 1, func.length(path) - 1) + "0")).outerjoin(board_pledge, and_(
            board_pledge.c.organisation_id == below.c.id, shown(None, year))))
