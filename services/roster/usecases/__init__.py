"""What can be asked of the roster, one function per verb."""
from services.roster.usecases.adopting import adopt_policies
from services.roster.usecases.founding import found_county
from services.roster.usecases.granting import end_grant, give_grant
from services.roster.usecases.registering import (
    check_members, check_organisations, register_members, register_organisations,
)
from services.roster.usecases.sheets import check_sheet, drop_sheet, stage_lines, undo_sheet, write_sheet

__all__ = ["adopt_policies", "check_members", "check_organisations", "check_sheet", "drop_sheet", "end_grant", "found_county",
           "give_grant", "register_members", "register_organisations", "stage_lines", "undo_sheet", "write_sheet"]
