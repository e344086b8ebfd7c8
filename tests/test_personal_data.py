"""Personal data is minimal and known: every column of every table is declared in deploy/personal-data.toml."""
import importlib
import pkgutil
import tomllib
from collections import defaultdict

import pytest
from sqlalchemy import LargeBinary, Table

from tests.packages import CHECKOUT

REGISTER = CHECKOUT / "deploy" / "personal-data.toml"
#: processes of their own, which run when they are imported
APART = (".migrations", ".reader", ".__main__")


def tables():
    """Every table of the house, by name."""
    found = {}
    for root in ("wire", "services"):
        for module in pkgutil.walk_packages([str(CHECKOUT / root)], f"{root}."):
            if not any(part in module.name for part in APART):
                here = vars(importlib.import_module(module.name)).values()
                found |= {table.name: table for table in here if isinstance(table, Table)}
    return found


def columns():
    """Where a column of this name stands, with its type."""
    found = defaultdict(list)
    for table in tables().values():
        for column in table.columns:
            found[column.name].append((table.name, column.type))
    return found


@pytest.fixture(scope="module")
def register():
    return tomllib.loads(REGISTER.read_text())


def declared(register):
    return [*register["person"], *register["secret"], *register["told"], *register["plain"]["columns"]]


def test_every_column_says_whether_it_holds_personal_data(register):
    """One name, one meaning in the whole house; a new column that nobody declared is refused here. [X18, X38]"""
    known = declared(register)
    assert len(known) == len(set(known)), "declared twice"
    undeclared = {name: places for name, places in columns().items() if name not in known}
    assert not undeclared, f"say in {REGISTER.name} what these hold, or leave them out: {undeclared}"
    assert not set(known) - set(columns()), "declared and nowhere to be found"


def test_what_identifies_a_person_beyond_the_name_is_never_kept_legibly(register):
    """[X18, X38]"""
    found = columns()
    for name, said in register["secret"].items():
        assert said["kept"] in ("sealed", "digest"), name
        if said["kept"] == "sealed":
            assert all(isinstance(kind, LargeBinary) for _, kind in found[name]), f"{name} is kept in clear"
    for word in ("phone", "mobile", "id_card", "identity_number", "birth", "address_line", "email"):
        clear = [name for name in found if word in name and name not in register["secret"]]
        assert not clear, f"{clear}: seal it, or leave it out"


def test_everything_personal_says_why_it_is_there_and_how_long(register):
    """[X40]"""
    for name, said in {**register["person"], **register["told"]}.items():
        assert len(said["why"]) >= 4 and said["until"], name
