"""The doors of pledge.  What happens behind each is in ``usecases`` and ``queries``."""
from services.pledge import queries, storage, usecases
from services.pledge.domain.policy import CoveragePolicy, DraftingPolicy, LedgerPolicy, ReviewPolicy
from wire import directory, policy
from wire.bus.calls import answers
from wire.bus.service import ROSTER, Bus
from wire.bus.subscribe import subscribe
from wire.contracts.evaluation import EvaluationCompleted, EvaluationRetracted
from wire.contracts.pledge import (
    ApprovePledge, ClaimItem, DraftPledge, ListPledges, ListServing, PledgedAmong, PublishPledges, ReadCoverage, ReadGuide, ReadLedger,
    ReadLetter, ReadPledge, RecordProgress, ReturnPledge, ReviewItem, SaveDraft, SignPledge, SubmitPledge, VerifyItem,
)


class PledgeService:
    name = "pledge"
    bus = Bus(storage.Books, belongs=storage.belongs, policies=(ReviewPolicy, DraftingPolicy, CoveragePolicy, LedgerPolicy),
              projections=ROSTER)

    @answers(DraftPledge)
    def draft_pledge(self, unit, request):
        return usecases.draft_pledge(unit, request)

    @answers(SaveDraft)
    def save_draft(self, unit, request):
        return usecases.save_draft(unit, request)

    @answers(SubmitPledge)
    def submit_pledge(self, unit, request):
        return usecases.submit_pledge(unit, request)

    @answers(ReviewItem)
    def review_item(self, unit, request):
        return usecases.review_item(unit, request)

    @answers(ApprovePledge)
    def approve_pledge(self, unit, request):
        return usecases.approve_pledge(unit, request)

    @answers(ReturnPledge)
    def return_pledge(self, unit, request):
        return usecases.return_pledge(unit, request)

    @answers(SignPledge)
    def sign_pledge(self, unit, request):
        return usecases.sign_pledge(unit, request)

    @answers(PublishPledges)
    def publish_pledges(self, unit, request):
        return usecases.publish_pledges(unit, request)

    @answers(RecordProgress)
    def record_progress(self, unit, request):
        return usecases.record_progress(unit, request)

    @answers(ClaimItem)
    def claim_item(self, unit, request):
        return usecases.claim_item(unit, request)

    @answers(VerifyItem)
    def verify_item(self, unit, request):
        return usecases.verify_item(unit, request)

    @answers(ReadPledge)
    def read_pledge(self, unit, request):
        return usecases.read_pledge(unit, request)

    @answers(ReadLetter)
    def read_letter(self, unit, request):
        return usecases.read_letter(unit, request)

    @answers(ListPledges)
    def list_pledges(self, unit, request):
        return queries.list_pledges(unit, request)

    @answers(PledgedAmong)
    def pledged_among(self, unit, request):
        return queries.pledged_among(unit, request)

    @answers(ReadLedger)
    def read_ledger(self, unit, request):
        return queries.read_ledger(
            unit, request, soon_days=unit.policy(LedgerPolicy, request.organisation_id).due_soon_days)

    @answers(ListServing)
    def list_serving(self, unit, request):
        pledge = usecases.seen(unit, request.pledge_id)
        return queries.list_serving(unit, request, soon_days=unit.policy(LedgerPolicy, pledge.organisation_id).due_soon_days)

    @answers(ReadGuide)
    def read_guide(self, unit, request):
        return usecases.read_guide(unit, request)

    @answers(ReadCoverage)
    def read_coverage(self, unit, request):
        return usecases.read_coverage(unit, request)

    @subscribe(*directory.EVENTS)
    def on_roster(self, unit, news):
        directory.keep(unit, news)

    @subscribe(*policy.EVENTS)
    def on_policy(self, unit, news):
        policy.keep(unit, news)

    @subscribe(EvaluationCompleted, EvaluationRetracted)
    def on_evaluation(self, unit, news):
        usecases.take_evaluations(unit, news)
