"""Policy documents: what is one, what is none, and when two are the same."""
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import pytest

from wire import policy
from wire.contracts.shape import Malformed
from wire.policy import documents
from wire.policy.documents import form


@dataclass(frozen=True)
class Weights:
    version: str = "default-1"
    self_: Decimal = Decimal("0.3")
    peers: Decimal = Decimal("0.7")

    def __post_init__(self):
        if self.self_ + self.peers != 1:
            raise ValueError("各项权重之和应为 1。", "peers")


@dataclass(frozen=True)
class Row:
    name: Annotated[str, "名称"]
    least: int = 1


@dataclass(frozen=True)
class Everything:
    version: str = "default-1"
    whole: Annotated[int, "几个"] = 1
    exact: Decimal = Decimal(1)
    truth: bool = True
    day: date | None = None
    words: tuple[str, ...] = ()
    kinds: tuple[Literal["a", "b"], ...] = ("a",)
    rows: tuple[Row, ...] = (Row("x"),)


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    monkeypatch.setattr(documents, "registry", {})


def test_the_same_content_is_the_same_version_however_it_is_written():
    one = policy.read(Weights, {"self_": "0.30", "peers": "0.7"})
    other = policy.read(Weights, {"peers": "0.700", "version": "whatever"})
    assert policy.digest(one) == policy.digest(other) == policy.digest(Weights())
    assert policy.digest(policy.read(Weights, {"self_": "0.4", "peers": "0.6"})) != policy.digest(one)


def test_a_bad_document_is_refused_field_by_field():
    with pytest.raises(Malformed) as caught:
        policy.read(Weights, {"self_": "三成", "peers": True, "masses": "0.1"})
    assert caught.value.errors == {"self_": ["请填写数字，例如 93.5。"], "peers": ["请填写数字，例如 93.5。"], "masses": ["没有这个字段，请去掉。"]}


def test_what_the_document_itself_refuses_is_told_at_its_field():
    with pytest.raises(Malformed) as caught:
        policy.read(Weights, {"self_": "0.5"})
    assert caught.value.errors == {"peers": ["各项权重之和应为 1。"]}


def test_what_is_no_object_is_refused():
    for values in ([], "x", None, 1):
        with pytest.raises(Malformed):
            policy.read(Weights, values)


def test_a_document_read_again_passes_over_a_field_it_has_lost():
    assert policy.read(Weights, {"self_": "0.3", "gone": 1}, version="v", lenient=True).version == "v"


def test_a_form_knows_kinds_lists_choices_and_rows():
    found = {f.name: f for f in form(Everything)}
    assert {n: (f.kind, f.many, f.optional) for n, f in found.items()} == {
        "whole": ("whole", False, False), "exact": ("decimal", False, False), "truth": ("truth", False, False),
        "day": ("day", False, True), "words": ("text", True, False), "kinds": ("choice", True, False), "rows": ("rows", True, False)}
    assert found["whole"].label == "几个" and found["kinds"].choices == ("a", "b")
    assert [(c.name, c.label, c.kind) for c in found["rows"].columns] == [("name", "名称", "text"), ("least", "least", "whole")]


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

    @dataclass(frozen=True)
    class Formless:
        version: str = "x"
        ratio: float = 0.5

    for document in (Soft, Bare, Nameless, Formless, int):
        with pytest.raises(TypeError):
            policy.register("evaluation", document)


def test_defaults_that_cannot_be_are_refused_at_once():
    @dataclass(frozen=True)
    class Wrong(Weights):
        self_: Decimal = Decimal("0.5")

    with pytest.raises(ValueError, match="权重"):
        policy.register("evaluation", Wrong)
