# as: services/gateway/api/pledge.py; refused: imports
from services.pledge import queries
