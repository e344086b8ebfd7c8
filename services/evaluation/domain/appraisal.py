"""The mass appraisal on paper (群众评议会): who attended, two tellers who cannot see each other's count, and the tally.

Present, issued, returned and valid are four figures: present ≥ issued ≥ returned = the four kinds + invalid.
"""
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from services.evaluation.domain.policy import AppraisalPolicy
from services.evaluation.domain.refusals import CountStands, FiguresDisagree, NotTeller, QuorumNotMet, WrongTellers


@dataclass(frozen=True)
class Totals:
    """What one teller read from the ballots."""

    satisfied: int
    basically: int
    dissatisfied: int
    unknown: int
    invalid: int

    @property
    def valid(self) -> int:
        return self.satisfied + self.basically + self.dissatisfied + self.unknown

    @property
    def returned(self) -> int:
        return self.valid + self.invalid


@dataclass(frozen=True)
class Teller:
    """A 计票人: a member of the branch, never the subject."""

    member_id: str
    name: str


@dataclass(frozen=True)
class Appraisal:
    """One meeting.  ``entries``: what each teller entered last; nobody is shown one before both agree."""

    held_on: date
    strata: Mapping[str, int]
    issued: int
    tellers: tuple[Teller, ...]
    entries: Mapping[str, Totals] = field(default_factory=dict)

    @property
    def present(self) -> int:
        return sum(self.strata.values())

    @property
    def both_entered(self) -> bool:
        return len(self.entries) == len(self.tellers)

    @property
    def disagree(self) -> bool:
        return self.both_entered and len(set(self.entries.values())) > 1

    @property
    def agreed(self) -> Totals | None:
        """The totals both tellers found, or None."""
        return next(iter(self.entries.values())) if self.both_entered and not self.disagree else None

    def entered(self, member_id: str, totals: Totals) -> "Appraisal":
        """One teller's totals.  The same again changes nothing; other totals replace what the same teller entered before.

        After a disagreement either or both enter anew, still unseen.  Refuses who is no teller, more returned than
        issued, and any change once both have agreed.
        """
        if member_id not in {t.member_id for t in self.tellers}:
            raise NotTeller()
        if totals.returned > self.issued:
            raise FiguresDisagree(
                f"收回 {totals.returned} 张，比发出的 {self.issued} 张还多；请重新清点，或核对发出票数。")
        if self.agreed is not None:
            if self.agreed == totals:
                return self
            raise CountStands()
        if self.entries.get(member_id) == totals:
            return self
        return replace(self, entries={**self.entries, member_id: totals})


def hold(
    held_on: date, strata: Mapping[str, int], issued: int, tellers: tuple[Teller, ...], *, quorum: int,
    policy: AppraisalPolicy, labels: Mapping[str, str], today: date, subject_id: str,
) -> Appraisal:
    """Record a meeting.  Refuses below the quorum (G17), with an empty stratum the policy demands (G18), with more ballots
    than people, without two tellers, and before it was held."""
    if held_on > today:
        raise FiguresDisagree("评议会的日期在今天之后；请在开完会后登记。", {"held_on": ["日期不能晚于今天。"]})
    if len(tellers) != 2 or len({t.member_id for t in tellers}) != 2 or subject_id in {t.member_id for t in tellers}:
        raise WrongTellers("请选两位不同的计票人，都是本支部党员，且不是被评议人。", {"teller_ids": ["请选两位本支部党员。"]})
    present = sum(strata.values())
    if present < quorum:
        raise QuorumNotMet(f"到会 {present} 人，不足规定的 {quorum} 人，评议会不能进行；请补足人数或另行召开。")
    empty = [labels.get(s, s) for s in policy.mandatory_strata if not strata.get(s)]
    if empty:
        raise QuorumNotMet(f"到会人员中没有{'、'.join(empty)}，评议会不能进行；请补齐各方面代表或另行召开。")
    if not 0 < issued <= present:
        raise FiguresDisagree(
            f"发出 {issued} 张票，到会 {present} 人；发出票数要大于 0，且不能多于到会人数。", {"issued": ["请核对发出票数。"]})
    return Appraisal(held_on, dict(strata), issued, tellers)


@dataclass(frozen=True)
class Tally:
    """A counted appraisal; the rates are exact, 0–100, None where there is no result."""

    present: int
    issued: int
    totals: Totals
    satisfaction: Fraction | None
    awareness: Fraction | None


def count(appraisal: Appraisal, policy: AppraisalPolicy) -> Tally | None:
    """The tally once both tellers agree, else None.

    Satisfaction = (满意 + 基本满意) ÷ (valid − 不了解), by the policy's worth of each; 知晓率 = 1 − 不了解 ÷ valid.  All
    不了解, or no valid ballot: no result.
    """
    totals = appraisal.agreed
    if totals is None:
        return None
    knowing = totals.valid - totals.unknown
    worth = (Fraction(policy.satisfied) * totals.satisfied + Fraction(policy.basically) * totals.basically
             + Fraction(policy.dissatisfied) * totals.dissatisfied)
    return Tally(
        present=appraisal.present, issued=appraisal.issued, totals=totals,
        satisfaction=worth / knowing if knowing else None,
        awareness=Fraction(100 * knowing, totals.valid) if totals.valid else None)
