"""Both READMEs lead to places that are there, and say the same of starting, stopping and the operator's commands."""
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
READMES = {name: (CHECKOUT / name).read_text() for name in ("README.md", "README.zh-CN.md")}
ROWS = [(name, line) for name, words in READMES.items() for line in words.splitlines() if line.startswith("| ") and "`" in line]
CODE = re.compile(r"`([^`\s]+)`")
PATH = re.compile(r"(?:services|wire|deploy|tests)/[^`\s]*")
#: beside the path before it: a file, a folder
BESIDE = re.compile(r"\w[\w-]*(?:\.(?:py|html|css|toml|md)|/)")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)\)")
#: what either tells of commands: options, settings, a command of a module
TOLD = re.compile(r"`[^`]*`")
WORDS = re.compile(r"--[a-z-]+|JIANNUO_[A-Z_]+|\./deploy/\w+|\./tests/\w+|deploy\.console|var/data")


def missing(row: str) -> list[str]:
    """Paths of a row of the map that lead nowhere; ``<service>`` and ``<服务>`` are any of them.  A name without a folder stands beside
    the path before it, or is a name there."""
    gone, folders = [], list[Path]()
    for word in CODE.findall(row):
        if PATH.fullmatch(word):
            pattern = Path(re.sub("<[^>]+>", "*", word))
            found = list(CHECKOUT.glob(str(pattern)))
            folders = [one for one in (*found, *CHECKOUT.glob(str(pattern.parent))) if one.is_dir()]
        elif BESIDE.fullmatch(word) and folders:
            found = [folder / word for at in folders for folder in (at, at.parent) if (folder / word).exists()]
        else:
            continue
        gone += [] if found else [word]
    return gone


def commands(words: str) -> set[str]:
    """Options, settings and commands of the part above the map."""
    above = re.split(r"^## (?:Where do I change|在哪里改)", words, flags=re.MULTILINE)[0]
    blocks = re.findall(r"^```$.*?^```$", above, flags=re.MULTILINE | re.DOTALL)
    return {word for block in (*blocks, *TOLD.findall(above)) for word in WORDS.findall(block)}


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[f"{name} {row.split('|')[1].strip()}" for name, row in ROWS])
def test_every_path_of_the_map_exists(name, row):
    assert missing(row) == []


@pytest.mark.parametrize("name", READMES)
def test_every_link_leads_to_a_file(name):
    assert [to for to in LINK.findall(READMES[name]) if not (CHECKOUT / to).exists()] == []


def test_both_tell_of_the_same_options_settings_and_commands():
    assert commands(READMES["README.md"]) == commands(READMES["README.zh-CN.md"])
    assert {"deploy.console", "JIANNUO_DATA", "--empty", "./deploy/down"} <= commands(READMES["README.zh-CN.md"])


def test_the_map_is_found_and_a_path_that_is_gone_is_told():
    assert all(sum(one == name and bool(CODE.search(row)) for one, row in ROWS) > 6 for name in READMES)
    assert missing("| the board | `services/notice/board.py`, `services/nowhere/queries.py` |") == ["services/nowhere/queries.py"]
    assert missing("| 公开栏 | `services/<服务>/service.py`、`services/notice/board.py`、`nowhere.py`、`queries/` |") == ["nowhere.py"]
