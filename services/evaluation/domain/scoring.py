"""Scores: parts by their weights, exactly, and rounded once, at the end.

Everything between the entered scores and the printed one is a Fraction, so that neither the order of the parts nor the
machine can move a hundredth, and thresholds are compared before rounding.
"""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from services.evaluation.domain.policy import Weighed
from services.evaluation.domain.refusals import NotReady


def rounded(exact: Fraction, places: int = 2) -> Decimal:
    """Half up, away from zero at the half: 89.995 becomes 90.00.  Only what is printed is rounded."""
    scale = 10**places
    units, rest = divmod(abs(exact.numerator) * scale, exact.denominator)
    units += 2 * rest >= exact.denominator
    return (Decimal(-units if exact < 0 else units) / scale).quantize(Decimal(1).scaleb(-places))


@dataclass(frozen=True)
class Part:
    """A part that counted: its exact score, 0–100, the share of the whole it had, 0–100, and how many voices made it."""

    name: str
    score: Fraction
    weight: Fraction
    voices: int = 1


@dataclass(frozen=True)
class Score:
    exact: Fraction
    parts: tuple[Part, ...]

    @property
    def printed(self) -> Decimal:
        return rounded(self.exact)


def weigh(
    asked: Iterable[Weighed], given: Mapping[str, Fraction | None], voices: Mapping[str, int] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Score:
    """Combine the parts a policy asks for by their weights.

    What the policy does not ask for is left out, and so is an optional part without a score; the rest is re-weighted
    to 100.  A missing mandatory part refuses with NotReady and is never zero.
    """
    asked, voices, labels = tuple(asked), voices or {}, labels or {}
    missing = [labels.get(a.name, a.name) for a in asked if a.mandatory and a.weight > 0 and given.get(a.name) is None]
    if missing:
        raise NotReady(f"还缺：{'、'.join(missing)}。补齐后再评定，缺项不按零分计算。")
    present = [(a, score) for a in asked if a.weight > 0 and (score := given.get(a.name)) is not None]
    whole = sum((Fraction(a.weight) for a, _ in present), Fraction(0))
    if not whole:
        raise NotReady("没有任何一项得分，请先完成评议再评定。")
    parts = tuple(Part(a.name, score, Fraction(a.weight) * 100 / whole, voices.get(a.name, 1)) for a, score in present)
    return Score(sum((p.score * p.weight for p in parts), Fraction(0)) / 100, parts)
