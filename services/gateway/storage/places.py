"""Where the tree begins: the gateway's copy of the roster asked what the shared directory is not."""
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from wire.directory import organisations


class PlaceBook:
    def __init__(self, sql: Connection):
        self._sql = sql

    def root(self) -> Mapping[str, Any] | None:
        """The county committee; None before the county is founded."""
        row = self._sql.execute(
            select(organisations).where(organisations.c.parent_id.is_(None), organisations.c.lost.is_(False))
            .order_by(organisations.c.path).limit(1)).first()
        return dict(row._mapping) if row else None
