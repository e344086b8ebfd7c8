"""The doors of the tree."""
from services.roster import queries, usecases
from wire.bus.calls import answers
from wire.contracts.roster import CheckOrganisations, FoundCounty, ListOrganisations, RegisterOrganisations


class OrganisationDoors:
    @answers(FoundCounty)
    def found_county(self, unit, request):
        return usecases.found_county(unit, request)

    @answers(CheckOrganisations)
    def check_organisations(self, unit, request):
        return usecases.check_organisations(unit, request)

    @answers(RegisterOrganisations)
    def register_organisations(self, unit, request):
        return usecases.register_organisations(unit, request)

    @answers(ListOrganisations)
    def list_organisations(self, unit, request):
        return queries.list_organisations(unit, request)
