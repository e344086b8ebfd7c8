# as: wire/contracts/pledge.py; refused: imports
import sqlalchemy
