"""What can be asked of the roster, one function per verb."""
from services.roster.usecases.adopting import adopt_policies
from services.roster.usecases.founding import found_county
from services.roster.usecases.granting import end_grant, give_grant
from services.roster.usecases.registering import check_members, check_organisations, register_members, register_organisations
from services.roster.usecases.shaping import (
    change_organisation, dissolve_organisation, merge_organisations, move_organisation, register_organisation,
)
from services.roster.usecases.sheets import check_sheet, drop_sheet, stage_lines, undo_sheet, write_sheet
from services.roster.usecases.systems import define_system, end_system

__all__ = ["adopt_policies", "change_organisation", "check_members", "check_organisations", "check_sheet", "define_system",
           "dissolve_organisation", "drop_sheet", "end_grant", "end_system", "found_county", "give_grant", "merge_organisations",
           "move_organisation", "register_members", "register_organisation", "register_organisations", "stage_lines",
           "undo_sheet", "write_sheet"]
