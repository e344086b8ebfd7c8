"""How the tree of organisations changes: one enters, is changed, moves, becomes part of another, ends."""
from datetime import date

from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.roster.organisations import (
    READERS, OrganisationForm, OrganisationKind, OrganisationView, Sector,
)
from wire.contracts.shape import bounded, text

SHAPERS = grants(office=Reach.WITHIN)


@call("roster.read_organisation", reply=OrganisationView, grants=READERS, scope="organisations:read")
class ReadOrganisation:
    """One organisation as it stands, an ended one too; named by its id, or by its own code."""

    organisation_id: str = text(80, default="")
    code: str = text(40, default="")


@call("roster.register_organisation", reply=OrganisationView, grants=SHAPERS, writes=True)
class RegisterOrganisation:
    """Enter a new organisation under another.  A code that was ever used is refused."""

    parent_id: str = text(80, least=1, label="上级党组织")
    code: str = text(40, least=1, label="编号")
    name: str = text(100, least=2, label="名称")
    kind: OrganisationKind
    form: OrganisationForm = "ordinary"
    sector: Sector
    system_id: str = text(80, default="")
    founded_on: date | None = None
    re_elected_on: date | None = None


@call("roster.change_organisation", reply=OrganisationView, grants=SHAPERS, writes=True)
class ChangeOrganisation:
    """Say anew what it is called and what it is.  ``version`` is the one that was read; a later one answers Stale."""

    organisation_id: str = text(80)
    version: int = bounded(1, 2**31)
    name: str = text(100, least=2, label="名称")
    kind: OrganisationKind
    form: OrganisationForm = "ordinary"
    sector: Sector
    system_id: str = text(80, default="")
    founded_on: date | None = None
    re_elected_on: date | None = None


@call("roster.move_organisation", reply=OrganisationView, grants=SHAPERS, writes=True)
class MoveOrganisation:
    """Put it under another, with everything below it.  Where it stands there already, nothing happens."""

    organisation_id: str = text(80)
    parent_id: str = text(80, least=1, label="新的上级党组织")


@call("roster.merge_organisations", reply=OrganisationView, grants=SHAPERS, writes=True)
class MergeOrganisations:
    """Make one part of another: members and what hangs below move there, grants at the merged one end.  Answers the merged one."""

    organisation_id: str = text(80)
    into_id: str = text(80, least=1, label="并入的党组织")
    because: str = text(400, least=2, label="依据")


@call("roster.dissolve_organisation", reply=OrganisationView, grants=SHAPERS, writes=True)
class DissolveOrganisation:
    """End it.  Refused while anybody is in it or anything below it."""

    organisation_id: str = text(80)
    because: str = text(400, least=2, label="依据")
