"""How boards are kept, as a policy document."""
from dataclasses import dataclass


@dataclass(frozen=True)
class BoardPolicy:
    """What a board calls soon, how many notices it lists, and who is expected to pledge at all."""

    version: str = "default-1"
    #: an open item whose deadline is at most so many days away is due soon
    due_soon_days: int = 30
    notices: int = 20
    #: in the denominator of 应承诺: 入党积极分子 and 非党干部 may pledge and are never expected to (A3)
    expected: tuple[str, ...] = ("member", "probationary")

    def __post_init__(self) -> None:
        if self.due_soon_days < 0 or self.notices < 0:
            raise ValueError("days and numbers of notices are not negative")
