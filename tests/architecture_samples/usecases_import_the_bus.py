# as: services/pledge/usecases.py; refused: imports
from wire.bus.unit import Unit
