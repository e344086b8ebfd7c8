"""The words of the register: lists that leave some out name them as they are written."""
from services.roster.domain.register import UNDATED
from services.roster.queries.members import FOLLOWED
from services.roster import usecases
from tests.fakes_roster import FAR, TOWN, VILLAGE, RosterUnit, founded, organisation, do
from tests.unit.roster.lives import entered
from wire.contracts.roster import (
    BeginTransfer, ConfirmResidence, CorrectMember, MergeMembers, MergeOrganisations, MoveMember, RecordWhereabouts, ReportResidence, SettleTransfer,
    ShowNameplate, WHEREABOUTS,
)


def test_every_act_that_one_follows_and_every_undated_one_is_written_by_what_does_it():
    """[X18]"""
    books = founded()
    books.organisations.add_many([organisation("org_second", books.organisations.get(TOWN), code="V2", name="松坡村党支部")])
    one, second = entered(books), entered(books, "2")
    id_ = one.member_id
    for request in (
            lambda: CorrectMember(member_id=id_, name="曾小明", post="护林员", version=books.members.get(id_).version),
            lambda: ShowNameplate(member_id=id_, shown=True), lambda: ShowNameplate(member_id=id_, shown=False),
            lambda: ReportResidence(member_id=id_, residence_id=FAR), lambda: ConfirmResidence(member_id=id_),
            lambda: ReportResidence(member_id=id_, residence_id=""),
            *(lambda name=name: RecordWhereabouts(member_id=id_, whereabouts=name, **(
                {"inflow_id": FAR} if name == "inflow" else {"outside_place": "省城"} if name == "outside" else {}))
              for name in sorted(WHEREABOUTS, key=lambda name: name == "home")),
            lambda: BeginTransfer(member_id=id_, organisation_id=FAR), lambda: SettleTransfer(member_id=id_, accepted=False),
            lambda: MoveMember(member_id=id_, organisation_id=FAR), lambda: MoveMember(member_id=id_, organisation_id=VILLAGE),
            lambda: MergeMembers(kept_id=id_, merged_id=second.member_id)):
        do(books, request())
    merge = MergeOrganisations(organisation_id=VILLAGE, into_id="org_second", because="两村合并")
    usecases.merge_organisations(RosterUnit(books, MergeOrganisations), merge)
    assert {*FOLLOWED, *UNDATED} <= {act.act for act in books.acts.kept}
