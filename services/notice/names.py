"""What boards are found by: every ending of an organisation's name, so that a part of a name is looked up in an index.

Rule kept here: the endings are those of the name the directory has now, whatever order the news came in.
"""
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, select

from services.notice.storage import board_name
from wire.bus.tables import among
from wire.contracts.envelope import News
from wire.contracts.roster import OrganisationFacts
from wire.directory import organisations


def keep(unit: Any, news: Iterable[News]) -> None:
    """Take the names of the organisations that are told about anew, out of the directory, which heard of them before."""
    ids = sorted({said.event.organisation_id for said in news if isinstance(said.event, OrganisationFacts)})
    if not ids:
        return
    named = unit.sql.execute(select(organisations.c.id, organisations.c.name).where(among(unit.sql, organisations.c.id, ids))).all()
    unit.sql.execute(delete(board_name).where(among(unit.sql, board_name.c.organisation_id, ids)))
    rows = [{"organisation_id": id_, "ending": ending} for id_, name in named for ending in endings(name)]
    if rows:
        unit.sql.execute(insert(board_name), rows)


def endings(name: str) -> list[str]:
    """``清河村`` is found by 清河村, 河村 and 村."""
    small = name.lower()
    return sorted({small[at:] for at in range(len(small)) if not small[at].isspace()})
