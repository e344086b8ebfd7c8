# as: services/pledge/__init__.py; refused: imports
from services import roster
