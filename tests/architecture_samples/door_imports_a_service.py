# as: services/gateway/door/application.py; refused: imports
from services.roster import queries
