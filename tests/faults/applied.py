"""What the reader really applied: a line for every event, written in the transaction that applied it.

The board is an upsert, so an event applied twice would not show on it; here it does.  The launcher writes it; nothing of
the house knows of it.
"""
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

from wire.bus.tables import Instant, Serial

metadata = MetaData()
applied = Table(
    "faults_applied", metadata, Column("n", Serial, primary_key=True, autoincrement=True), Column("stream", Text, nullable=False),
    Column("epoch", Integer, nullable=False), Column("position", BigInteger, nullable=False), Column("subject", Text, nullable=False),
    Column("version", Integer, nullable=False), Column("at", Instant, nullable=False))
