"""Peers (党员互评): what the others in the branch say together.  Nobody can be told from it."""
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from services.evaluation.domain.policy import ScoringPolicy


def together(scores: Iterable[Decimal], policy: ScoringPolicy) -> Fraction | None:
    """The mean of the peers' scores, exact; from five peers on without the highest and the lowest.

    None below the policy's least number: then it is left out, with the reason of ``why_left_out``.
    """
    heard = sorted(scores)
    if len(heard) < max(1, policy.peers_least):
        return None
    if len(heard) >= max(3, policy.peers_trimmed_from):
        heard = heard[1:-1]
    return sum(map(Fraction, heard), Fraction(0)) / len(heard)


def why_left_out(entered: int, policy: ScoringPolicy) -> str:
    """Why the peers do not count, for the result."""
    return f"党员互评只有 {entered} 人打分，不足 {policy.peers_least} 人，不计入，其余各项按权重折算。"
