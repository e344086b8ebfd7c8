"""Reads of what is public: SQL in, plain dicts out.  Everything here is about rows that are shown to the public."""
from services.notice.queries.board import board, pledge
from services.notice.queries.boards import boards
from services.notice.queries.county import county
from services.notice.queries.serving import counts, served, serving

__all__ = ["board", "boards", "counts", "county", "pledge", "served", "serving"]
