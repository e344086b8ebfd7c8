"""Systems 条线: education, health, industry … — the second grouping beside the territory (A20).  Which there are is data."""
from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.roster.organisations import READERS, OrganisationView
from wire.contracts.shape import bounded, shape, text


@shape
class SystemView:
    """``organisation_id`` guides the system, wherever its organisations stand; both counts are of what is active."""

    system_id: str
    name: str
    organisation_id: str
    organisation_name: str
    state: str
    version: int
    organisations: int
    members: int


@shape
class SystemOrganisations:
    """The organisations of a system in tree order, a page of them."""

    system: SystemView
    organisations: tuple[OrganisationView, ...]
    next: str


@call("roster.define_system", reply=SystemView, grants=grants(office=Reach.WITHIN), writes=True)
class DefineSystem:
    """Name a system and who guides it; without ``system_id`` a new one.  The same name twice is refused."""

    system_id: str = text(80, default="")
    name: str = text(40, least=2, label="条线名称")
    organisation_id: str = text(80, least=1, label="牵头党组织")


@call("roster.end_system", reply=SystemView, grants=grants(office=Reach.WITHIN), writes=True)
class EndSystem:
    """No longer offered.  Refused while organisations belong to it."""

    system_id: str = text(80)


@call("roster.list_systems", reply=tuple[SystemView, ...], grants=READERS, scope="organisations:read")
class ListSystems:
    """Every system in use, counted at or below an organisation."""

    organisation_id: str = text(80)


@call("roster.read_system", reply=SystemOrganisations, grants=READERS, scope="organisations:read")
class ReadSystem:
    """A system's organisations all over the county, for whoever may look where it is guided."""

    system_id: str = text(80)
    after: str = text(2000, default="")
    limit: int = bounded(1, 500, default=100)
