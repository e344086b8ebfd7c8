"""What the rules leave to each county about the roster, with defaults; ``version`` is printed with what was decided by it."""
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPolicy:
    """How long a whole spreadsheet may be taken back 撤销, and how many organisations one may hold."""

    version: str = "default-1"
    undo_hours: int = 24
    most_organisations: int = 10_000

    def __post_init__(self) -> None:
        if self.undo_hours < 0 or self.most_organisations < 1:
            raise ValueError("hours and lines are counted upwards")
