# as: services/pledge/domain/pledge.py; refused: imports
from ..storage import pledges
