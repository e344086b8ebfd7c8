"""For the authority matrix: a valid request of every call of pledge, aimed at a given organisation.

The pledges are the organisation's own: nobody reaches them as "what is mine", so every grant is tried for what it is.
What a request needs is made through the doors, by the organisation's secretary and the one above.
"""
from datetime import timedelta
from itertools import count

from tests.fakes import NOW
from wire import directory
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.pledge import (
    ApproveExemption, ApprovePledge, ClaimItem, CriterionVerdict, DraftPledge, ItemDraft, ListExemptions, ListPledges, ListServing,
    PledgedAmong, ProposeExemption, PublishPledges, ReadCoverage, ReadExemption, ReadExemptionRules, ReadGuide, ReadLedger, ReadLetter,
    ReadPledge, RecordProgress, RefuseExemption, ReturnPledge, ReviewItem, SaveDraft, SignPledge, SubmitPledge, VerifyItem,
    WithdrawExemption,
)
from wire.contracts.roster import MemberRegistered

YEAR = 2026
_number = count(1)
ITEM = ItemDraft(matter="为20户安装路灯", target="20盏", responsible="书记")


def _holding(role, organisation_id):
    return Actor(kind="person", person_id=f"prs_making_{role}", name="备案人", grants=(
        HeldGrant(grant_id=f"grt_making_{role}_{organisation_id}", role=role, organisation_id=organisation_id),))


def _author(organisation_id):
    return _holding("secretary", organisation_id)


def _decider(house, organisation_id):
    with house.reading("pledge") as unit:
        return _holding("superior", unit.directory.organisation(organisation_id)["parent_id"])


def _drafted(house, organisation_id):
    return house.call(_author(organisation_id), DraftPledge(
        organisation_id=organisation_id, year=YEAR, kind="immediate", items=(ITEM,)))


def _submitted(house, organisation_id):
    pledge = _drafted(house, organisation_id)
    return house.call(_author(organisation_id), SubmitPledge(pledge_id=pledge.pledge_id))


def _review(pledge):
    return ReviewItem(pledge_id=pledge.pledge_id, item_id=pledge.items[0].item_id, verdicts=tuple(
        CriterionVerdict(criterion=c, met=True) for c in pledge.criteria))


def _reviewed(house, organisation_id):
    pledge = _submitted(house, organisation_id)
    return house.call(_decider(house, organisation_id), _review(pledge))


def _approved(house, organisation_id):
    pledge = _reviewed(house, organisation_id)
    return house.call(_decider(house, organisation_id), ApprovePledge(pledge_id=pledge.pledge_id))


def _signed(house, organisation_id):
    pledge = _approved(house, organisation_id)
    return house.call(_decider(house, organisation_id), SignPledge(pledge_id=pledge.pledge_id))


def _published(house, organisation_id):
    pledge = _signed(house, organisation_id)
    house.call(_decider(house, organisation_id), PublishPledges(pledge_ids=(pledge.pledge_id,)))
    return pledge


def _claim(pledge):
    return ClaimItem(pledge_id=pledge.pledge_id, item_id=pledge.items[0].item_id, evidence="现场照片")


def _claimed(house, organisation_id):
    return house.call(_author(organisation_id), _claim(_published(house, organisation_id)))


def _to_exempt(house, organisation_id):
    """A proposal for somebody who just came: of a member one may be open at a time."""
    member_id = f"mem_newcomer_{next(_number)}"
    came = MemberRegistered(
        member_id=member_id, code=member_id, name="演新来", sort_key="yan 演", kind="member", organisation_id=organisation_id, version=1,
        acted_by="prs_office", acted_by_name="县办", acted_at=NOW)
    with house.bus("pledge").writing() as unit:
        # put down at once: where the roster itself is running, no position of its stream is free
        directory.write(unit.sql, [(1, came)])
        today = unit.today
    return ProposeExemption(
        organisation_id=organisation_id, member_id=member_id, ground="患病", reason="长期卧床", until_on=today + timedelta(days=100),
        meeting_kind="支委会", meeting_on=today, meeting_due=5, meeting_present=4, conclusion="同意")


def _exemption(house, organisation_id):
    return house.call(_author(organisation_id), _to_exempt(house, organisation_id)).exemption_id


def _granted(house, organisation_id):
    """In force, so that whoever is above may end it as well as the branch."""
    return house.call(_decider(house, organisation_id), ApproveExemption(exemption_id=_exemption(house, organisation_id))).exemption_id


def _one(pledge):
    return {"pledge_id": pledge.pledge_id, "item_id": pledge.items[0].item_id}


FACTORIES = {
    DraftPledge: lambda h, o: DraftPledge(organisation_id=o, year=YEAR, kind="immediate", items=(ITEM,)),
    SaveDraft: lambda h, o: SaveDraft(pledge_id=_drafted(h, o).pledge_id, version=1, items=(ITEM, ITEM)),
    SubmitPledge: lambda h, o: SubmitPledge(pledge_id=_drafted(h, o).pledge_id),
    ReviewItem: lambda h, o: _review(_submitted(h, o)),
    ApprovePledge: lambda h, o: ApprovePledge(pledge_id=_reviewed(h, o).pledge_id),
    ReturnPledge: lambda h, o: ReturnPledge(pledge_id=_submitted(h, o).pledge_id, reason="写清楚目标"),
    SignPledge: lambda h, o: SignPledge(pledge_id=_approved(h, o).pledge_id),
    PublishPledges: lambda h, o: PublishPledges(pledge_ids=(_signed(h, o).pledge_id,)),
    RecordProgress: lambda h, o: RecordProgress(**_one(_published(h, o)), progress=30, note="已装6盏"),
    ClaimItem: lambda h, o: _claim(_published(h, o)),
    VerifyItem: lambda h, o: VerifyItem(**_one(_claimed(h, o)), solved=True, implemented=True, satisfied=True),
    ReadPledge: lambda h, o: ReadPledge(pledge_id=_drafted(h, o).pledge_id),
    ReadLetter: lambda h, o: ReadLetter(pledge_id=_signed(h, o).pledge_id),
    ListPledges: lambda h, o: ListPledges(organisation_id=o, member_id="mem_of_nobody", year=YEAR),
    PledgedAmong: lambda h, o: PledgedAmong(organisation_ids=(o,)),
    ReadLedger: lambda h, o: ReadLedger(organisation_id=o, year=YEAR),
    ListServing: lambda h, o: ListServing(pledge_id=_drafted(h, o).pledge_id),
    ReadGuide: lambda h, o: ReadGuide(organisation_id=o, year=YEAR),
    ReadCoverage: lambda h, o: ReadCoverage(organisation_id=o, year=YEAR),
    ProposeExemption: _to_exempt,
    ApproveExemption: lambda h, o: ApproveExemption(exemption_id=_exemption(h, o)),
    RefuseExemption: lambda h, o: RefuseExemption(exemption_id=_exemption(h, o), note="材料不足"),
    WithdrawExemption: lambda h, o: WithdrawExemption(exemption_id=_granted(h, o), note="已经康复"),
    ReadExemption: lambda h, o: ReadExemption(exemption_id=_exemption(h, o)),
    ReadExemptionRules: lambda h, o: ReadExemptionRules(organisation_id=o),
    ListExemptions: lambda h, o: ListExemptions(organisation_id=o, member_id="mem_of_nobody"),
}
