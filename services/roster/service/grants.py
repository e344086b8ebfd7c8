"""The doors of who may do what."""
from services.roster import queries, usecases
from wire.bus.calls import answers
from wire.contracts.roster import ConfirmGrants, EndGrant, GiveGrant, GrantsOf, LinkPerson, ListGrants, ListWaiting


class GrantDoors:
    @answers(GiveGrant)
    def give_grant(self, unit, request):
        return usecases.give_grant(unit, request)

    @answers(ConfirmGrants)
    def confirm_grants(self, unit, request):
        return usecases.confirm_grants(unit, request)

    @answers(LinkPerson)
    def link_person(self, unit, request):
        return usecases.link_person(unit, request)

    @answers(EndGrant)
    def end_grant(self, unit, request):
        return usecases.end_grant(unit, request)

    @answers(ListGrants)
    def list_grants(self, unit, request):
        return queries.list_grants(unit, request)

    @answers(ListWaiting)
    def list_waiting(self, unit, request):
        return queries.list_waiting(unit, request)

    @answers(GrantsOf)
    def grants_of(self, unit, request):
        return queries.grants_of(unit, request)
