# as: services/pledge/queries.py; refused: imports
from services.pledge.domain.pledge import Pledge
