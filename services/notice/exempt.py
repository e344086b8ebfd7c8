"""Who is exempt from pledging 免予承诺 (A4), as far as figures need it: member, branch and days, no name and no reason.

Rule kept here: a newer edition replaces an older one and never the other way round.  An ended row stays: a year gone by is
counted as it was at its end.
"""
from collections.abc import Iterable
from typing import Any, cast

from services.notice.storage import exempt
from wire.bus.tables import upsert
from wire.contracts.envelope import News
from wire.contracts.pledge import ExemptionFacts


def keep(unit: Any, news: Iterable[News]) -> None:
    """Take what pledge says.  Again, or in another order: the same rows."""
    rows = ((said, cast(ExemptionFacts, said.event)) for said in news)
    upsert(unit.sql, exempt, ("exemption_id",), [
        {"exemption_id": fact.exemption_id, "epoch": said.epoch, "version": fact.version, "lost": False,
         "organisation_id": fact.organisation_id, "member_id": fact.member_id, "from_on": fact.from_on, "until_on": fact.until_on,
         "ended_on": fact.ended_on} for said, fact in rows], guard=("epoch", "version"))
