"""Another system keeps organisations and members in step: row by row what is right is written, and the rest is told why not.

The rules are those of the spreadsheet; what a sync may overwrite of what is here already is a policy.
"""
from services.roster.usecases.syncing.members import sync_members
from services.roster.usecases.syncing.organisations import sync_organisations

__all__ = ["sync_members", "sync_organisations"]
