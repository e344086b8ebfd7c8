# as: services/pledge/usecases.py; refused: 
from services.pledge.domain.pledge import Pledge
from wire.contracts.ports import Unit


def today(unit: Unit, pledge: Pledge):
    return unit.today
