"""What is worth a look in a sheet before it is written, without being wrong: whose entry will say another name, stand elsewhere,
say something else or say it no more, and which cell will be read as more than it says.  Pure."""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.roster.domain import reading
from services.roster.domain.sheet import CHANGED, NEW, Line

#: sorts, in the order in which they are told; sheets at hand are kept by these numbers, which a migration has to turn with them
RENAMED, MOVED, DOUBLE, PROBATION, MONTH, EMPTIED, ALTERED = ORDER = ("renamed", "moved", "double", "probation", "month", "emptied", "altered")
READ_AS = "{column}只写了“{cell}”，没有写日，将记为 {on}；知道是哪一天的，请补上。"
#: what a column says of whom or what stands, by its header; "" where it is empty
Columns = Mapping[str, Callable[[Any], str]]


@dataclass(frozen=True, slots=True)
class Hint:
    row: int
    code: str
    sentence: str
    sort: str = DOUBLE


def of_changes(lines: Iterable[Line], changed: Iterable[tuple[Any, Any]], places: Mapping[str, str], *, stands: str, verb: str,
               columns: Columns) -> list[Hint]:
    """Whose name changes, who or what goes to another place, and which other columns say something else or are emptied: each as it is
    and as it would be.  ``stands``: the attribute that says where; ``places``: organisations' names by id; ``columns``: the others."""
    line_of = {line.subject: line for line in lines if line.verdict == CHANGED}
    found = []
    for before, after in changed:
        line = line_of[after.id]
        if before.name != after.name:
            found.append(Hint(line.row, line.code, f"改名：{before.name} → {after.name}", RENAMED))
        if (there := getattr(before, stands)) != (then := getattr(after, stands)):
            found.append(Hint(line.row, line.code, f"{verb}：{after.name}，{places.get(there, '（没有）')} → {places.get(then, '（没有）')}", MOVED))
        said = [(column, says(before), says(after)) for column, says in columns.items()]
        if emptied := [f"{column}（原为“{was}”）" for column, was, will in said if was and not will]:
            found.append(Hint(line.row, line.code, f"清空：{after.name}，{'，'.join(emptied)}", EMPTIED))
        if altered := [f"{column} {was or '（空）'} → {will}" for column, was, will in said if will and was != will]:
            found.append(Hint(line.row, line.code, f"修改：{after.name}，{'，'.join(altered)}", ALTERED))
    return found


def of_months(lines: Iterable[Line], rows: Iterable[Any], columns: Mapping[str, str]) -> list[Hint]:
    """Which date of a line that would be written names a month alone, and what it is read as.  ``columns``: attribute to header."""
    writes = {line.row: line.code for line in lines if line.verdict in (NEW, CHANGED)}
    return [Hint(row.row, writes[row.row], READ_AS.format(column=column, cell=reading.plain(getattr(row, attribute)), on=on), MONTH)
            for row in rows if row.row in writes for attribute, column in columns.items()
            if (on := reading.month_alone(getattr(row, attribute))) is not None]
