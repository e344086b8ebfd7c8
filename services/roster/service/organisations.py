"""The doors of the tree."""
from services.roster import queries, usecases
from wire.bus.calls import answers
from wire.contracts.roster import (
    AppointAdministrator, ChangeOrganisation, DefineSystem, DissolveOrganisation, EndSystem,
    FoundCounty, ListOrganisations, ListSystems, MergeOrganisations, MoveOrganisation, ReadOrganisation, ReadSystem,
    RegisterOrganisation, SyncOrganisations,
)


class OrganisationDoors:
    @answers(FoundCounty)
    def found_county(self, unit, request):
        return usecases.found_county(unit, request)

    @answers(AppointAdministrator)
    def appoint_administrator(self, unit, request):
        return usecases.appoint_administrator(unit, request)

    @answers(ListOrganisations)
    def list_organisations(self, unit, request):
        return queries.list_organisations(unit, request)

    @answers(ReadOrganisation)
    def read_organisation(self, unit, request):
        return queries.read_organisation(unit, request)

    @answers(RegisterOrganisation)
    def register_organisation(self, unit, request):
        return usecases.register_organisation(unit, request)

    @answers(ChangeOrganisation)
    def change_organisation(self, unit, request):
        return usecases.change_organisation(unit, request)

    @answers(MoveOrganisation)
    def move_organisation(self, unit, request):
        return usecases.move_organisation(unit, request)

    @answers(MergeOrganisations)
    def merge_organisations(self, unit, request):
        return usecases.merge_organisations(unit, request)

    @answers(DissolveOrganisation)
    def dissolve_organisation(self, unit, request):
        return usecases.dissolve_organisation(unit, request)

    @answers(SyncOrganisations)
    def sync_organisations(self, unit, request):
        return usecases.sync_organisations(unit, request)


class SystemDoors:
    @answers(DefineSystem)
    def define_system(self, unit, request):
        return usecases.define_system(unit, request)

    @answers(EndSystem)
    def end_system(self, unit, request):
        return usecases.end_system(unit, request)

    @answers(ListSystems)
    def list_systems(self, unit, request):
        return queries.list_systems(unit, request)

    @answers(ReadSystem)
    def read_system(self, unit, request):
        return queries.read_system(unit, request)
