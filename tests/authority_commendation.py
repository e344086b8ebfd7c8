"""A valid request for every call of commendation, aimed at a given organisation; for the authority matrix.

What must be there first is heard as evaluation would say it, at the door of the running service.
"""
from uuid6 import uuid7

from tests.fakes_commendation import completed
from wire.contracts.commendation import ExplainPlace, ReadRanking

YEAR = 2026


def _evaluated(house, organisation_id: str) -> str:
    evaluation_id = f"evl_{uuid7().hex}"
    house.hear(completed(evaluation_id, organisation_id=organisation_id, year=YEAR))
    return evaluation_id


FACTORIES = {
    ReadRanking: lambda house, organisation_id: ReadRanking(organisation_id=organisation_id, year=YEAR),
    ExplainPlace: lambda house, organisation_id: ExplainPlace(
        organisation_id=organisation_id, year=YEAR, evaluation_id=_evaluated(house, organisation_id)),
}
