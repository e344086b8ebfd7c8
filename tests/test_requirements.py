"""The table that says which test proves which rule is complete, and its tests are real."""
import tomllib

import pytest

from tests import requirements

FOUND = {"tests/unit/test_a.py::test_one": "A pledge names its items. [B7]", "tests/unit/test_a.py::test_two": "Nothing."}
COMPLETE = {one: {"missing": "to be built"} for one in requirements.IDS}


def test_every_rule_has_its_tests_or_says_what_is_missing():
    said = requirements.problems(requirements.read(), requirements.tests())
    assert not said, "\n" + "\n".join(said) + "\nafter changing claims: python -m tests.requirements --update"


def test_the_rules_are_counted_to_the_last():
    assert len(requirements.IDS) == len(set(requirements.IDS)) == 317
    assert {"A1", "G17", "N12", "sector-26", "form-14", "T36", "X53", "V8", "S10"} <= set(requirements.IDS)


@pytest.mark.parametrize(("docstring", "ids"), [
    ("A pledge names items. [B7]", ["B7"]), ("[C4, C8] and [T5–T7]", ["C4", "C8", "T5", "T6", "T7"]),
    ("[form-1] [sector-2]", ["form-1", "sector-2"]), ("a list [1, 2] and a [word] claim nothing", []), ("B7 without brackets", [])])
def test_claims_are_read_from_square_brackets(docstring, ids):
    assert list(requirements.claims(docstring)) == ids


@pytest.mark.parametrize(("entry", "said"), [
    ({"B7": ["tests/unit/test_a.py::test_one"]}, ""),
    ({"B7": ["tests/unit/test_a.py::test_none"]}, "does not exist"),
    ({"B7": ["tests/unit/test_a.py::test_one", "tests/unit/test_a.py::test_two"]}, "does not claim it"),
    ({"B7": {"missing": "everything"}}, "claims it"),
    ({"B7": []}, "neither tests nor a sentence"),
    ({"B7": ["tests/unit/test_a.py::test_one"], "B8": {"missing": " "}}, "neither tests nor a sentence"),
    ({"B7": ["tests/unit/test_a.py::test_one"], "B99": {"missing": "x"}}, "no rule's id")])
def test_a_table_that_lies_is_found_out(entry, said):
    found = requirements.problems({**COMPLETE, **entry}, FOUND)
    assert (not found) if not said else any(said in one for one in found), found


def test_a_rule_left_out_is_found_out():
    table = {**COMPLETE, "B7": ["tests/unit/test_a.py::test_one"]}
    del table["N12"]
    assert requirements.problems(table, FOUND) == ["N12 is not in the table"]


def test_updating_takes_claims_from_docstrings_and_keeps_sentences():
    table = tomllib.loads(requirements.updated(COMPLETE, FOUND))
    assert table["B7"] == ["tests/unit/test_a.py::test_one"]
    assert table["B8"] == {"missing": "to be built"}
    assert requirements.problems(table, FOUND) == []


def test_updating_invents_no_sentence():
    """Whose last test is gone has to be told by hand what is missing."""
    table = tomllib.loads(requirements.updated({**COMPLETE, "B8": ["tests/unit/test_a.py::test_gone"]}, FOUND))
    assert requirements.problems(table, FOUND) == ["B8 has neither tests nor a sentence about what is missing"]
