# as: services/pledge/storage.py; refused: ; lines: 300
LIMIT = 1
