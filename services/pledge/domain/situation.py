"""Whoever pledges, and what fits them: post or duty first, social responsibility, own circumstances (A5, A8–A12).

Advice and beginnings are offered before and while a draft is written; hints say what is still missing and refuse nothing.
"""
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.pledge.domain.item import Item
from services.pledge.domain.policy import DraftingPolicy
from services.pledge.domain.refusals import Incomplete

LEADER, WITHOUT = "leader", "without"
#: 离退休, 学生, 三老: nothing is asked of a post they do not have
AT_EASE = {"retired": "离退休党员", "student": "学生党员", "elder": "三老党员"}


@dataclass(frozen=True, slots=True)
class Situation:
    """A member as the roll has them: kind of post, its words, the duty assigned 设岗定责, and whether they float.

    ``home`` and ``here``: where they belong, and where they pledge; ``resides``: here is the community they reported to 双报到, and
    this is their second pledge.
    """

    name: str
    post_kind: str
    post: str = ""
    duty: str = ""
    whereabouts: str = "home"
    home: str = ""
    here: str = ""
    resides: bool = False

    @property
    def by_post(self) -> bool:
        """Post or duty is asked for; not of whoever floats 流动, whatever they had at home (A8), nor in the community, where theirs is
        beside the one at work (A9)."""
        return self.whereabouts == "home" and not self.resides


@dataclass(frozen=True, slots=True)
class Start:
    """A beginning of an item, to be written on; ``commitment`` empty: as it is."""

    label: str
    matter: str = ""
    source: str = "own"
    category: str = ""
    commitment: str = ""


def lacks_duty(who: Situation | None) -> bool:
    """A member without a post to whom no duty is assigned yet (A10), where one is asked for."""
    return who is not None and who.post_kind == WITHOUT and not who.duty and who.by_post


def advice(who: Situation, policy: DraftingPolicy, *, higher: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is expected of this pledgor, each with the rule it follows from; ``higher``: what leaders are held to besides."""
    if who.resides:
        yield "A9", (f"{who.name}已到居住地社区报到（双报到），组织关系在{who.home}，在这里（{who.here}）作的是第二份承诺。请写在社区做得到的事："
                     "认领社区岗位，参加志愿服务，帮助邻里；岗位上的事写在第一份里。")
    elif who.whereabouts == "inflow":
        yield "A8", (f"{who.name}是县内流动党员，组织关系在{who.home}，在这里（{who.here}）承诺，流出地协助教育管理。"
                     "请结合在这里的工作和生活，写自己做得到的事。")
    elif who.whereabouts == "outside":
        yield "A8", (f"{who.name}流动在县外，仍在{who.here}承诺，由支部联系、核实。"
                     "请结合在外务工、生活的实际写，一句话承诺、力所能及都可以。")
    elif who.whereabouts == "unreachable":
        yield "A8", f"{who.name}目前失联。请先联系上本人、问清情况，再由本人起草或代为起草。"
    if who.post_kind == LEADER:
        asked = f"；审诺时另按“{'”“'.join(higher)}”审查" if higher else ""
        yield "A12", f"领导干部带头先诺，内容和标准要高于普通党员{asked}。"
    if not who.by_post:
        return
    if who.post_kind in policy.fixed_posts:
        yield "A11", f"立足{_post(who)}承诺：至少有一项与岗位有关，又比分内的事多做一步，来源选“岗位职责”。"
    elif lacks_duty(who):
        must = "两样都没有的，还不能提交。" if policy.duty_first else ""
        yield "A10", (f"无职党员先设岗定责，再按岗承诺。{who.name}还没有设岗定责，请先由支部定下岗位；"
                      f"也可以承诺履行社会责任（类别写“{policy.social_responsibility}”）。{must}")
    elif who.post_kind == WITHOUT:
        yield "A10", f"{who.name}已设岗定责：{who.duty}。请按这个岗位写第一项，来源选“岗位职责”；也可以承诺履行社会责任。"
    elif who.post_kind in AT_EASE:
        yield "A5", f"{AT_EASE[who.post_kind]}量力而行，不要求结合岗位；年老体弱的可以口头承诺，或力所能及。"


def starts(who: Situation, policy: DraftingPolicy) -> Iterator[Start]:
    """Beginnings that fit, the most fitting first."""
    social = Start("履行社会责任", "参加公益活动，", category=policy.social_responsibility)
    if who.resides:
        yield Start("认领社区岗位", f"在{who.here}认领一个岗位，")
        yield Start("参加志愿服务", "参加社区志愿服务，", category=policy.social_responsibility)
    elif who.whereabouts != "home":
        where = who.here if who.whereabouts == "inflow" else "外地"
        yield Start("一句话承诺", f"在{where}，我承诺", commitment="one_sentence")
        yield Start("力所能及", "力所能及地", commitment="as_able")
        yield social
    elif who.post_kind in policy.fixed_posts:
        yield Start("从岗位写起", f"立足{_post(who)}，", source="post")
    elif who.post_kind == WITHOUT and who.duty:
        yield Start("按设岗定责写起", f"按{who.duty}的职责，", source="post")
        yield social
    elif who.post_kind == WITHOUT:
        yield social
    elif who.post_kind in AT_EASE:
        yield Start("力所能及", "力所能及地", commitment="as_able")


def hints(who: Situation, items: Sequence[Item], policy: DraftingPolicy, *, commitment: str) -> Iterator[str]:
    """What of their post is still missing in the pledge as a whole; nothing while nothing is written, where no post is asked
    for (A8, A9), and of what is promised orally or as able (A5, A6)."""
    if not items or not who.by_post or commitment not in ("written", "one_sentence") or any(item.source == "post" for item in items):
        return
    if who.post_kind in policy.fixed_posts:
        yield f"还没有一项来自{_post(who)}，请至少写一项，来源选“岗位职责”。"
    elif who.post_kind == WITHOUT and not _social(items, policy):
        yield (f"还没有一项按设岗定责（{who.duty}）写，也没有履行社会责任的，请至少写一项。" if who.duty else
               f"承诺人是无职党员，还没有设岗定责，也没有履行社会责任的事项（类别写“{policy.social_responsibility}”的）。")


def demand_duty(who: Situation | None, items: Sequence[Item], policy: DraftingPolicy) -> None:
    """Where the policy asks for it, refuse what a member without post and duty hands in without social responsibility (A10)."""
    if policy.duty_first and lacks_duty(who) and not _social(items, policy):
        raise Incomplete(f"无职党员要先设岗定责，再按岗承诺。请支部先给承诺人设岗定责；或至少写一项履行社会责任的"
                         f"（类别写“{policy.social_responsibility}”），再提交。", errors={"items": ["还没有设岗定责。"]})


def _social(items: Sequence[Item], policy: DraftingPolicy) -> bool:
    return any(item.category.strip() == policy.social_responsibility for item in items)


def _post(who: Situation) -> str:
    return f"本职岗位（{who.post}）" if who.post else "本职岗位"
