# as: services/pledge/service.py; refused: environment
import os

LIMIT = os.environ.get("LIMIT")
