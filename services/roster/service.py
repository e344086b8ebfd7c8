"""The doors of the roster.  It hears nobody: whatever is known here was said here."""
from services.roster import queries, storage, usecases
from wire.bus.calls import answers
from wire.bus.service import Bus
from wire.contracts.roster import (
    CheckMembers, CheckOrganisations, EndGrant, FoundCounty, GiveGrant, GrantsOf, ListGrants, ListMembers, ListOrganisations,
    RegisterMembers, RegisterOrganisations,
)


class RosterService:
    """Who is here: organisations, members, grants."""

    name = "roster"
    bus = Bus(storage.Books)

    @answers(FoundCounty)
    def found_county(self, unit, request):
        return usecases.found_county(unit, request)

    @answers(CheckOrganisations)
    def check_organisations(self, unit, request):
        return usecases.check_organisations(unit, request)

    @answers(RegisterOrganisations)
    def register_organisations(self, unit, request):
        return usecases.register_organisations(unit, request)

    @answers(CheckMembers)
    def check_members(self, unit, request):
        return usecases.check_members(unit, request)

    @answers(RegisterMembers)
    def register_members(self, unit, request):
        return usecases.register_members(unit, request)

    @answers(ListOrganisations)
    def list_organisations(self, unit, request):
        return queries.list_organisations(unit, request)

    @answers(ListMembers)
    def list_members(self, unit, request):
        return queries.list_members(unit, request)

    @answers(GiveGrant)
    def give_grant(self, unit, request):
        return usecases.give_grant(unit, request)

    @answers(EndGrant)
    def end_grant(self, unit, request):
        return usecases.end_grant(unit, request)

    @answers(ListGrants)
    def list_grants(self, unit, request):
        return queries.list_grants(unit, request)

    @answers(GrantsOf)
    def grants_of(self, unit, request):
        return queries.grants_of(unit, request)
