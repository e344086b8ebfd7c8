"""践诺榜: places of the year, and the explanation of one place down to the facts."""
from flask import render_template, request
from wire.contracts.commendation import ExplainPlace, ReadRanking

from services.gateway import clients
from services.gateway.pages import here
from services.gateway.pages.branch import desk

SPLIT = {"satisfaction": "群众满意度", "due_fulfilment": "到期兑现率", "on_time": "按期率"}


@desk.get("/ranking")
def ranking():
    """Equal composites are split by satisfaction, due fulfilment, on-time, else they share the place."""
    organisation_id, sector = here.place("commendation.ranking"), request.args.get("sector", "")[:40]
    page = clients.call(ReadRanking(organisation_id=organisation_id, year=here.year(), sector=sector, after=request.args.get("after", "")[:200],
                                    limit=here.ROWS))
    return render_template("desk/ranking.html", organisation_id=organisation_id, year=here.year(), sector=sector, page=page)


@desk.get("/ranking/<evaluation_id>")
def explanation(evaluation_id: str):
    """Why this place: each component with its weight and voices, the pledge and the policy version behind it."""
    organisation_id, sector = here.place("commendation.explain"), request.args.get("sector", "")[:40]
    found = clients.call(ExplainPlace(organisation_id=organisation_id, year=here.year(), sector=sector, evaluation_id=evaluation_id))
    return render_template("desk/explanation.html", organisation_id=organisation_id, year=here.year(), sector=sector, found=found, split=SPLIT)
