"""What the kinds of sheets have in common."""
from collections.abc import Sequence
from typing import Any

from services.roster.domain.reading import Fault
from services.roster.domain.sheet import NEW, Line
from wire.contracts import event
from wire.contracts.envelope import parse
from wire.contracts.ports import Unit

#: ids of the organisations whose keeper must allow the lines, the lines themselves, and their faults
Staged = tuple[Sequence[str], Sequence[Line], Sequence[Fault]]


def former(unit: Unit, aggregate: str, lines: Sequence[Line]) -> dict[str, Any]:
    """The facts of what these lines changed, as they were said before, by subject."""
    wanted = {line.subject: line.version - 1 for line in lines if line.verdict != NEW}
    return {subject: event.read(topic, parse(state)) for subject, topic, state in unit.books.sheets.told(aggregate, wanted)}
