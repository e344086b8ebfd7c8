"""The tables of commendation.  Its ranking is a projection (``ranking.py``); it has no aggregates of its own yet.

Figures are kept as text that sorts as the numbers do, on both databases alike and exactly: no float, no rounding.
"""
import re
from decimal import Decimal

from sqlalchemy import BigInteger, Boolean, Column, Connection, Index, Integer, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator

from wire.bus.tables import Json

#: digits before the point; scores and rates are 0–100
WIDTH = 6


class Ranked(TypeDecorator[Decimal]):
    """A Decimal from 0 up, kept as ``000093.5``: as text it compares as the number does, however many places it has."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        written = format(Decimal(value), "f")
        if not re.fullmatch(rf"\d{{1,{WIDTH}}}(\.\d+)?", written):
            raise ValueError(f"{written} is no figure of a ranking")
        whole, _, rest = written.partition(".")
        rest = rest.rstrip("0")
        return whole.zfill(WIDTH) + (f".{rest}" if rest else "")

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        whole, _, rest = value.partition(".")
        return Decimal(f"{int(whole)}.{rest:0<2}")


metadata = MetaData()

#: one row per evaluation, whatever its state; ``components`` are the parts its score was made of
ranking = Table(
    "ranking", metadata,
    Column("evaluation_id", Text, primary_key=True), Column("organisation_id", Text, nullable=False),
    Column("member_id", Text, nullable=False), Column("member_name", Text, nullable=False), Column("pledge_id", Text, nullable=False),
    Column("year", Integer, nullable=False), Column("state", Text, nullable=False), Column("policy_version", Text, nullable=False),
    Column("score", Ranked), Column("satisfaction", Ranked), Column("due_fulfilment", Ranked), Column("on_time", Ranked),
    Column("grade", Text, nullable=False), Column("components", Json, nullable=False),
    Column("epoch", BigInteger, nullable=False), Column("version", Integer, nullable=False),
    Column("lost", Boolean, nullable=False, default=False))
Index("ranking_list", ranking.c.year, ranking.c.state, ranking.c.organisation_id)


class Books:
    """Commendation decides nothing yet and so keeps no books."""

    def __init__(self, sql: Connection):
        self._sql = sql
