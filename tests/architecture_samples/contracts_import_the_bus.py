# as: wire/contracts/pledge.py; refused: imports
from wire.bus import tables
