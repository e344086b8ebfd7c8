"""New units 新单位 and whether a Party organisation covers them in time (A17)."""
from datetime import date
from typing import Literal

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.roster.organisations import READERS, Sector
from wire.contracts.shape import bounded, shape, text

KEEPERS = grants(clerk=Reach.OWN, secretary=Reach.OWN, office=Reach.WITHIN)
WORKPLACE_STATES = {"overdue": "超期未覆盖", "waiting": "待组建", "covered": "已覆盖", "closed": "已注销"}


@shape
class WorkplaceView:
    """``due_on``: by then an organisation should cover it; ``organisation_id`` is to see to it."""

    workplace_id: str
    name: str
    sector: Sector
    organisation_id: str
    organisation_name: str
    set_up_on: date
    due_on: date
    covered_by: str
    covered_by_name: str
    covered_on: date | None
    state: Literal["overdue", "waiting", "covered", "closed"]
    closed_because: str
    version: int


@shape
class WorkplacePage:
    """The longest overdue first; counted over all that the search finds, whatever state is asked for and the page shows."""

    workplaces: tuple[WorkplaceView, ...]
    overdue: int
    waiting: int
    covered: int
    next: str


@call("roster.register_workplace", reply=WorkplaceView, grants=KEEPERS, writes=True)
class RegisterWorkplace:
    """A unit came into being; the organisation named is to see that it is covered.  The same name twice there is refused."""

    organisation_id: str = text(80, least=1, label="负责的党组织")
    name: str = text(100, least=2, label="单位名称")
    sector: Sector
    set_up_on: date


@call("roster.cover_workplace", reply=WorkplaceView, grants=KEEPERS, writes=True)
class CoverWorkplace:
    """An organisation covers it, one of its own or a joint one, from that day (today)."""

    workplace_id: str = text(80)
    covered_by: str = text(80, least=1, label="覆盖它的党组织")
    covered_on: date | None = None


@call("roster.close_workplace", reply=WorkplaceView, grants=KEEPERS, writes=True)
class CloseWorkplace:
    """The unit is no more, or was entered by mistake."""

    workplace_id: str = text(80)
    because: str = text(200, least=2, label="原因")


@call("roster.list_workplaces", reply=WorkplacePage, grants=READERS, scope="organisations:read")
class ListWorkplaces:
    """Units that organisations at or below one are to see to."""

    organisation_id: str = text(80)
    state: Literal["", "overdue", "waiting", "covered", "closed"] = ""
    search: str = text(60, default="")
    after: str = text(2400, default="")
    limit: int = bounded(1, 500, default=100)
