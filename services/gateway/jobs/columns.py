"""The columns of a spreadsheet: what they are called, what else people call them, which must be there."""
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: rows whose code begins so are the template's example
EXAMPLE = "示例"
HEADER_WITHIN = 20


@dataclass(frozen=True, slots=True)
class Column:
    """``label`` stands in the template; ``others`` are understood as well."""

    field: str
    label: str
    others: tuple[str, ...] = ()
    required: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""
    example: str = ""


class NoHeader(Exception):
    """The sheet has no row of column names; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the names stand: ``row`` from 0, ``places`` field → column from 0."""

    row: int
    places: dict[str, int]


def header_in(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Header | None:
    """The row of column names among the first ones, in any order, or None when this is not such a sheet.

    Raises NoHeader, naming them, when columns that must be there are missing or one is there twice.
    """
    known = {tidy(word): column for column in columns for word in (column.label, *column.others)}
    best: tuple[int, list[tuple[str, int]]] = (-1, [])
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        found = [(known[tidy(word)].field, place) for place, word in enumerate(row) if tidy(word) in known]
        if len(found) > len(best[1]):
            best = number, found
    if len(best[1]) < 2:
        return None
    best[1].extend(_merged(known, rows[:best[0]], rows[best[0]], {field for field, _ in best[1]}))
    labels = {column.field: column.label for column in columns}
    fields = [field for field, _ in best[1]]
    twice = sorted({labels[f] for f in fields if fields.count(f) > 1})
    if twice:
        raise NoHeader(f"表头里“{'”“'.join(twice)}”出现了两次，请只留一列后重新上传。")
    missing = [c.label for c in columns if c.required and c.field not in fields]
    if missing:
        raise NoHeader(f"缺少这些列：{'、'.join(missing)}。请在第 {best[0] + 1} 行的表头补上，或下载模板填写。")
    return Header(best[0], dict(best[1]))


def _merged(known: Mapping[str, Column], above: Sequence[Sequence[str]], row: Sequence[str], found: set[str]) -> list[tuple[str, int]]:
    """Names that stand in the row above, over cells left empty: a header merged over two rows."""
    if not above:
        return []
    return [(known[tidy(word)].field, place) for place, word in enumerate(above[-1])
            if tidy(word) in known and known[tidy(word)].field not in found and not (place < len(row) and row[place])]


def tidy(word: str) -> str:
    """A column's name without what people add to it."""
    plain = unicodedata.normalize("NFKC", word).replace("*", "").replace("必填", "").replace("选填", "")
    return "".join(plain.split()).replace("()", "").strip(":").casefold()
