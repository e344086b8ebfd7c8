"""Elections 换届: which are overdue or soon due, an election held, a term extended (A19)."""
from datetime import date
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.roster.organisations import READERS, OrganisationKind, OrganisationView, Sector
from wire.contracts.shape import bounded, shape, text

#: whoever decides about what is below, or about all
ABOVE = grants(superior=Reach.BELOW, office=Reach.WITHIN)
ELECTION_STATES = {"overdue": "超期未换届", "due": "即将届满", "unknown": "缺换届日期"}


@shape
class ElectionLine:
    """``days`` until it is due, below zero when it is over; ``unknown``: neither founding nor election is on record."""

    organisation_id: str
    name: str
    kind: OrganisationKind
    sector: Sector
    re_elected_on: date | None
    due_on: date | None
    extended_until: date | None
    extension_reason: str
    state: Literal["overdue", "due", "unknown"]
    days: int


@shape
class ElectionPage:
    """The longest overdue first; counted over all, whatever the page shows."""

    lines: tuple[ElectionLine, ...]
    overdue: int
    due: int
    unknown: int
    policy_version: str
    next: str


@call("roster.list_elections", reply=ElectionPage, grants=READERS, scope="organisations:read")
class ListElections:
    """What at or below an organisation is overdue, or due within so many days (0: the policy's number)."""

    organisation_id: str = text(80)
    within_days: int = bounded(0, 3650, default=0)
    state: Literal["", "overdue", "due", "unknown"] = ""
    after: str = text(20, default="")
    limit: int = bounded(1, 500, default=100)


@call("roster.record_election", reply=OrganisationView, grants=ABOVE, writes=True)
class RecordElection:
    """An election was held that day: a new term begins, and an extension of the old one ends."""

    organisation_id: str = text(80)
    held_on: date


@call("roster.extend_term", reply=OrganisationView, grants=ABOVE, writes=True)
class ExtendTerm:
    """Put the election off, with the reason; no further than the policy lets."""

    organisation_id: str = text(80)
    until: date
    because: str = text(400, least=2, label="延期原因")
