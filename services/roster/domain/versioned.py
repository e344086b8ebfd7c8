"""What has versions: each change makes the next one, and nothing else does."""
from dataclasses import dataclass, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Versioned:
    """``version`` counts from 1 per saved change."""

    version: int = 1

    def told_again(self, **what: Any) -> Self:
        """The same with this said about it: itself where nothing changes, else its next version."""
        said = replace(self, **what)
        return self if said == self else replace(said, version=self.version + 1)
