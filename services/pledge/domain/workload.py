"""量力而行 (A1): whether a pledge as a whole is what its pledgor can do in the time.  Hints, never refusals."""
from collections import Counter
from collections.abc import Iterator, Sequence

from services.pledge.domain.item import Item
from services.pledge.domain.policy import DraftingPolicy


def hints(items: Sequence[Item], policy: DraftingPolicy, *, year: int, kind: str, commitment: str, post_kind: str) -> Iterator[str]:
    """More than is usual for such a pledgor, too much in one month, nothing to be done within the year.

    ``post_kind``: empty for an organisation's own pledge.  What is promised as able 力所能及 or orally has no deadline that
    counts (A5, A6).
    """
    counted = commitment in ("written", "one_sentence")
    usual = policy.usual(post_kind) if counted or not post_kind else min(policy.able_items, policy.usual(post_kind))
    if len(items) > usual:
        yield f"共 {len(items)} 项，比一般的 {usual} 项多。请量力而行，先写最要紧、一定办得成的。"
    if not counted:
        return
    months = Counter((item.deadline_on.year, item.deadline_on.month) for item in items if item.deadline_on is not None)
    for (in_year, month), count in sorted(months.items()):
        if count > policy.same_month:
            yield f"{in_year} 年 {month} 月有 {count} 项同时到期，请错开时限，免得到时办不过来。"
    if kind == "annual" and items and all(item.deadline_on is None or item.deadline_on.year > year for item in items):
        yield f"没有一项在 {year} 年内到期。年度承诺当年要有办成的事，请至少写一件年内办得成的。"
