"""The doors of the roll."""
from services.roster import queries, usecases
from wire.bus.calls import answers
from wire.contracts.roster import ListBirthdays, ListDefects, ListMembers, ReadMember, SyncMembers


class MemberDoors:
    @answers(ListMembers)
    def list_members(self, unit, request):
        return queries.list_members(unit, request)

    @answers(ReadMember)
    def read_member(self, unit, request):
        return queries.read_member(unit, request)

    @answers(ListBirthdays)
    def list_birthdays(self, unit, request):
        return queries.list_birthdays(unit, request)

    @answers(ListDefects)
    def list_defects(self, unit, request):
        return queries.list_defects(unit, request)

    @answers(SyncMembers)
    def sync_members(self, unit, request):
        return usecases.sync_members(unit, request)
