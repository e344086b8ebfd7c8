"""A page is made of parts: one that cannot be had is left out, and the page stands."""
from collections.abc import Callable
from typing import Any

from wire.contracts.calls import Away, Refusal


def part(away: list[str], word: str, ask: Callable[[], Any], *, refused: Callable[[Refusal], Any] | None = None) -> Any:
    """One part of a page; a service that is away takes its part with it, not the page, and so does what one may not see: None then.
    ``away`` is told the word of what was away; ``refused``: where the page stands whatever is refused, what is shown instead."""
    try:
        return ask()
    except Away:
        away.append(word)
    except Refusal as refusal:
        if refused is not None:
            return refused(refusal)
        if refusal.status != 403:
            raise
    return None
