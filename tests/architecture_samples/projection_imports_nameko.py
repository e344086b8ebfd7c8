# as: services/notice/board.py; refused: imports
from nameko.rpc import rpc
