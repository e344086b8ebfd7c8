"""One board and one pledge as they are shown."""
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select, tuple_

from services.notice.queries.rows import Found, all_of, counts, listed, notices, shown
from services.notice.storage import board_pledge
from wire.contracts.calls import NotFound
from wire.contracts.notice import ReadBoard, ReadBoardPledge
from wire.directory import members, organisations

#: what the order of a board is read from: the organisation's own pledge, then by surname
_FIRST = case((board_pledge.c.member_id == "", 0), else_=1)
_KEY = func.coalesce(members.c.sort_key, "")


def board(unit: Any, request: ReadBoard, *, year: int, most: int, kinds: Sequence[str]) -> Found:
    """Everything one board shows; ``most`` notices, ``kinds`` of members in the denominator.

    NotFound while the directory does not know the organisation: what was heard of it is kept and shown once it does.
    """
    sql, here = unit.sql, unit.directory.organisation(request.organisation_id)
    if here is None:
        raise NotFound("没有找到这个党组织的公开栏，请从全县公开首页查找。")
    where = unit.directory.with_groups(here["id"])
    successor = unit.directory.organisation(here["merged_into"]) if here["merged_into"] else None
    page = pledges(sql, where, year, search=request.search.strip(), after=request.after, limit=request.limit)
    return counts(sql, where, year, kinds, unit.today) | {
        "here": here, "successor": successor,
        "above": above(sql, here["path"]), "below": below(sql, here["id"], year), "summaries": summaries(sql, where, year),
        "pledges": page[:request.limit], "next": page[request.limit - 1]["pledge_id"] if len(page) > request.limit else "",
        "notices": notices(sql, where, most)}


def pledge(unit: Any, request: ReadBoardPledge) -> Found:
    """One shown pledge.  NotFound alike for what is unknown, not published and withdrawn."""
    found = all_of(unit.sql, _with_member().where(board_pledge.c.pledge_id == request.pledge_id, board_pledge.c.shown))
    if not found:
        raise NotFound("没有找到这份公开的承诺，可能已撤下，请从公开栏重新打开。")
    return found[0]


def above(sql: Connection, path: str) -> list[Found]:
    """Organisations above the one with this path, from the root down."""
    ids = path.strip("/").split("/")[:-1]
    return all_of(sql, select(organisations.c.id, organisations.c.name).where(organisations.c.id.in_(ids)).order_by(organisations.c.path))


def below(sql: Connection, organisation_id: str, year: int) -> list[Found]:
    """Organisations directly below that have a board of their own in this year."""
    return all_of(sql, select(organisations.c.id, organisations.c.name).where(
        organisations.c.parent_id == organisation_id, listed(year)).order_by(organisations.c.path))


def summaries(sql: Connection, where: Sequence[str] | None, year: int) -> list[Found]:
    """What each shown pledge of the year says of its items, without opening them; ``where`` None: the whole county."""
    return all_of(sql, select(
        board_pledge.c.organisation_id, board_pledge.c.item_count, board_pledge.c.fulfilled, board_pledge.c.deadlines,
        board_pledge.c.waiting, board_pledge.c.told_at).where(shown(where, year)))


def pledges(sql: Connection, where: Sequence[str], year: int, *, search: str, after: str, limit: int) -> list[Found]:
    """A page of pledges, the organisation's own first, then by surname.  ``after``: the id of the last one seen; one more
    than ``limit`` comes back where there is more."""
    query = _with_member().where(shown(where, year)).order_by(_FIRST, _KEY, board_pledge.c.pledge_id).limit(limit + 1)
    if search:
        query = query.where(_says(search))
    if after:
        seen = sql.execute(select(_FIRST, _KEY).select_from(_joined()).where(board_pledge.c.pledge_id == after)).first()
        if seen is None:
            return []
        query = query.where(tuple_(_FIRST, _KEY, board_pledge.c.pledge_id) > tuple_(seen[0], seen[1], after))
    return all_of(sql, query)


def _joined():
    return board_pledge.outerjoin(members, members.c.id == board_pledge.c.member_id)


def _with_member() -> Select:
    return select(board_pledge, func.coalesce(members.c.post, "").label("post")).select_from(_joined())


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
