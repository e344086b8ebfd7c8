"""A list that was thought about as a whole, page by page: ``next`` says where the one after begins, "" when there is none."""
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def page(found: Sequence[T], after: str, limit: int) -> tuple[Sequence[T], str]:
    """The page that begins at ``after``; what is no place in the list begins at its beginning."""
    start = int(after) if after.isascii() and after.isdigit() else 0
    end = start + limit
    return found[start:end], str(end) if end < len(found) else ""
