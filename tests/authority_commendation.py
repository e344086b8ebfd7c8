"""A valid request for every call of commendation, aimed at a given organisation; for the authority matrix.

What must be there first is put into the projection as if evaluation had said it: a message of our own would take a
position in the stream of the evaluation service that may be running beside.
"""
from uuid_utils import uuid7

from services.commendation import ranking
from tests.fakes_commendation import completed, news
from wire.contracts.commendation import ExplainPlace, ReadRanking

YEAR = 2026


def _evaluated(house, organisation_id: str) -> str:
    evaluation_id = f"evl_{uuid7().hex}"
    with house.bus("commendation").writing() as unit:
        ranking.place(unit, [news(completed(evaluation_id, organisation_id=organisation_id, year=YEAR))])
    return evaluation_id


FACTORIES = {
    ReadRanking: lambda house, organisation_id: ReadRanking(organisation_id=organisation_id, year=YEAR),
    ExplainPlace: lambda house, organisation_id: ExplainPlace(
        organisation_id=organisation_id, year=YEAR, evaluation_id=_evaluated(house, organisation_id)),
}
