# as: services/pledge/storage.py; refused: imports
from services.pledge.usecases import publish_pledge
