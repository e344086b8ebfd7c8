# as: wire/bus/relay.py; refused: clock
from time import time
