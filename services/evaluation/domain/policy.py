"""The numbers of evaluation as policy documents: every weight, band, quorum and formula, with its default.

The rules name five indicators and four evaluators and give no weight to any of them (L1), so all weigh the same until
a county says otherwise.  The version is printed on every result.
"""
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Weighed:
    """A part of a score: its name, its weight, and whether a score without it stands."""

    name: str
    weight: Decimal
    mandatory: bool = True


@dataclass(frozen=True)
class Band:
    """The grade suggested from this score upward."""

    grade: str
    least: Decimal


@dataclass(frozen=True)
class ScoringPolicy:
    """How a score is made of its components (G1) and a grade suggested from it."""

    version: str = "default-1"
    components: tuple[Weighed, ...] = (
        Weighed("self", Decimal(20)), Weighed("peers", Decimal(20), mandatory=False), Weighed("masses", Decimal(20)),
        Weighed("leader", Decimal(20)), Weighed("figures", Decimal(20), mandatory=False))
    #: 德能勤绩廉 (G12, L1)
    indicators: tuple[Weighed, ...] = tuple(Weighed(name, Decimal(20)) for name in "德能勤绩廉")
    #: fewer peers than this: left out, with the reason
    peers_least: int = 3
    #: from so many on, the highest and the lowest are dropped
    peers_trimmed_from: int = 5
    bands: tuple[Band, ...] = (
        Band("excellent", Decimal(90)), Band("qualified", Decimal(75)), Band("basically", Decimal(60)),
        Band("unqualified", Decimal(0)))
    #: 优秀 at most this share of the branch's members: one ``excellent_share``-th
    excellent_share: int = 3
    #: who is given a grade at all: a probationary member takes part and gets none
    graded: tuple[str, ...] = ("member",)


@dataclass(frozen=True)
class Quorum:
    sector: str
    least: int


@dataclass(frozen=True)
class AppraisalPolicy:
    """Who must attend a mass appraisal (群众评议) and how its ballots become a rate."""

    version: str = "default-1"
    #: G17 names these; every other sector has the default
    quorums: tuple[Quorum, ...] = (
        Quorum("rural", 30), Quorum("community", 30), Quorum("government", 30), Quorum("institution", 30),
        Quorum("private_enterprise", 20), Quorum("social_organisation", 20))
    quorum_default: int = 30
    #: representatives of every layer (G18)
    mandatory_strata: tuple[str, ...] = ("superior", "own", "delegates", "cadres", "masses")
    #: what a ballot of each kind is worth, 0–100; 不了解 counts neither for nor against
    satisfied: Decimal = Decimal(100)
    basically: Decimal = Decimal(100)
    dissatisfied: Decimal = Decimal(0)

    def quorum(self, sector: str) -> int:
        """How many must attend in an organisation of this sector (G17)."""
        return next((q.least for q in self.quorums if q.sector == sector), self.quorum_default)
