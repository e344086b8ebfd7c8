"""Which test proves which rule: the table in requirements.toml, its ids, and the claims found in the tests' docstrings.

A test claims a rule by naming it in its docstring in square brackets: ``[B7]``, ``[T5–T9]``, ``[C4, C8]``.  The table
holds for every id either the tests that claim it or, in a few true words, what is still missing.

    python -m tests.requirements             say what does not agree
    python -m tests.requirements --update    write the lists of tests anew from the docstrings; missing sentences are kept, and one that
                                             has to be written is left empty, which is told
"""
import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
TABLE = CHECKOUT / "tests" / "requirements.toml"

#: chapters of the rules, then faults, attacks, ballots and speed, each with its last number
CHAPTERS = {
    "A": 21, "B": 19, "C": 8, "D": 5, "E": 7, "F": 13, "G": 26, "H": 7, "I": 11, "J": 7, "K": 18, "L": 11, "M": 5, "N": 12,
    "sector-": 26, "form-": 14, "T": 36, "X": 53, "V": 8, "S": 10}
IDS = [f"{chapter}{number}" for chapter, last in CHAPTERS.items() for number in range(1, last + 1)]

CLAIM = re.compile(r"\[([^\[\]]+)\]")
ONE = re.compile(r"(?P<chapter>[A-Z]|sector-|form-)(?P<first>\d+)(?:[–-](?P=chapter)?(?P<last>\d+))?")

HEAD = """\
# Which test proves which rule.  The lists are written by `python -m tests.requirements --update` from the tests'
# docstrings; a sentence after `missing` is written by hand and says what is still to be built.
"""


def claims(docstring: str) -> Iterator[str]:
    """The ids a docstring names in square brackets; brackets that hold anything else are prose."""
    for bracket in CLAIM.findall(docstring):
        words = re.split(r"[,，、\s]+", bracket.strip())
        found = [ONE.fullmatch(word) for word in words]
        if all(found):
            for one in filter(None, found):
                first = int(one["first"])
                yield from (f"{one['chapter']}{number}" for number in range(first, int(one["last"] or first) + 1))


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every function of a file, methods under the name of their class, with its docstring."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from functions(node, f"{prefix}{node.name}::")
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield f"{prefix}{node.name}", ast.get_docstring(node) or ""


def tests(checkout: Path = CHECKOUT) -> dict[str, str]:
    """Node id of every test, and of every measurement of the bench, with its docstring."""
    found = {}
    files = [*checkout.glob("tests/**/test_*.py"), *checkout.glob("tests/bench/*.py")]
    for file in sorted(set(files)):
        if "architecture_samples" in file.parts:
            continue
        for name, docstring in functions(ast.parse(file.read_text())):
            if file.parent.name == "bench" or name.rpartition("::")[2].startswith("test_"):
                found[f"{file.relative_to(checkout)}::{name}"] = docstring
    return found


def claimed(found: dict[str, str]) -> dict[str, list[str]]:
    """For every id somebody claims, the tests that do."""
    by_id: dict[str, list[str]] = {}
    for node, docstring in found.items():
        for one in dict.fromkeys(claims(docstring)):
            by_id.setdefault(one, []).append(node)
    return by_id


def read(table: Path = TABLE) -> dict[str, object]:
    return tomllib.loads(table.read_text())


def problems(table: dict[str, object], found: dict[str, str]) -> list[str]:
    """What does not agree between the table, the ids and the tests; empty when all does."""
    by_id = claimed(found)
    said = [f"{one} is no rule's id (claimed by {by_id[one][0]})" for one in by_id if one not in IDS]
    said += [f"{one} is in the table and no rule's id" for one in table if one not in IDS]
    for one in IDS:
        entry, proven = table.get(one), by_id.get(one, [])
        match entry:
            case None:
                said.append(f"{one} is not in the table")
            case {"missing": str(words)} if len(entry) == 1 and words.strip():
                said += [f"{one} is missing in the table, but {node} claims it" for node in proven]
            case [*nodes] if nodes:
                said += [f"{one}: {node} does not exist" for node in nodes if node not in found]
                said += [f"{one}: {node} does not claim it in its docstring" for node in nodes if node in found and node not in proven]
                said += [f"{one}: {node} claims it and is not in the table" for node in proven if node not in nodes]
            case _:
                said.append(f"{one} has neither tests nor a sentence about what is missing")
    return said


def updated(table: dict[str, object], found: dict[str, str]) -> str:
    """The table written anew: tests where any claim the id, else the sentence that stood there."""
    by_id, lines, chapter = claimed(found), [HEAD.rstrip()], ""
    for one in IDS:
        if one.rstrip("0123456789") != chapter:
            chapter = one.rstrip("0123456789")
            lines.append("")
        entry = table.get(one)
        if one in by_id:
            nodes = by_id[one]
            lines += [f'{one} = ["{nodes[0]}"]'] if len(nodes) == 1 else [f"{one} = [", *(f'    "{node}",' for node in nodes), "]"]
        else:
            words = entry["missing"] if isinstance(entry, dict) else ""
            lines.append(f'{one} = {{ missing = "{words}" }}')
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--update" in sys.argv[1:]:
        TABLE.write_text(updated(read(), tests()))
    disagreements = problems(read(), tests())
    print("\n".join(disagreements) or "the table and the tests agree")
    raise SystemExit(bool(disagreements))
