# as: services/pledge/settings.py; refused: imports
from services.pledge.storage import pledges
