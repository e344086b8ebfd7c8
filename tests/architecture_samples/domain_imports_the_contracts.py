# as: services/pledge/domain/pledge.py; refused: imports
from wire.contracts.calls import NotFound
