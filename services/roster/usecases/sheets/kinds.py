"""The kinds of sheets roster takes: the one place a new kind is added."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from services.roster.domain.sheet import Line, Sheet
from services.roster.usecases.sheets import members, organisations, positions
from services.roster.usecases.sheets.staged import Staged
from wire.contracts.ports import Unit
from wire.contracts.roster import MemberRow, OrganisationRow, PositionRow


@dataclass(frozen=True, slots=True)
class Kind:
    """``row``: what a line is read as.  ``stage`` thinks about a piece and prepares what it would write; ``settle`` about the
    whole, where a line can be judged only beside all others.  ``write`` pours a batch and says whether every line still found
    what it was checked against.  ``obstacles``: what was decided on written lines since, as row, code, sentence.  ``take_back``
    prepares the undoing of lines."""

    row: type
    stage: Callable[[Unit, Sheet, int, tuple[Any, ...]], Staged]
    settle: Callable[[Unit, Sheet], Staged] | None
    write: Callable[[Unit, Sheet, str], bool]
    obstacles: Callable[[Unit, Sheet], list[tuple[int, str, str]]]
    take_back: Callable[[Unit, str, int, Sequence[Line]], None]


KINDS: dict[str, Kind] = {
    "organisations": Kind(OrganisationRow, organisations.stage, organisations.settle, organisations.write, organisations.obstacles,
                          organisations.take_back),
    "members": Kind(MemberRow, members.stage, None, members.write, members.obstacles, members.take_back),
    "positions": Kind(PositionRow, positions.stage, positions.settle, positions.write, positions.obstacles, positions.take_back)}
