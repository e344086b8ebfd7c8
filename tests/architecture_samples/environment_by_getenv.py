# as: services/pledge/settings.py; refused: environment
from os import getenv

LIMIT = getenv("LIMIT")
