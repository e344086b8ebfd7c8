# as: services/pledge/service.py; refused: imports
from services.notice import board
