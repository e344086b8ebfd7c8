"""Grades (等次): one is suggested from the score; a meeting gives it, with the reason where it differs."""
from fractions import Fraction

from services.evaluation.domain.policy import ScoringPolicy
from services.evaluation.domain.refusals import TooManyExcellent, Unfitting

EXCELLENT = "excellent"


def suggest(exact: Fraction, policy: ScoringPolicy) -> str:
    """The grade of the highest band the exact score reaches, compared before rounding: 89.995 does not reach 90."""
    reached = [b for b in policy.bands if exact >= Fraction(b.least)]
    lowest = min(policy.bands, key=lambda b: b.least)
    return max(reached, key=lambda b: b.least, default=lowest).grade


def excellent_places(expected: int, policy: ScoringPolicy) -> int:
    """How many of so many members may be 优秀: the whole part of one third, by the default policy."""
    return expected // policy.excellent_share


def decide(grade: str | None, suggested: str | None, reason: str, *, given: int, expected: int, policy: ScoringPolicy) -> None:
    """Let a meeting's grade pass.  ``given``: how many others of the branch have 优秀 for this year.

    Refuses a grade other than the suggested one without a reason, and an 优秀 beyond the share limit.
    ``suggested`` None: a participant who gets no grade.
    """
    if suggested is None:
        if grade is not None:
            raise Unfitting("预备党员参加评议，但不评定等次，请把等次留空后再提交。", {"grade": ["请留空。"]})
        return
    if grade is None:
        raise Unfitting("请填写会议评定的等次。", {"grade": ["必填，请填写。"]})
    if grade != suggested and len(reason.strip()) < 2:
        raise Unfitting("评定的等次与建议等次不同，请写明会议的理由。", {"reason": ["与建议等次不同，请写明理由。"]})
    places = excellent_places(expected, policy)
    if grade == EXCELLENT and given >= places:
        raise TooManyExcellent(
            f"本支部 {expected} 名党员中最多评 {places} 名优秀，现已有 {given} 名；请评为其他等次，或先调整已评的优秀。")
