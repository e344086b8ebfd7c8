"""The numbers of evaluation as policy documents: every weight, band, quorum and formula, with its default.

The rules name five indicators and four evaluators and give no weight to any of them (L1), so all weigh the same until
a county says otherwise.  The version is printed on every result.
"""
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, get_args

ComponentName = Literal["self", "peers", "masses", "leader", "figures"]
GradeName = Literal["excellent", "qualified", "basically", "unqualified"]
StratumName = Literal["superior", "own", "delegates", "cadres", "masses"]
#: kinds of people 人员身份 and sectors 领域 as roster names them
KindName = Literal["member", "probationary", "activist", "cadre"]
SectorName = Literal["rural", "community", "state_enterprise", "university", "school", "government", "institution", "healthcare",
                     "research", "culture", "private_enterprise", "social_organisation", "window"]


#: what the weights of a score add up to, so that each reads as its share in per cent
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Weighed:
    """A part of a score: its name, its weight, and whether a score without it stands."""

    name: Annotated[str, "名称"]
    weight: Annotated[Decimal, "权重"]
    mandatory: Annotated[bool, "必须有"] = True


@dataclass(frozen=True)
class Component(Weighed):
    """An evaluator (G1), or the objective figures."""

    name: Annotated[ComponentName, "组成"]


@dataclass(frozen=True)
class Band:
    """The grade suggested from this score upward."""

    grade: Annotated[GradeName, "等次"]
    least: Annotated[Decimal, "不低于（分）"]


@dataclass(frozen=True)
class ScoringPolicy:
    """How a score is made of its components (G1) and a grade suggested from it."""

    title: ClassVar[str] = "评分"
    version: str = "default-1"
    components: Annotated[tuple[Component, ...], "由哪几项评分组成"] = (
        Component("self", Decimal(20)), Component("peers", Decimal(20), mandatory=False), Component("masses", Decimal(20)),
        Component("leader", Decimal(20)), Component("figures", Decimal(20), mandatory=False))
    #: 德能勤绩廉 (G12, L1)
    indicators: Annotated[tuple[Weighed, ...], "领导点评的指标"] = tuple(Weighed(name, Decimal(20)) for name in "德能勤绩廉")
    #: fewer peers than this: left out, with the reason
    peers_least: Annotated[int, "互评至少几人才计入"] = 3
    #: from so many on, the highest and the lowest are dropped
    peers_trimmed_from: Annotated[int, "互评满几人起去掉最高和最低"] = 5
    bands: Annotated[tuple[Band, ...], "建议等次的分数线"] = (
        Band("excellent", Decimal(90)), Band("qualified", Decimal(75)), Band("basically", Decimal(60)),
        Band("unqualified", Decimal(0)))
    #: 优秀 at most this share of the branch's members: one ``excellent_share``-th
    excellent_share: Annotated[int, "优秀不超过几分之一"] = 3
    #: who is given a grade at all: a probationary member takes part and gets none
    graded: Annotated[tuple[KindName, ...], "评定等次的人员"] = ("member",)

    def __post_init__(self) -> None:
        _weights(self.components, "components")
        _weights(self.indicators, "indicators")
        if self.peers_least < 1:
            raise ValueError("至少为 1 人。", "peers_least")
        if self.peers_trimmed_from < 3:
            raise ValueError("至少为 3 人，否则去掉两个就没有分数了。", "peers_trimmed_from")
        if self.excellent_share < 1:
            raise ValueError("至少填 1，表示不限比例。", "excellent_share")
        if len({b.grade for b in self.bands}) != len(self.bands) or not any(b.least == 0 for b in self.bands):
            raise ValueError("每个等次只写一次，并且要有一个等次从 0 分起。", "bands")
        if any(not 0 <= b.least <= 100 for b in self.bands):
            raise ValueError("分数线应在 0 到 100 之间。", "bands")
        lines = [b.least for grade in get_args(GradeName) for b in self.bands if b.grade == grade]
        if lines != sorted(set(lines), reverse=True):
            raise ValueError("等次越高，分数线应越高：优秀高于合格，合格高于基本合格，基本合格高于不合格。", "bands")


@dataclass(frozen=True)
class PeersPolicy:
    """Who counts as a fellow member and judges: others take part without judging (A3)."""

    title: ClassVar[str] = "党员互评"
    version: str = "default-1"
    kinds: Annotated[tuple[KindName, ...], "参加互评和计票的人员"] = ("member", "probationary")

    def __post_init__(self) -> None:
        if not self.kinds:
            raise ValueError("至少选一种人员。", "kinds")


def _weights(parts: Iterable[Weighed], at: str) -> None:
    listed = list(parts)
    if len({p.name for p in listed}) != len(listed):
        raise ValueError("每项只写一次。", at)
    if any(p.weight < 0 for p in listed):
        raise ValueError("权重不能小于 0。", at)
    if (total := sum(p.weight for p in listed)) != WHOLE:
        raise ValueError(f"各项权重加起来是 {total}，应当正好是 {WHOLE}，请改正。", at)


@dataclass(frozen=True)
class Quorum:
    sector: Annotated[SectorName, "领域"]
    least: Annotated[int, "至少到会（人）"]


@dataclass(frozen=True)
class AppraisalPolicy:
    """Who must attend a mass appraisal (群众评议) and how its ballots become a rate."""

    title: ClassVar[str] = "群众评议"
    version: str = "default-1"
    #: G17 names these; every other sector has the default
    quorums: Annotated[tuple[Quorum, ...], "各领域的到会人数"] = (
        Quorum("rural", 30), Quorum("community", 30), Quorum("government", 30), Quorum("institution", 30),
        Quorum("private_enterprise", 20), Quorum("social_organisation", 20))
    quorum_default: Annotated[int, "其他领域的到会人数"] = 30
    #: representatives of every layer (G18)
    mandatory_strata: Annotated[tuple[StratumName, ...], "必须有人到会的代表类别"] = (
        "superior", "own", "delegates", "cadres", "masses")
    #: what a ballot of each kind is worth, 0–100; 不了解 counts neither for nor against
    satisfied: Annotated[Decimal, "“满意”计几分"] = Decimal(100)
    basically: Annotated[Decimal, "“基本满意”计几分"] = Decimal(100)
    dissatisfied: Annotated[Decimal, "“不满意”计几分"] = Decimal(0)

    def __post_init__(self) -> None:
        if len({q.sector for q in self.quorums}) != len(self.quorums):
            raise ValueError("每个领域只写一次。", "quorums")
        if any(q.least < 1 for q in self.quorums):
            raise ValueError("到会人数至少为 1。", "quorums")
        if self.quorum_default < 1:
            raise ValueError("到会人数至少为 1。", "quorum_default")
        for at in ("satisfied", "basically", "dissatisfied"):
            if not 0 <= getattr(self, at) <= 100:
                raise ValueError("应在 0 到 100 之间。", at)
        if not self.satisfied >= self.basically >= self.dissatisfied:
            raise ValueError("应由高到低：满意、基本满意、不满意。", "basically")

    def quorum(self, sector: str) -> int:
        """How many must attend in an organisation of this sector (G17)."""
        return next((q.least for q in self.quorums if q.sector == sector), self.quorum_default)
