"""What can be asked of the roster, one function per verb."""
from services.roster.usecases.adopting import adopt_policies
from services.roster.usecases.appointing import appoint, end_position
from services.roster.usecases.assigning import assign, end_assignment
from services.roster.usecases.covering import close_workplace, cover_workplace, list_workplaces, register_workplace
from services.roster.usecases.electing import extend_term, list_elections, record_election
from services.roster.usecases.ending import dissolve_organisation, merge_organisations
from services.roster.usecases.enrolling import advance_member, correct_member, register_member, set_standing, show_nameplate
from services.roster.usecases.floating import confirm_residence, record_whereabouts, report_residence
from services.roster.usecases.founding import appoint_administrator, found_county
from services.roster.usecases.granting import confirm_grants, end_grant, give_grant, link_person
from services.roster.usecases.moving import (
    begin_transfer, merge_members, move_member, readmit_member, record_leaving, settle_transfer,
)
from services.roster.usecases.representing import (
    change_representative, end_representative, list_representatives, read_representative_phone, register_representative,
)
from services.roster.usecases.shaping import change_organisation, move_organisation, register_organisation
from services.roster.usecases.sheets import check_sheet, close_old_sheets, stage_lines, undo_sheet, write_sheet
from services.roster.usecases.syncing import sync_members, sync_organisations
from services.roster.usecases.systems import define_system, end_system
from services.roster.usecases.zoning import change_zone, end_zone, list_zones, open_zone, record_zone_month

__all__ = ["adopt_policies", "advance_member", "appoint", "appoint_administrator", "assign", "begin_transfer",
           "change_organisation", "change_representative", "change_zone", "check_sheet",
           "close_old_sheets", "close_workplace", "confirm_grants", "confirm_residence", "correct_member", "cover_workplace",
           "define_system", "dissolve_organisation", "end_assignment", "end_grant", "end_position",
           "end_representative", "end_system", "end_zone", "extend_term", "found_county", "give_grant", "link_person",
           "list_elections", "list_representatives", "list_workplaces", "list_zones", "merge_members",
           "merge_organisations", "move_member", "move_organisation", "open_zone", "read_representative_phone",
           "readmit_member", "record_election", "record_leaving", "record_whereabouts", "record_zone_month", "register_member",
           "register_organisation", "register_representative",
           "register_workplace", "report_residence", "set_standing", "settle_transfer", "show_nameplate", "stage_lines",
           "sync_members", "sync_organisations", "undo_sheet", "write_sheet"]
