"""The doors of the roster.  It hears nobody: whatever is known here was said here."""
from services.roster import storage
from services.roster.domain.policy import (
    NewUnitPolicy, PositionPolicy, RepresentativePolicy, RollPolicy, SheetPolicy, SyncPolicy, TermPolicy,
)
from services.roster.service.grants import GrantDoors
from services.roster.service.members import MemberDoors
from services.roster.service.membership import MembershipDoors
from services.roster.service.organisations import OrganisationDoors, SystemDoors
from services.roster.service.places import AssignmentDoors, ElectionDoors, WorkplaceDoors, ZoneDoors
from services.roster.service.policies import PolicyDoors
from services.roster.service.positions import PositionDoors
from services.roster.service.representatives import RepresentativeDoors
from services.roster.service.sheets import SheetDoors
from services.roster.storage.histories import belongs
from wire.bus.service import Bus


class RosterService(
        OrganisationDoors, MemberDoors, MembershipDoors, GrantDoors, PositionDoors, PolicyDoors,
        SheetDoors, SystemDoors, AssignmentDoors, ElectionDoors, WorkplaceDoors, ZoneDoors,
        RepresentativeDoors):
    """Who is here: organisations, members, grants; and by what rules: which policy is in force where."""

    name = "roster"
    bus = Bus(storage.Books, belongs=belongs, policies=(
        NewUnitPolicy, PositionPolicy, RepresentativePolicy, RollPolicy, SheetPolicy, SyncPolicy, TermPolicy))
