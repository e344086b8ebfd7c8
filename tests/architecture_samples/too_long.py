# as: services/pledge/storage.py; refused: length; lines: 301
LIMIT = 1
