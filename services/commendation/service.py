"""The doors of commendation."""
from services.commendation import queries, ranking, storage
from wire import directory
from wire.bus.calls import answers
from wire.bus.service import Bus, Projection
from wire.bus.subscribe import subscribe
from wire.contracts.commendation import ExplainPlace, ReadRanking


class CommendationService:
    """Who is honoured: the ranking of completed evaluations."""

    name = "commendation"
    bus = Bus(storage.Books, projections=(
        Projection(storage.ranking, ranking.STREAM),
        *(Projection(table, stream) for stream, table in directory.STREAMS.items())))

    @subscribe(*directory.EVENTS)
    def on_roster(self, unit, news):
        directory.keep(unit, news)

    @subscribe(*ranking.EVENTS)
    def on_evaluation(self, unit, news):
        ranking.place(unit, news)

    @answers(ReadRanking)
    def read_ranking(self, unit, request):
        return queries.read_ranking(unit, request)

    @answers(ExplainPlace)
    def explain(self, unit, request):
        return queries.explain(unit, request)
