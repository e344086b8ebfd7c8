"""Whose a notice is: who has a part in an organisation reads what became of its notices; the public sees the board alone."""
from typing import Any

from sqlalchemy import select

from services.notice.storage import notice
from wire.bus.history import Place
from wire.contracts.history import read_history_of
from wire.contracts.notice import NoticePosted


def belongs(unit: Any, aggregate: str, aggregate_id: str) -> Place | None:
    """Where a notice was posted; None for what is not there."""
    if aggregate != NoticePosted.stream:
        return None
    found = unit.sql.scalar(select(notice.c.organisation_id).where(notice.c.notice_id == aggregate_id))
    return None if found is None else Place(found, "", read_history_of("notice").request)
