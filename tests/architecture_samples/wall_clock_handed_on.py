# as: wire/bus/relay.py; refused: clock
import time


def lease(clock=time.time):
    return clock()
