"""The doors of a member's life."""
from services.roster import usecases
from wire.bus.calls import answers
from wire.contracts.roster import (
    AdvanceMember, BeginTransfer, ConfirmResidence, CorrectMember, MergeMembers, MoveMember, ReadmitMember, RecordLeaving,
    RecordWhereabouts, RegisterMember, ReportResidence, SetStanding, SettleTransfer, ShowNameplate,
)


class MembershipDoors:
    @answers(RegisterMember)
    def register_member(self, unit, request):
        return usecases.register_member(unit, request)

    @answers(CorrectMember)
    def correct_member(self, unit, request):
        return usecases.correct_member(unit, request)

    @answers(AdvanceMember)
    def advance_member(self, unit, request):
        return usecases.advance_member(unit, request)

    @answers(SetStanding)
    def set_standing(self, unit, request):
        return usecases.set_standing(unit, request)

    @answers(ShowNameplate)
    def show_nameplate(self, unit, request):
        return usecases.show_nameplate(unit, request)

    @answers(RecordWhereabouts)
    def record_whereabouts(self, unit, request):
        return usecases.record_whereabouts(unit, request)

    @answers(ReportResidence)
    def report_residence(self, unit, request):
        return usecases.report_residence(unit, request)

    @answers(ConfirmResidence)
    def confirm_residence(self, unit, request):
        return usecases.confirm_residence(unit, request)

    @answers(MoveMember)
    def move_member(self, unit, request):
        return usecases.move_member(unit, request)

    @answers(BeginTransfer)
    def begin_transfer(self, unit, request):
        return usecases.begin_transfer(unit, request)

    @answers(SettleTransfer)
    def settle_transfer(self, unit, request):
        return usecases.settle_transfer(unit, request)

    @answers(RecordLeaving)
    def record_leaving(self, unit, request):
        return usecases.record_leaving(unit, request)

    @answers(ReadmitMember)
    def readmit_member(self, unit, request):
        return usecases.readmit_member(unit, request)

    @answers(MergeMembers)
    def merge_members(self, unit, request):
        return usecases.merge_members(unit, request)
