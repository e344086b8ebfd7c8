# as: wire/bus/relay.py; refused: imports
from wire.contracts.pledge import PledgePublished
