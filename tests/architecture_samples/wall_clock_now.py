# as: services/pledge/usecases.py; refused: clock
import datetime


def late():
    return datetime.datetime.now(datetime.UTC)
