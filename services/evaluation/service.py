"""The doors of evaluation.  What happens behind each is in ``usecases``."""
from services.evaluation import histories, pledged, storage, usecases
from services.evaluation.domain.policy import AppraisalPolicy, PeersPolicy, ScoringPolicy
from wire import directory, policy
from wire.bus.calls import answers
from wire.bus.service import ROSTER, Bus, Projection
from wire.bus.subscribe import subscribe
from wire.contracts.evaluation import (
    AssessSelf, CommentAsLeader, CompleteEvaluation, EnterTotals, HoldAppraisal, ListEvaluations, ListUnopened,
    OpenEvaluation, RatePeer, ReadEvaluation,
)
from wire.contracts.pledge import (
    PledgeApproved, PledgeEvaluated, PledgeItemClaimed, PledgeItemFulfilled, PledgeItemProgressed, PledgeItemRefused,
    PledgePublished, PledgeReturned, PledgeSigned, PledgeSubmitted,
)


class EvaluationService:
    name = "evaluation"
    bus = Bus(storage.Books, belongs=histories.belongs, policies=(ScoringPolicy, AppraisalPolicy, PeersPolicy), projections=(
        *ROSTER,
        Projection(storage.pledged, PledgePublished.stream)))

    @answers(OpenEvaluation)
    def open_evaluation(self, unit, request):
        return usecases.open_evaluation(unit, request)

    @answers(AssessSelf)
    def assess_self(self, unit, request):
        return usecases.assess_self(unit, request)

    @answers(RatePeer)
    def rate_peer(self, unit, request):
        return usecases.rate_peer(unit, request)

    @answers(CommentAsLeader)
    def comment_as_leader(self, unit, request):
        return usecases.comment_as_leader(unit, request)

    @answers(HoldAppraisal)
    def hold_appraisal(self, unit, request):
        return usecases.hold_appraisal(unit, request)

    @answers(EnterTotals)
    def enter_totals(self, unit, request):
        return usecases.enter_totals(unit, request)

    @answers(CompleteEvaluation)
    def complete_evaluation(self, unit, request):
        return usecases.complete_evaluation(unit, request)

    @answers(ReadEvaluation)
    def read_evaluation(self, unit, request):
        return usecases.read_evaluation(unit, request)

    @answers(ListEvaluations)
    def list_evaluations(self, unit, request):
        return usecases.list_evaluations(unit, request)

    @answers(ListUnopened)
    def list_unopened(self, unit, request):
        return usecases.list_unopened(unit, request)

    @subscribe(*directory.EVENTS)
    def on_roster(self, unit, news):
        directory.keep(unit, news)

    @subscribe(*policy.EVENTS)
    def on_policy(self, unit, news):
        policy.keep(unit, news)

    @subscribe(PledgeSubmitted, PledgeReturned, PledgeApproved, PledgeSigned, PledgePublished, PledgeItemProgressed,
               PledgeItemClaimed, PledgeItemFulfilled, PledgeItemRefused, PledgeEvaluated)
    def on_pledge(self, unit, news):
        pledged.keep(unit, news)
