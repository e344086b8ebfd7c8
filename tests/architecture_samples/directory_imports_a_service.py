# as: wire/directory.py; refused: imports
from services.roster.storage import members
