"""What the roster shows: the tree, the roll, who may do what.  Pages go on where the one before ended."""
from services.roster.queries.grants import grants_of, list_grants
from services.roster.queries.members import list_members
from services.roster.queries.organisations import list_organisations

__all__ = ["grants_of", "list_grants", "list_members", "list_organisations"]
