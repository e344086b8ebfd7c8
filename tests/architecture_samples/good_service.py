# as: services/pledge/service.py; refused: 
from nameko.rpc import rpc

from services.pledge import usecases
from wire.bus.service import Bus


class PledgeService:
    name = 'pledge'
    bus = Bus
    read = rpc(usecases.read_pledge)
