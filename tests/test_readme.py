"""The map in the README leads to places that are there."""
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
ROWS = [line for line in (CHECKOUT / "README.md").read_text().splitlines() if line.startswith("| ") and "`" in line]
PATH = re.compile(r"`((?:services|wire|deploy|tests)/[^`\s]*)`")


def missing(row: str) -> list[str]:
    """Paths of a row of the map that lead nowhere; ``<service>`` is any of them."""
    return [path for path in PATH.findall(row) if not list(CHECKOUT.glob(path.replace("<service>", "*").rstrip("/")))]


@pytest.mark.parametrize("row", ROWS, ids=[row.split("|")[1].strip() for row in ROWS])
def test_every_path_of_the_map_exists(row):
    assert missing(row) == []


def test_the_map_is_found_and_a_path_that_is_gone_is_told():
    assert sum(bool(PATH.search(row)) for row in ROWS) > 20
    assert missing("| the board | `services/notice/board.py`, `services/nowhere/queries.py` |") == ["services/nowhere/queries.py"]
