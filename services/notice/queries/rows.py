"""What every read of the public's counts and leaves out: only rows that are shown, only organisations that stand."""
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from services.notice.storage import board_pledge, notice
from wire.directory import members, organisations, pledges_at

Found = dict[str, Any]
LIVE = and_(organisations.c.state == "active", organisations.c.lost.is_(False))
#: a party group 党小组 stands on the board of its branch
STANDING = and_(LIVE, organisations.c.kind != "group")


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
    ).select_from(members.join(board_pledge, own)).where(expected, shown(None, year))
    found, oral = sql.execute(pledged).one()
    return {"expected": sql.execute(select(func.count()).select_from(members).where(expected)).scalar_one(),
            "pledged": found, "oral": oral}


def notices(sql: Connection, where: Sequence[str] | None, most: int) -> list[Found]:
    """The newest notices that stand."""
    query = select(notice).where(notice.c.state == "posted").order_by(notice.c.posted_at.desc(), notice.c.notice_id).limit(most)
    return all_of(sql, query if where is None else query.where(notice.c.organisation_id.in_(list(where))))


def shown(where: Sequence[str] | None, year: int) -> ColumnElement[bool]:
    placed = [board_pledge.c.organisation_id.in_(list(where))] if where is not None else []
    return and_(board_pledge.c.shown, board_pledge.c.year == year, *placed)


def all_of(sql: Connection, query: Any) -> list[Found]:
    return [dict(row) for row in sql.execute(query).mappings()]
