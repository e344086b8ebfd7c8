"""Makes a spreadsheet of rows: runs as a process of its own, holding one row at a time.

    python -m services.gateway.jobs.sheet SECONDS MEMORY_BYTES ROWS OUT

``ROWS``: a JSON list of texts a line, the first the header.  Every cell is text, and one that begins like a formula stays text
also when somebody edits it (T26).
"""
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from services.gateway.jobs.confined import confine

#: rows below the header that one sheet holds, in every program that opens it
MOST = 1_000_000
SIGNS = ("=", "+", "-", "@", "\t", "\r")


def made(rows: Iterable[Sequence[str]], out: Any, *, a_sheet: int = MOST, **how: bool) -> int:
    """How many rows were written below the header, which is the first; what is more than a sheet holds goes onto further ones under
    the same header.  ``how``: constant_memory, or in_memory without a file."""
    with xlsxwriter.Workbook(out, {
            "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, **how}) as book:
        head = book.add_format({"bold": True, "bg_color": "#F3E3E1", "border": 1})
        plain = book.add_format({"num_format": "@"})
        quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        given = iter(rows)
        header, count, page = next(given, ()), 0, None
        for count, row in enumerate(given, 1):
            at = (count - 1) % a_sheet
            if at == 0:
                page = _page(book, header, head)
            for place, word in enumerate(row):
                page.write_string(at + 1, place, word, quoted if word.startswith(SIGNS) else plain)
        if page is None:
            _page(book, header, head)
    return count


def _page(book: Any, header: Sequence[str], head: Any) -> Any:
    number = len(book.worksheets()) + 1
    page = book.add_worksheet("名单" if number == 1 else f"名单（{number}）")
    for place, word in enumerate(header):
        page.set_column(place, place, max(12, 2 * len(word) + 4))
        page.write_string(0, place, word, head)
    page.freeze_panes(1, 0)
    return page


def main(words: list[str]) -> None:
    confine(*map(int, words[:2]))
    with open(words[2]) as lines:
        sys.stdout.write(json.dumps({"made": made(map(json.loads, lines), words[3], constant_memory=True)}))


if __name__ == "__main__":
    main(sys.argv[1:])
