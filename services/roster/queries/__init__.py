"""What the roster shows: the tree, the roll, who may do what, what is wrong with a sheet.  Pages go on where the one before ended."""
from services.roster.queries.adoptions import list_adoptions, measure_policy
from services.roster.queries.assignments import list_assignments
from services.roster.queries.birthdays import list_birthdays
from services.roster.queries.defects import list_defects
from services.roster.queries.grants import grants_of, list_grants, list_waiting
from services.roster.queries.members import list_members, read_member
from services.roster.queries.organisations import list_organisations, list_systems, read_organisation, read_system
from services.roster.queries.positions import list_positions
from services.roster.queries.sheets import list_sheet_faults, list_sheet_hints, list_sheet_subjects

__all__ = [
    "grants_of", "list_adoptions", "list_assignments", "list_birthdays", "list_defects", "list_grants", "list_members", "list_organisations",
    "list_positions", "list_sheet_faults", "list_sheet_hints", "list_sheet_subjects", "list_systems", "list_waiting",
    "measure_policy", "read_member", "read_organisation", "read_system"]
