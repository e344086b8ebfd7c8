"""Acting on the fake roster: one use case at a time, by whoever it is said to be."""
from services.roster import usecases
from tests.fakes_roster import VILLAGE, RosterUnit
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.roster import (
    AdvanceMember, BeginTransfer, ConfirmResidence, CorrectMember, MergeMembers, MoveMember, ReadmitMember, RecordLeaving, RecordWhereabouts,
    RegisterMember, ReportResidence, SetStanding, SettleTransfer, ShowNameplate,
)

VERBS = {
    RegisterMember: usecases.register_member, CorrectMember: usecases.correct_member, AdvanceMember: usecases.advance_member,
    SetStanding: usecases.set_standing, ShowNameplate: usecases.show_nameplate, RecordWhereabouts: usecases.record_whereabouts,
    ReportResidence: usecases.report_residence, ConfirmResidence: usecases.confirm_residence, MoveMember: usecases.move_member,
    BeginTransfer: usecases.begin_transfer, SettleTransfer: usecases.settle_transfer, RecordLeaving: usecases.record_leaving,
    ReadmitMember: usecases.readmit_member, MergeMembers: usecases.merge_members}


def do(books, request, actor=None):
    """The reply of one use case, and what it announced."""
    unit = RosterUnit(books, type(request), actor)
    return VERBS[type(request)](unit, request), unit.announced


def entered(books, code="1", name="曾小明", place=VILLAGE, **more):
    return do(books, RegisterMember(organisation_id=place, code=code, name=name, **more))[0]


def kinds(announced):
    return [type(event) for event in announced]


def acting(role, place):
    return Actor(kind="person", person_id=f"prs_{role}", name="何书记", grants=(
        HeldGrant(grant_id=f"grt_{role}_{place}", role=role, organisation_id=place),))


def written(books, member_id):
    """The register of a member, the newest first."""
    return [act for act in reversed(books.acts.kept) if act.member_id == member_id]


def acts(books, member_id):
    return [(a.act, a.happened_on) for a in written(books, member_id)]
