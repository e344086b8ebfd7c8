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

SIGNS = ("=", "+", "-", "@", "\t", "\r")


def made(rows: Iterable[Sequence[str]], out: Any, **how: bool) -> int:
    """How many rows were written below the header, which is the first; ``how``: constant_memory, or in_memory without a file."""
    with xlsxwriter.Workbook(out, {
            "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, **how}) as book:
        page = book.add_worksheet("名单")
        head = book.add_format({"bold": True, "bg_color": "#F3E3E1", "border": 1})
        plain = book.add_format({"num_format": "@"})
        quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        number = -1
        for number, row in enumerate(rows):
            for place, word in enumerate(row):
                if not number:
                    page.set_column(place, place, max(12, 2 * len(word) + 4))
                page.write_string(number, place, word, head if not number else quoted if word.startswith(SIGNS) else plain)
        page.freeze_panes(1, 0)
    return number


def main(words: list[str]) -> None:
    confine(*map(int, words[:2]))
    with open(words[2]) as lines:
        sys.stdout.write(json.dumps({"made": made(map(json.loads, lines), words[3], constant_memory=True)}))


if __name__ == "__main__":
    main(sys.argv[1:])
