"""A page is made of parts: one that cannot be had is left out, and the page stands."""
from collections.abc import Callable, Collection
from typing import Any

from wire.contracts.calls import Away, Refusal


def part(away: list[str], word: str, ask: Callable[[], Any], *, unseen: Collection[int] = (403,)) -> Any:
    """One part of a page; a service that is away takes its part with it, not the page, and so does what one may not see: None then.
    ``away`` is told the word of what was away; ``unseen``: the statuses of what one may not see."""
    try:
        return ask()
    except Away:
        away.append(word)
    except Refusal as refusal:
        if refusal.status not in unseen:
            raise
    return None
