"""The doors of positions."""
from services.roster import queries, usecases
from wire.bus.calls import answers
from wire.contracts.roster import Appoint, EndPosition, ListPositions


class PositionDoors:
    @answers(Appoint)
    def appoint(self, unit, request):
        return usecases.appoint(unit, request)

    @answers(EndPosition)
    def end_position(self, unit, request):
        return usecases.end_position(unit, request)

    @answers(ListPositions)
    def list_positions(self, unit, request):
        return queries.list_positions(unit, request)
