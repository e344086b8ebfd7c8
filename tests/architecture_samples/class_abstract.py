# as: services/pledge/storage.py; refused: class name
class AbstractBook:
    pass
