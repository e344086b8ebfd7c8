"""What can be asked of the roster, one function per verb."""
from services.roster.usecases.adopting import adopt_policies
from services.roster.usecases.appointing import appoint, end_position
from services.roster.usecases.enrolling import (
    advance_member, correct_member, register_member, set_standing, show_nameplate,
)
from services.roster.usecases.floating import confirm_residence, record_whereabouts, report_residence
from services.roster.usecases.founding import appoint_administrator, found_county
from services.roster.usecases.granting import confirm_grants, end_grant, give_grant, link_person
from services.roster.usecases.moving import (
    begin_transfer, merge_members, move_member, readmit_member, record_leaving, settle_transfer,
)
from services.roster.usecases.registering import check_members, check_organisations, register_members, register_organisations
from services.roster.usecases.shaping import (
    change_organisation, dissolve_organisation, merge_organisations, move_organisation, register_organisation,
)
from services.roster.usecases.sheets import check_sheet, drop_sheet, stage_lines, undo_sheet, write_sheet
from services.roster.usecases.systems import define_system, end_system

__all__ = [
    "adopt_policies", "advance_member", "appoint", "appoint_administrator", "begin_transfer", "change_organisation",
    "check_members", "check_organisations", "check_sheet", "confirm_grants", "confirm_residence", "correct_member",
    "define_system", "dissolve_organisation", "drop_sheet", "end_grant", "end_position", "end_system", "found_county",
    "give_grant", "link_person", "merge_members", "merge_organisations", "move_member", "move_organisation", "readmit_member",
    "record_leaving", "record_whereabouts", "register_member", "register_members", "register_organisation",
    "register_organisations", "report_residence", "set_standing", "settle_transfer", "show_nameplate", "stage_lines",
    "undo_sheet", "write_sheet"]
