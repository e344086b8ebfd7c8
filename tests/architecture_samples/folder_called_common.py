# as: services/pledge/common/dates.py; refused: file name
LIMIT = 1
