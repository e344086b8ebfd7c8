"""The doors of commendation."""
from services.commendation import queries, ranking, storage
from wire import directory, policy
from wire.bus.calls import answers
from wire.bus.service import ROSTER, Bus, Projection
from wire.bus.subscribe import subscribe
from wire.contracts.commendation import ExplainPlace, ReadRanking


class CommendationService:
    """Who is honoured: the ranking of completed evaluations."""

    name = "commendation"
    bus = Bus(storage.Books, projections=(
        Projection(storage.ranking, ranking.STREAM),
        *ROSTER))

    @subscribe(*directory.EVENTS)
    def on_roster(self, unit, news):
        directory.keep(unit, news)

    @subscribe(*policy.EVENTS)
    def on_policy(self, unit, news):
        policy.keep(unit, news)

    @subscribe(*ranking.EVENTS)
    def on_evaluation(self, unit, news):
        ranking.place(unit, news)

    @answers(ReadRanking)
    def read_ranking(self, unit, request):
        return queries.read_ranking(unit, request)

    @answers(ExplainPlace)
    def explain(self, unit, request):
        return queries.explain(unit, request)
