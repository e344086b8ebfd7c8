# as: wire/contracts/evaluation.py; refused: float
class Score:
    total: float | None = None
