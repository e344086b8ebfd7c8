"""What pledge keeps: its tables, and the books (repositories) the use cases work on."""
from sqlalchemy import Connection

from services.pledge.storage.exemptions import ExemptionBook
from services.pledge.storage.pledges import PledgeBook
from services.pledge.storage.records import GateBook, HistoryBook, LetterBook, ReviewBook, belongs

__all__ = ["Books", "belongs"]


class Books:
    """The books of one unit, on its connection."""

    def __init__(self, sql: Connection):
        self.pledges = PledgeBook(sql)
        self.reviews = ReviewBook(sql)
        self.gates = GateBook(sql)
        self.letters = LetterBook(sql)
        self.history = HistoryBook(sql)
        self.exemptions = ExemptionBook(sql)
