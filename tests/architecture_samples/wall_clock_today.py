# as: services/pledge/domain/pledge.py; refused: clock
from datetime import date


def late(by):
    return date.today() > by
