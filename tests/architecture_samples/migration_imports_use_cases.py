# as: services/pledge/migrations/0001_pledge.py; refused: imports
from services.pledge import usecases
