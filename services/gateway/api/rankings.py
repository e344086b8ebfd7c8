"""Rankings and why a place is what it is."""
from services.gateway.api.route import Route, blueprint, declare
from wire.contracts.commendation import ExplainPlace, ReadRanking

routes = declare(blueprint("api-rankings", "践诺榜"), [
    Route(method="GET", path="/rankings", call=ReadRanking, summary="一个党组织及以下的排名"),
    Route(method="GET", path="/rankings/<evaluation_id>", call=ExplainPlace, summary="一个名次的由来")])
