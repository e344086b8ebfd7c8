"""审诺: every item against every criterion (C4, C8), and what is still missing before a pledge may be approved.

The verdicts of the last ``reviewers_needed`` people who looked at an item count; one person's later verdict replaces
their earlier one.
"""
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.pledge.domain.item import Item
from services.pledge.domain.policy import ReviewPolicy
from services.pledge.domain.refusals import Incomplete, NotReviewed


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one criterion is met."""

    criterion: str
    met: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One person's look at one item."""

    item_id: str
    reviewer_id: str
    reviewer_name: str
    reviewed_at: datetime
    verdicts: tuple[Verdict, ...]

    def covers(self, criteria: Collection[str]) -> bool:
        """Every one of these was looked at; not so where one was added after the look."""
        return {v.criterion for v in self.verdicts}.issuperset(criteria)

    def fails(self, criteria: Collection[str]) -> bool:
        """One of these was looked at and is not met."""
        return any(not v.met for v in self.verdicts if v.criterion in criteria)

    @property
    def passed(self) -> bool:
        """Everything that was looked at is met."""
        return all(v.met for v in self.verdicts)


def checked(verdicts: Iterable[Verdict], criteria: Sequence[str]) -> tuple[Verdict, ...]:
    """The verdicts in the order of the criteria this pledge is held to (``ReviewPolicy.criteria_of``).  Refuses a criterion
    that is missing, doubled or none of them, and an unmet one without a word about it (C5)."""
    given = list(verdicts)
    by_criterion = {v.criterion: v for v in given}
    if len(by_criterion) != len(given):
        raise Incomplete("每条标准只能判一次，请重新勾选。", errors={"verdicts": ["有重复的标准。"]})
    missing = [c for c in criteria if c not in by_criterion]
    if missing:
        raise Incomplete(f"还有标准没有判定：{'、'.join(missing)}。请逐条判定。", errors={"verdicts": ["请逐条判定。"]})
    unknown = sorted(set(by_criterion) - set(criteria))
    if unknown:
        raise Incomplete(f"现行审诺标准中没有：{'、'.join(unknown)}。请刷新页面后重新判定。",
                         errors={"verdicts": ["标准已变更，请刷新。"]})
    silent = [v.criterion for v in given if not v.met and not v.note.strip()]
    if silent:
        raise Incomplete(f"“{'”“'.join(silent)}”判为不符合，请写明哪里不符合、怎样改，承诺人才知道怎么完善。",
                         errors={"verdicts": ["不符合的请写明意见。"]})
    return tuple(by_criterion[c] for c in criteria)


def demand_passed(items: Iterable[Item], reviews: Iterable[Review], policy: ReviewPolicy, *, leader: bool) -> None:
    """Refuse with NotReviewed unless each item was passed by the number of people the policy asks for (C2, C8), against every
    criterion its pledge is held to now; ``leader``: a leading cadre's (A12)."""
    criteria = policy.criteria_of(leader=leader)
    by_item: dict[str, dict[str, Review]] = {}
    for review in sorted(reviews, key=lambda r: (r.reviewed_at, r.reviewer_id)):
        people = by_item.setdefault(review.item_id, {})
        people.pop(review.reviewer_id, None)
        people[review.reviewer_id] = review
    waiting, failed = [], []
    for item in items:
        latest = list(by_item.get(item.id, {}).values())[-policy.reviewers_needed:]
        if any(review.fails(criteria) for review in latest):
            failed.append(str(item.position))
        elif len(latest) < policy.reviewers_needed or not all(review.covers(criteria) for review in latest):
            waiting.append(str(item.position))
    if failed:
        raise NotReviewed(f"第 {'、'.join(failed)} 项没有通过审查，请退回完善，或重新审查后再审定。")
    if waiting:
        people_ = "" if policy.reviewers_needed == 1 else f"（每项须 {policy.reviewers_needed} 人审查）"
        raise NotReviewed(f"第 {'、'.join(waiting)} 项还没有审查完{people_}，请逐项审查后再审定。")
