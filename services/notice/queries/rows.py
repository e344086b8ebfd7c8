"""What every read of the public's counts and leaves out: only rows that are shown, wherever their organisation is by now.

What was published under an organisation stays there when it is merged 并入 or dissolved 撤销, and so does its place in the tree:
a figure "at or below" counts it, and the lists of a year name who ended with something published in it.
"""
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from services.notice.storage import board_pledge, exempt, notice
from wire.directory import members, organisations, pledges_at

Found = dict[str, Any]
LIVE = and_(organisations.c.state == "active", organisations.c.lost.is_(False))
#: a party group 党小组 stands on the board of its branch
STANDING = and_(LIVE, organisations.c.kind != "group")


def listed(year: int) -> ColumnElement[bool]:
    """SQL: the organisations with a line among the boards of a year: those that stand, and those that have ended with something
    published under them or a party group of theirs.  So the lines add up to the figure above them."""
    home = organisations.alias("home")
    ended = select(case((home.c.kind == "group", home.c.parent_id), else_=home.c.id)).select_from(
        home.join(board_pledge, board_pledge.c.organisation_id == home.c.id)).where(
            or_(home.c.state != "active", home.c.lost), shown(None, year))
    return and_(organisations.c.kind != "group", or_(LIVE, organisations.c.id.in_(ended)))


def counts(sql: Connection, where: Sequence[str] | None, year: int, kinds: Sequence[str], today: date) -> Found:
    """Of the members who are expected, a floating one where they floated to: how many there are, how many have a shown
    pledge, how many an oral one only (A7, A9), and how many are exempt in the branch they pledge in and have none (A4): as of
    today, of a year gone by as of its last day, of one to come as of its first."""
    expected = and_(members.c.kind.in_(list(kinds)), members.c.state == "active", members.c.lost.is_(False),
                    *([pledges_at.in_(list(where))] if where is not None else []))
    # the second pledge in the community stands for no other
    own = and_(board_pledge.c.member_id == members.c.id, board_pledge.c.organisation_id != members.c.residence_id)
    pledged = select(
        func.count(members.c.id.distinct()),
        func.count(case((board_pledge.c.commitment == "oral", members.c.id)).distinct()),
    ).select_from(members.join(board_pledge, own)).where(expected, shown(None, year))
    found, oral = sql.execute(pledged).one()
    day = min(max(today, date(year, 1, 1)), date(year, 12, 31))
    in_force = and_(exempt.c.lost.is_(False), exempt.c.from_on <= day, exempt.c.until_on >= day,
                    or_(exempt.c.ended_on.is_(None), exempt.c.ended_on > day))
    none = ~select(board_pledge.c.pledge_id).where(own, shown(None, year)).exists()
    # as the directory's ``branch_of``: a party group is one with its branch
    branch = case((organisations.c.kind == "group", organisations.c.parent_id), else_=pledges_at)
    free = select(func.count(members.c.id.distinct())).select_from(
        exempt.join(members, members.c.id == exempt.c.member_id).outerjoin(organisations, organisations.c.id == pledges_at)
    ).where(expected, in_force, none, exempt.c.organisation_id == branch)
    return {"expected": sql.execute(select(func.count()).select_from(members).where(expected)).scalar_one(),
            "pledged": found, "oral": oral, "exempt": sql.execute(free).scalar_one()}


def notices(sql: Connection, where: Sequence[str] | None, most: int) -> list[Found]:
    """The newest notices that stand."""
    query = select(notice).where(notice.c.state == "posted").order_by(notice.c.posted_at.desc(), notice.c.notice_id).limit(most)
    return all_of(sql, query if where is None else query.where(notice.c.organisation_id.in_(list(where))))


def shown(where: Sequence[str] | None, year: int) -> ColumnElement[bool]:
    placed = [board_pledge.c.organisation_id.in_(list(where))] if where is not None else []
    return and_(board_pledge.c.shown, board_pledge.c.year == year, *placed)


def all_of(sql: Connection, query: Any) -> list[Found]:
    return [dict(row) for row in sql.execute(query).mappings()]
