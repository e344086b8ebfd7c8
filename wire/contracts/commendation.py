"""The facts and calls of commendation: who is honoured?  Its ranking is a projection of completed evaluations."""
from decimal import Decimal
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.shape import bounded, shape, text


#: the figures that split equal scores, in this order; "" where none was needed
Split = Literal["", "satisfaction", "due_fulfilment", "on_time"]


@shape
class Place:
    """A place in the ranking.  Equal composites are split by satisfaction, due fulfilment, on-time, else share the place
    (1, 2, 2, 4)."""

    place: int
    evaluation_id: str
    member_id: str
    member_name: str
    organisation_id: str
    organisation_name: str
    score: Decimal
    satisfaction: Decimal | None
    due_fulfilment: Decimal | None
    on_time: Decimal | None
    grade: str
    #: the policy the score was made by
    policy_version: str = ""


@shape
class RankingPage:
    organisation_id: str
    year: int
    total: int
    places: tuple[Place, ...]
    next: str


@shape
class Reason:
    """One component of a composite: score × weight, from how many voices."""

    kind: str
    score: Decimal
    weight: Decimal
    voices: int


@shape
class Explanation:
    """Why this place: the components down to the facts, and which evaluation, pledge and policy version made them."""

    place: Place
    of: int
    pledge_id: str
    policy_version: str
    reasons: tuple[Reason, ...]
    split_by: Split


_READERS = grants(secretary=Reach.OWN, superior=Reach.WITHIN, office=Reach.WITHIN, auditor=Reach.WITHIN,
                  system=Reach.WITHIN)


@call("commendation.ranking", reply=RankingPage, grants=_READERS, scope="rankings:read")
class ReadRanking:
    """The ranking of members at or below an organisation for a year; ``after`` is the ``next`` of the page before."""

    organisation_id: str = text(80)
    year: int = bounded(2000, 2200)
    sector: str = text(40, default="")
    after: str = text(200, default="")
    limit: int = bounded(1, 500, default=100)


@call("commendation.explain", reply=Explanation, grants=_READERS, scope="rankings:read")
class ExplainPlace:
    """The facts behind one place, within the same list it was read from."""

    organisation_id: str = text(80)
    year: int = bounded(2000, 2200)
    sector: str = text(40, default="")
    evaluation_id: str = text(80)
