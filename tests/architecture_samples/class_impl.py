# as: services/pledge/storage.py; refused: class name
class PledgeBookImpl:
    pass
