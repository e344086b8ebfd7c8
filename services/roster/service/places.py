"""The doors of what stands beside the tree: elections, new units, assignments, zones."""
from services.roster import queries, usecases
from wire.bus.calls import answers
from wire.contracts.roster import (
    Assign, ChangeZone, CloseWorkplace, CoverWorkplace, EndAssignment, EndZone, ExtendTerm, ListAssignments, ListElections,
    ListWorkplaces, ListZones, OpenZone, RecordElection, RecordZoneMonth, RegisterWorkplace,
)


class ElectionDoors:
    @answers(ListElections)
    def list_elections(self, unit, request):
        return usecases.list_elections(unit, request)

    @answers(RecordElection)
    def record_election(self, unit, request):
        return usecases.record_election(unit, request)

    @answers(ExtendTerm)
    def extend_term(self, unit, request):
        return usecases.extend_term(unit, request)


class WorkplaceDoors:
    @answers(RegisterWorkplace)
    def register_workplace(self, unit, request):
        return usecases.register_workplace(unit, request)

    @answers(CoverWorkplace)
    def cover_workplace(self, unit, request):
        return usecases.cover_workplace(unit, request)

    @answers(CloseWorkplace)
    def close_workplace(self, unit, request):
        return usecases.close_workplace(unit, request)

    @answers(ListWorkplaces)
    def list_workplaces(self, unit, request):
        return usecases.list_workplaces(unit, request)


class AssignmentDoors:
    @answers(Assign)
    def assign(self, unit, request):
        return usecases.assign(unit, request)

    @answers(EndAssignment)
    def end_assignment(self, unit, request):
        return usecases.end_assignment(unit, request)

    @answers(ListAssignments)
    def list_assignments(self, unit, request):
        return queries.list_assignments(unit, request)


class ZoneDoors:
    @answers(OpenZone)
    def open_zone(self, unit, request):
        return usecases.open_zone(unit, request)

    @answers(ChangeZone)
    def change_zone(self, unit, request):
        return usecases.change_zone(unit, request)

    @answers(EndZone)
    def end_zone(self, unit, request):
        return usecases.end_zone(unit, request)

    @answers(RecordZoneMonth)
    def record_zone_month(self, unit, request):
        return usecases.record_zone_month(unit, request)

    @answers(ListZones)
    def list_zones(self, unit, request):
        return usecases.list_zones(unit, request)
