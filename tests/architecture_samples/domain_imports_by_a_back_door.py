# as: services/pledge/domain/pledge.py; refused: imports
import importlib

storage = importlib.import_module("services.pledge.storage")
