"""The doors of pledge.  What happens behind each is in ``usecases`` and ``queries``."""
from services.pledge import queries, storage, usecases
from services.pledge.domain.policy import CoveragePolicy, DraftingPolicy, ExemptionPolicy, LedgerPolicy, ReviewPolicy
from wire import directory, policy
from wire.bus.calls import answers
from wire.bus.sealing import Sealing
from wire.bus.service import ROSTER, Bus
from wire.bus.sets import PAGE
from wire.bus.subscribe import subscribe
from wire.bus.timer import every, to_the_end
from wire.contracts.evaluation import EvaluationCompleted, EvaluationRetracted
from wire.contracts.pledge import (
    ApproveExemption, ApprovePledge, ClaimItem, DraftPledge, ListExemptions, ListPledges, ListServing, PledgedAmong, ProposeExemption,
    PublishPledges, ReadCoverage, ReadExemption, ReadExemptionRules, ReadGuide, ReadLedger, ReadLetter, ReadPledge, RecordProgress,
    RefuseExemption, ReturnPledge, ReviewItem, SaveDraft, SignPledge, SubmitPledge, VerifyItem, WithdrawExemption,
)

#: what is past its day is ended, and words that are kept no longer are taken out, so often
SWEEP_SECONDS = 900.0


class PledgeService:
    name = "pledge"
    bus = Bus(storage.Books, belongs=storage.belongs, projections=ROSTER,
              policies=(ReviewPolicy, DraftingPolicy, CoveragePolicy, LedgerPolicy, ExemptionPolicy))
    #: why somebody is exempt is sealed with it
    vault = Sealing()

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

    @answers(ProposeExemption)
    def propose_exemption(self, unit, request):
        return usecases.propose_exemption(unit, request, self.vault)

    @answers(ApproveExemption)
    def approve_exemption(self, unit, request):
        return usecases.approve_exemption(unit, request)

    @answers(RefuseExemption)
    def refuse_exemption(self, unit, request):
        return usecases.refuse_exemption(unit, request, self.vault)

    @answers(WithdrawExemption)
    def withdraw_exemption(self, unit, request):
        return usecases.withdraw_exemption(unit, request, self.vault)

    @answers(ReadExemption)
    def read_exemption(self, unit, request):
        return usecases.read_exemption(unit, request, self.vault)

    @answers(ReadExemptionRules)
    def exemption_rules(self, unit, request):
        return usecases.read_exemption_rules(unit, request)

    @answers(ListExemptions)
    def list_exemptions(self, unit, request):
        return queries.list_exemptions(unit, request)

    @every(SWEEP_SECONDS, alone=True, eager=True)
    def sweep(self):
        """Exemptions past their day end, and those the roster's news missed; why they were given goes when it is over, piece by piece
        (A4, X38)."""
        to_the_end(self._end_past, PAGE)
        to_the_end(self._end_astray, PAGE)
        to_the_end(self._forget, PAGE)

    def _end_past(self):
        with self.bus.writing() as unit:
            return usecases.end_past(unit, PAGE)

    def _end_astray(self):
        with self.bus.writing() as unit:
            return usecases.end_astray(unit, PAGE)

    def _forget(self):
        with self.bus.writing() as unit:
            return unit.books.exemptions.forget(unit.today, PAGE)

    @subscribe(*directory.EVENTS)
    def on_roster(self, unit, news):
        news = list(news)
        directory.keep(unit, news)
        usecases.follow_roster(unit, news)

    @subscribe(*policy.EVENTS)
    def on_policy(self, unit, news):
        policy.keep(unit, news)

    @subscribe(EvaluationCompleted, EvaluationRetracted)
    def on_evaluation(self, unit, news):
        usecases.take_evaluations(unit, news)
