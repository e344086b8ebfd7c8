"""The mass appraisal: quorum, strata, two tellers, four figures, the rates."""
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.appraisal import Appraisal, Teller, Totals, count, hold
from services.evaluation.domain.policy import AppraisalPolicy
from services.evaluation.domain.refusals import CountStands, FiguresDisagree, NotTeller, QuorumNotMet, WrongTellers
from wire.contracts.evaluation import STRATA
from wire.contracts.roster import SECTORS

TODAY = date(2026, 12, 20)
POLICY = AppraisalPolicy()
TWO = (Teller("mem_1", "计票一"), Teller("mem_2", "计票二"))
FULL = {"superior": 2, "own": 3, "delegates": 3, "cadres": 6, "masses": 20}


def held(strata=None, issued=34, tellers=TWO, *, quorum=30, held_on=TODAY):
    return hold(held_on, FULL if strata is None else strata, issued, tellers, quorum=quorum, policy=POLICY, labels=STRATA,
                today=TODAY, subject_id="mem_subject")


@pytest.mark.parametrize(("sector", "least"), [
    ("rural", 30), ("community", 30), ("government", 30), ("institution", 30), ("private_enterprise", 20),
    ("social_organisation", 20), ("state_enterprise", 30), ("school", 30), ("healthcare", 30)])
def test_the_quorum_goes_by_the_sector(sector, least):
    """30 / 30 / 20, and 30 where the rules are silent. [G17]"""
    assert sector in SECTORS
    assert POLICY.quorum(sector) == least


@pytest.mark.parametrize("present", range(41))
def test_a_meeting_opens_exactly_from_its_quorum_on(present):
    """Quorum counts people attending. [G17]"""
    strata = dict.fromkeys(FULL, 0)
    for i in range(present):
        strata[list(FULL)[i % 5]] += 1
    if present < 30:
        with pytest.raises(QuorumNotMet) as refusal:
            held(strata, issued=present)
        assert "不足规定的 30 人" in refusal.value.sentence
    else:
        assert held(strata, issued=present).present == present


@pytest.mark.parametrize("empty", FULL)
def test_a_meeting_cannot_open_without_a_layer(empty):
    """Representatives of every layer. [G18]"""
    with pytest.raises(QuorumNotMet) as refusal:
        held(FULL | {empty: 0, "masses" if empty != "masses" else "own": 40})
    assert STRATA[empty] in refusal.value.sentence


def test_more_ballots_than_people_are_refused():
    with pytest.raises(FiguresDisagree):
        held(issued=35)
    with pytest.raises(FiguresDisagree):
        held(issued=0)


def test_a_meeting_is_recorded_after_it_was_held():
    with pytest.raises(FiguresDisagree):
        held(held_on=date(2026, 12, 21))


@pytest.mark.parametrize("tellers", [(), TWO[:1], (TWO[0], TWO[0]), (TWO[0], Teller("mem_subject", "本人")), (*TWO, Teller("m", "三"))])
def test_there_are_two_tellers_and_none_is_the_subject(tellers):
    with pytest.raises(WrongTellers):
        held(tellers=tuple(tellers))


def totals(satisfied=20, basically=8, dissatisfied=2, unknown=0, invalid=3):
    return Totals(satisfied, basically, dissatisfied, unknown, invalid)


def test_a_count_stands_only_when_both_tellers_agree():
    first = held().entered("mem_1", totals())
    assert first.agreed is None and not first.disagree
    assert first.entered("mem_2", totals()).agreed == totals()


def test_a_disagreement_is_said_and_both_may_enter_anew():
    """Either teller may have misread; nothing counts until both say the same."""
    split = held().entered("mem_1", totals()).entered("mem_2", totals(satisfied=21))
    assert split.disagree and split.agreed is None and count(split, POLICY) is None
    assert split.entered("mem_2", totals()).agreed == totals()
    other = split.entered("mem_1", totals(satisfied=19))
    assert other.disagree and other.entered("mem_2", totals(satisfied=19)).agreed == totals(satisfied=19)


def test_a_count_that_stands_is_not_changed():
    agreed = held().entered("mem_1", totals()).entered("mem_2", totals())
    assert agreed.entered("mem_1", totals()) is agreed
    with pytest.raises(CountStands):
        agreed.entered("mem_1", totals(satisfied=1))


def test_only_a_named_teller_enters():
    with pytest.raises(NotTeller):
        held().entered("mem_3", totals())


def test_more_returned_than_issued_is_refused():
    with pytest.raises(FiguresDisagree):
        held(issued=32).entered("mem_1", totals())


numbers = st.integers(0, 60)


@given(st.builds(Totals, numbers, numbers, numbers, numbers, numbers))
def test_the_rates_follow_from_the_ballots(found):
    """Satisfaction = (满意 + 基本满意) ÷ (valid − 不了解); 知晓率 = 1 − 不了解 ÷ valid; all 不了解: no result."""
    meeting = Appraisal(TODAY, {"masses": 300}, 300, TWO).entered("mem_1", found).entered("mem_2", found)
    tally = count(meeting, POLICY)
    assert tally.present >= tally.issued >= tally.totals.returned == tally.totals.valid + found.invalid
    knowing = found.satisfied + found.basically + found.dissatisfied
    assert (tally.satisfaction is None) == (knowing == 0)
    assert (tally.awareness is None) == (found.valid == 0)
    if knowing:
        assert tally.satisfaction == Fraction(100 * (found.satisfied + found.basically), knowing)
        assert 0 <= tally.satisfaction <= 100
    if found.valid:
        assert tally.awareness == 100 - Fraction(100 * found.unknown, found.valid)


def test_another_formula_is_another_policy():
    """100 / 75 / 55 is in use elsewhere: data, not code."""
    other = AppraisalPolicy(version="two", satisfied=Decimal(100), basically=Decimal(75), dissatisfied=Decimal(55))
    meeting = held().entered("mem_1", totals(10, 10, 10)).entered("mem_2", totals(10, 10, 10))
    assert count(meeting, other).satisfaction == Fraction(230, 3)
