"""What can be asked of the roster, one function per verb."""
from services.roster.usecases.founding import found_county
from services.roster.usecases.granting import end_grant, give_grant
from services.roster.usecases.registering import (
    check_members, check_organisations, register_members, register_organisations,
)

__all__ = ["check_members", "check_organisations", "end_grant", "found_county", "give_grant", "register_members",
           "register_organisations"]
