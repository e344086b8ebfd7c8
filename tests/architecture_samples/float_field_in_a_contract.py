# as: wire/contracts/evaluation.py; refused: float
import marshmallow as ma

TOTAL = ma.fields.Float()
