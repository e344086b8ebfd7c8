# as: services/pledge/utils.py; refused: file name
LIMIT = 1
