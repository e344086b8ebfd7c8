"""Every policy document of every service: its defaults by digest, and that a county office can read and fill it in."""
import dataclasses
import importlib
import json
from pathlib import Path
from typing import get_args

import pytest

from services.evaluation.domain import policy as evaluation
from services.gateway.domain import policy as gateway
from services.notice.domain.policy import BoardPolicy
from services.notice.domain.policy import Kind as BoardKind
from services.pledge.domain.policy import CoveragePolicy, LedgerPolicy
from services.pledge.domain.policy import Kind as PledgeKind, PostKind
from wire import policy
from wire.contracts import evaluation as words, roster
from wire.contracts.actor import RoleName
from wire.contracts.gateway import PASSWORD_PROFILES
from wire.policy.documents import form, title_of

#: a changed default is a new line here with a new version; the old line goes
KNOWN = {
    "evaluation.AppraisalPolicy": ("default-1", "04adce1e2c7022b7"),
    "evaluation.PeersPolicy": ("default-1", "7d68013e6bf79b6e"),
    "evaluation.ScoringPolicy": ("default-1", "c52b6b1a30741b4f"),
    "gateway.SignInPolicy": ("default-1", "bc537d17adb621d3"),
    "notice.BoardPolicy": ("default-2", "9186ff79ff34b994"),
    "pledge.CoveragePolicy": ("default-2", "04aa0d4e7aa39588"),
    "pledge.DraftingPolicy": ("default-2", "78d7eb147822a68f"),
    "pledge.ExemptionPolicy": ("default-1", "83e777647a92e3af"),
    "pledge.LedgerPolicy": ("default-1", "3b4f15bff26b10f8"),
    "pledge.ReviewPolicy": ("default-2", "a23566decc9569ed"),
    "roster.PositionPolicy": ("default-1", "d8de58da2f6737e1"),
    "roster.RollPolicy": ("default-2", "23b4b7f367741c3b"),
    "roster.NewUnitPolicy": ("default-1", "be3c2d1717b084af"),
    "roster.RepresentativePolicy": ("default-1", "2178e6389a09c386"),
    "roster.SyncPolicy": ("default-2", "949cc0906d0d4cc5"),
    "roster.TermPolicy": ("default-1", "da18081db2532d3a"),
    "roster.SheetPolicy": ("default-2", "ec90f06930e8dc60"),
}
SERVICES = sorted(found.parent.name for found in (Path(__file__).parents[2] / "services").glob("*/__init__.py"))


def documents() -> dict[str, type]:
    """Every document a service names in its Bus."""
    found: dict[str, type] = {}
    for service in SERVICES:
        module = importlib.import_module(f"services.{service}.service")
        bus = next(c.bus for c in vars(module).values() if isinstance(c, type) and getattr(c, "name", None) == service)
        found |= {f"{service}.{document.__name__}": document for document in bus.policies}
    return found


ALL = documents()


@pytest.mark.parametrize("name", sorted(ALL))
def test_changed_defaults_have_a_new_version(name):
    """Who changes a number changes the version, and only then this table."""
    default = ALL[name]()
    assert (default.version, policy.digest(default)[:16]) == KNOWN[name]


def test_every_known_document_is_named_by_its_service():
    assert set(ALL) == set(KNOWN)


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_document_and_field_has_a_chinese_name(name):
    """``title: ClassVar[str] = "…"`` on the document, ``Annotated[…, "…"]`` on each field and column."""
    said = [title_of(ALL[name]), *(f.label for f in form(ALL[name])), *(c.label for f in form(ALL[name]) for c in f.columns)]
    assert [word for word in said if word.isascii()] == []


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_document_survives_being_written_and_read(name):
    document = ALL[name]
    again = policy.read(document, json.loads(policy.body_of(document())), version=document().version)
    assert again == document() and policy.digest(again) == policy.digest(document())


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_document_checks_itself_in_chinese(name):
    """What ``__post_init__`` refuses is shown to the county office as it is."""
    check = vars(ALL[name]).get("__post_init__")
    sentences = [c for c in check.__code__.co_consts if isinstance(c, str) and " " in c] if check else []
    names = {f.name for f in dataclasses.fields(ALL[name])}
    assert [s for s in sentences if s.isascii() and s not in names] == []


def test_the_board_and_the_branch_expect_the_same_people():
    """Two services count 应承诺; neither may import the other. [A3] [A4]"""
    assert BoardPolicy().expected == CoveragePolicy().expected
    assert BoardPolicy().exempt_counted == CoveragePolicy().exempt_counted


def test_the_board_and_the_ledger_call_the_same_day_soon():
    """Two services word a deadline; neither may import the other."""
    assert BoardPolicy().due_soon_days == LedgerPolicy().due_soon_days


def test_what_may_be_chosen_is_what_the_contracts_name():
    """The rules import nothing of the house, so they spell its lists again."""
    chosen = {evaluation.ComponentName: words.COMPONENTS, evaluation.GradeName: words.GRADES, evaluation.StratumName: words.STRATA,
              evaluation.KindName: roster.MEMBER_KINDS, evaluation.SectorName: roster.SECTORS, PledgeKind: roster.MEMBER_KINDS,
              PostKind: roster.POST_KINDS,
              BoardKind: roster.MEMBER_KINDS, gateway.ProfileName: PASSWORD_PROFILES}
    assert set(get_args(gateway.RoleName)) == set(get_args(RoleName)) - {"system"}, "a key signs nobody in"
    assert [kind for kind, known in chosen.items() if set(get_args(kind)) != set(known)] == []
