"""起草提示: what makes an item hard to check, said while it is written (B7, B9, C6).  Hints, never refusals."""
import re
from collections.abc import Sequence
from datetime import date

from services.pledge.domain.item import Item
from services.pledge.domain.policy import DraftingPolicy

_MEASURES = "户人名次个件项场条亩米元份家棵盏间处座篇课期本对头只吨斤遍批套台口眼组所辆公里成倍"
#: a digit, or a Chinese numeral in front of a measure word: 进一步 and 统一 are no figures
_FIGURE = re.compile(rf"[0-9０-９]|百分之|[一二两三四五六七八九十百千万](?:余|多)?[{_MEASURES}]")


def hints(items: Sequence[Item], policy: DraftingPolicy, *, commitment: str, today: date) -> list[tuple[str, str]]:
    """Pairs of item id and sentence, in the order of the items.

    An oral pledge 口头承诺 and one made as able 力所能及 (A5, A6) are not asked for figures or deadlines.
    """
    strict = commitment in ("written", "one_sentence")
    found = []
    for index, item in enumerate(items):
        for sentence in _of(item, policy, strict=strict, today=today):
            found.append((item.id, sentence))
        twin = next((other for other in items[:index] if alike(item.matter, other.matter, policy.alike_percent)), None)
        if twin is not None:
            found.append((item.id, f"与第 {twin.position} 项内容相近，请合并，或写清两项的区别。"))
    return found


def _of(item: Item, policy: DraftingPolicy, *, strict: bool, today: date) -> list[str]:
    measured = has_figure(item.matter) or has_figure(item.target)
    empty = next((word for word in policy.empty_words if word in item.matter), None)
    duty = next((word for word in policy.duty_words if word in item.matter), None)
    found = []
    if duty:
        found.append(f"“{duty}”是应尽的本职或纪律，不算承诺，请写本职之外多做的一件事。")
    if strict and empty and not measured:
        found.append(f"“{empty}”不好核验，请写明做什么、做多少、做到什么程度。")
    elif strict and not measured and not item.target.strip():
        found.append("没有目标或数字，到期难以核验，请写明要达到的目标。")
    if strict and item.deadline_on is None:
        found.append("没有完成时限，将按长期事项管理；能定日期的请写明日期。")
    if item.deadline_on is not None and item.deadline_on < today:
        found.append("完成时限已经过去，请核对日期。")
    return found


def has_figure(text: str) -> bool:
    """Whether the text names an amount: 20户, 两次, 百分之八十."""
    return _FIGURE.search(text) is not None


def alike(one: str, other: str, percent: int) -> bool:
    """Near-duplicates: the pairs of neighbouring characters agree to at least ``percent`` of all pairs of both."""
    mine, theirs = _pairs(one), _pairs(other)
    if not mine or not theirs:
        return _bare(one) == _bare(other)
    return 100 * len(mine & theirs) >= percent * len(mine | theirs)


def _bare(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _pairs(text: str) -> set[str]:
    bare = _bare(text)
    return {bare[i:i + 2] for i in range(len(bare) - 1)}
