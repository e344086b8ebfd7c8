# as: services/pledge/usecases/publish.py; refused: imports
from sqlalchemy import select
