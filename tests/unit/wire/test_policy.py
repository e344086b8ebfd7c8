"""Policy documents: defaults in force until one is adopted, and nothing that could not be."""
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from wire import policy


@dataclass(frozen=True)
class Weights:
    version: str = "default-1"
    self_: Decimal = Decimal("0.3")
    peers: Decimal = Decimal("0.7")

    def __post_init__(self):
        if self.self_ + self.peers != 1:
            raise ValueError("weights add up to one")


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    monkeypatch.setattr(policy, "registry", {})


def test_the_default_is_in_force_with_its_version():
    policy.register("evaluation", Weights)
    policy.register("evaluation", Weights)
    found = policy.in_force(Weights, "org_1", date(2026, 3, 2))
    assert (found.version, found.peers) == ("default-1", Decimal("0.7"))


def test_a_document_nobody_registered_is_refused():
    with pytest.raises(policy.NoPolicy, match="Weights"):
        policy.in_force(Weights, "org_1", date(2026, 3, 2))


def test_what_is_no_frozen_dataclass_or_lacks_a_default_is_refused():
    @dataclass
    class Soft:
        version: str = "x"

    @dataclass(frozen=True)
    class Bare:
        days: int
        version: str = "x"

    @dataclass(frozen=True)
    class Nameless:
        days: int = 1

    for document in (Soft, Bare, Nameless, int):
        with pytest.raises(TypeError):
            policy.register("evaluation", document)


def test_defaults_that_cannot_be_are_refused_at_once():
    @dataclass(frozen=True)
    class Wrong(Weights):
        self_: Decimal = Decimal("0.5")

    with pytest.raises(ValueError, match="add up"):
        policy.register("evaluation", Wrong)
