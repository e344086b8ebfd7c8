"""Auditors read why something was refused, not a code of ours."""
import importlib
import pkgutil
import re

import services
import wire
from services.gateway.identity import owed
from services.gateway.jobs.audit_list import result_word
from services.gateway.jobs.refused import REFUSED


def refuses(one):
    return (isinstance(one, type) and issubclass(one, Exception) and isinstance(getattr(one, "code", None), str)
            and one.__module__.partition(".")[0] in ("services", "wire"))


def codes():
    """The code of every class of every service and of the wire that is a refusal, and where it is declared."""
    found = {getattr(owed, name).code: f"owed.{name}" for name in ("PASSWORD", "FACTOR")}
    for package in (services, wire):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name:
                for one in vars(importlib.import_module(module.name)).values():
                    if refuses(one):
                        found[one.code] = f"{one.__module__}.{one.__name__}"
    return found


def test_every_refusal_has_a_word_and_every_word_is_of_a_refusal():
    known = codes()
    assert len(known) > 80
    assert {code: where for code, where in known.items() if code not in REFUSED} == {}
    assert set(REFUSED) - set(known) == set()


def test_an_auditor_reads_no_code():
    assert result_word("sheet_written") == ("没有办成：表格已写入", "late")
    assert not [code for code in codes() if re.search(r"[a-z]+_[a-z]+", result_word(code)[0])]
