"""What a draft may start from, and how members' items are linked to an organisation's (A13)."""
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.pledge.calls import READERS
from wire.contracts.pledge.facts import Commitment, ItemSource
from wire.contracts.pledge.views import LedgerLine, Pledgor
from wire.contracts.shape import bounded, shape, text


@shape
class Servable:
    """A published item of an organisation's own pledge that a member's item may serve."""

    item_id: str
    organisation_id: str
    organisation_name: str
    matter: str


@shape
class Advice:
    """One sentence about what is expected of this pledgor; ``rule``: A5 or A8 to A12."""

    rule: str
    sentence: str


@shape
class Start:
    """A beginning of an item, to be written on; ``commitment`` empty: as it was chosen."""

    label: str
    matter: str
    source: ItemSource
    category: str
    commitment: Literal["", Commitment] = ""


@shape
class Guide:
    """What whoever drafts may start from.  ``servable``: the nearest organisation's items first; ``starts``: the most fitting
    first; ``lacks_duty``: a member without a post to whom no duty is assigned yet (A10).  Empty for an organisation's own."""

    servable: tuple[Servable, ...] = ()
    pledgor: Pledgor | None = None
    lacks_duty: bool = False
    advice: tuple[Advice, ...] = ()
    starts: tuple[Start, ...] = ()


@call("pledge.guide", reply=Guide, grants=grants(member=Reach.SELF, clerk=Reach.OWN, secretary=Reach.OWN))
class ReadGuide:
    """For a draft of this member in this organisation and year; ``member_id`` empty: of the organisation itself."""

    organisation_id: str = text(80)
    member_id: str = text(80, default="")
    year: int = bounded(2000, 2200)


@shape
class Served:
    """How many published items serve an item of an organisation's pledge, and how many of them are fulfilled."""

    item_id: str
    items: int
    fulfilled: int


@shape
class ServingPage:
    """``total`` counts what was found, on all pages; ``counts`` all that serve the pledge, item by item."""

    items: tuple[LedgerLine, ...]
    total: int
    next: str
    counts: tuple[Served, ...] = ()
    due_soon_days: int = 30


@call("pledge.serving", reply=ServingPage, grants=READERS, scope="pledges:read")
class ListServing:
    """The published items of members that serve an organisation's pledge, or one item of it, each with its state."""

    pledge_id: str = text(80)
    item_id: str = text(80, default="")
    search: str = text(60, default="")
    after: str = text(2400, default="")
    limit: int = bounded(1, 500, default=100)
