"""The tables of notice: the board, the names it is found by, results, who is exempt, and the notices that were posted.

The board, the results and the exempt are projections, replaced by newer editions; notices are records, kept under an id that
follows from what they tell about.
"""
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Date, Index, Integer, MetaData, Table, Text

from wire.bus.tables import Instant, Json

metadata = MetaData()


def _edition() -> tuple[Column, ...]:
    return (Column("epoch", BigInteger, nullable=False), Column("version", Integer, nullable=False),
            Column("lost", Boolean, nullable=False, default=False))


#: one row per pledge ever heard of; what is not public has no content here.  ``deadlines``: of all items that count,
#: ``waiting``: of those that could become overdue; days with a blank between them
board_pledge = Table(
    "board_pledge", metadata,
    Column("pledge_id", Text, primary_key=True), *_edition(), Column("shown", Boolean, nullable=False),
    Column("organisation_id", Text, nullable=False), Column("member_id", Text, nullable=False),
    Column("pledgor_name", Text, nullable=False), Column("number", Text, nullable=False),
    Column("year", Integer, nullable=False), Column("kind", Text, nullable=False), Column("commitment", Text, nullable=False),
    Column("published_at", Instant), Column("letter_hash", Text, nullable=False), Column("told_at", Instant, nullable=False),
    Column("item_count", Integer, nullable=False), Column("fulfilled", Integer, nullable=False),
    Column("deadlines", Text, nullable=False), Column("waiting", Text, nullable=False),
    Column("matters", Text, nullable=False), Column("items", Json, nullable=False),
    Index("board_pledge_place", "organisation_id", "year"), Index("board_pledge_waiting", "year", "waiting"))
#: whose pledge is public: what is not has no member, and no entry
Index("board_pledge_member", board_pledge.c.member_id, board_pledge.c.year, sqlite_where=board_pledge.c.shown,
      postgresql_where=board_pledge.c.shown)

#: each shown item that serves an organisation's (A13), and whether it is done
board_link = Table(
    "board_link", metadata,
    Column("pledge_id", Text, primary_key=True), Column("item_id", Text, primary_key=True),
    Column("serves_pledge_id", Text, nullable=False), Column("serves_item_id", Text, nullable=False),
    Column("fulfilled", Boolean, nullable=False), Index("board_link_serves", "serves_pledge_id", "serves_item_id"))

#: every ending of every organisation's name, small letters: what a name holds is the head of one of its endings
board_name = Table(
    "board_name", metadata,
    Column("organisation_id", Text, primary_key=True), Column("ending", Text, primary_key=True),
    Index("board_name_ending", "ending"))

result = Table(
    "result", metadata,
    Column("evaluation_id", Text, primary_key=True), *_edition(), Column("organisation_id", Text, nullable=False),
    Column("year", Integer, nullable=False), Column("state", Text, nullable=False))

#: who is exempt 免诺 in which branch, to be counted and never shown
exempt = Table(
    "exempt", metadata,
    Column("exemption_id", Text, primary_key=True), *_edition(), Column("organisation_id", Text, nullable=False),
    Column("member_id", Text, nullable=False), Column("from_on", Date, nullable=False), Column("until_on", Date, nullable=False),
    Column("ended_on", Date),
    Index("exempt_member", "member_id"))

#: ``from_*``: the edition of what it tells about
notice = Table(
    "notice", metadata,
    Column("notice_id", Text, primary_key=True), Column("version", Integer, nullable=False),
    Column("organisation_id", Text, nullable=False), Column("kind", Text, nullable=False), Column("of", Text, nullable=False),
    Column("title", Text, nullable=False), Column("person", Text, nullable=False), Column("posted_at", Instant, nullable=False),
    Column("state", Text, nullable=False), Column("detail", Text, nullable=False),
    Column("from_epoch", BigInteger, nullable=False), Column("from_version", Integer, nullable=False),
    Index("notice_place", "organisation_id", "posted_at"), Index("notice_newest", "posted_at"))


class Books:
    """Notice has no aggregates of its own; what it keeps is written by its projections."""

    def __init__(self, sql: Connection):
        self.sql: Any = sql
