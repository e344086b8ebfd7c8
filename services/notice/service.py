"""The doors of notice.  What the public reads was written by ``board`` and ``results``."""
from services.notice import board, exempt, histories, names, queries, results, storage, usecases
from services.notice.domain.policy import BoardPolicy
from wire import directory, policy
from wire.bus.calls import answers
from wire.bus.service import ROSTER, Bus, Projection
from wire.bus.subscribe import subscribe
from wire.contracts.evaluation import EvaluationCompleted, EvaluationOpened, EvaluationRetracted
from wire.contracts.notice import ReadBoard, ReadBoardPledge, ReadBoards, ReadBoardServing, ReadCounty
from wire.contracts.pledge import (
    ExemptionEnded, ExemptionGranted, PledgeApproved, PledgeEvaluated, PledgeItemClaimed, PledgeItemFulfilled, PledgeItemProgressed,
    PledgeItemRefused, PledgePublished, PledgeReturned, PledgeSigned, PledgeSubmitted,
)


class NoticeService:
    name = "notice"
    bus = Bus(storage.Books, belongs=histories.belongs, policies=(BoardPolicy,), projections=(
        *ROSTER,
        Projection(storage.board_pledge, PledgePublished.stream), Projection(storage.result, EvaluationCompleted.stream),
        Projection(storage.exempt, ExemptionGranted.stream)))

    @answers(ReadBoard)
    def read_board(self, unit, request):
        policy = unit.policy(BoardPolicy, request.organisation_id)
        return usecases.show_board(unit, request, queries.board(
            unit, request, year=usecases.year_of(unit, request), most=policy.notices, kinds=policy.expected))

    @answers(ReadBoardPledge)
    def read_pledge(self, unit, request):
        return usecases.show_pledge(unit, queries.pledge(unit, request), served=queries.served(unit, request.pledge_id),
                                    counts=queries.counts(unit, request.pledge_id))

    @answers(ReadBoardServing)
    def read_serving(self, unit, request):
        return usecases.show_serving(unit, queries.serving(unit, request))

    @answers(ReadCounty)
    def read_county(self, unit, request):
        policy = unit.policy(BoardPolicy, "")
        return usecases.show_county(unit, request, queries.county(
            unit, request, year=usecases.year_of(unit, request), most=policy.notices, kinds=policy.expected))

    @answers(ReadBoards)
    def read_boards(self, unit, request):
        return usecases.show_boards(queries.boards(unit, request, year=usecases.year_of(unit, request)))

    @subscribe(*directory.EVENTS)
    def on_roster(self, unit, news):
        news = list(news)
        directory.keep(unit, news)
        names.keep(unit, news)

    @subscribe(*policy.EVENTS)
    def on_policy(self, unit, news):
        policy.keep(unit, news)

    @subscribe(PledgeSubmitted, PledgeReturned, PledgeApproved, PledgeSigned, PledgePublished, PledgeItemProgressed,
               PledgeItemClaimed, PledgeItemFulfilled, PledgeItemRefused, PledgeEvaluated)
    def on_pledge(self, unit, news):
        board.post(unit, news)

    @subscribe(ExemptionGranted, ExemptionEnded)
    def on_exemption(self, unit, news):
        exempt.keep(unit, news)

    @subscribe(EvaluationOpened, EvaluationCompleted, EvaluationRetracted)
    def on_evaluation(self, unit, news):
        results.post(unit, news)
