"""The doors of which policy is in force where."""
from services.roster import queries, usecases
from wire.bus.calls import answers
from wire.contracts.roster import AdoptPolicies, ListAdoptions, MeasurePolicy


class PolicyDoors:
    @answers(AdoptPolicies)
    def adopt_policies(self, unit, request):
        return usecases.adopt_policies(unit, request)

    @answers(ListAdoptions)
    def list_adoptions(self, unit, request):
        return queries.list_adoptions(unit, request)

    @answers(MeasurePolicy)
    def measure_policy(self, unit, request):
        return queries.measure_policy(unit, request)
