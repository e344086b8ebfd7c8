"""Grades are suggested by bands and given by a meeting; items end by what was kept when."""
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain import grades, outcomes
from services.evaluation.domain.outcomes import Promise
from services.evaluation.domain.policy import Band, ScoringPolicy
from services.evaluation.domain.refusals import TooManyExcellent, Unfitting
from services.evaluation.domain.scoring import rounded

POLICY = ScoringPolicy()
ORDER = ["unqualified", "basically", "qualified", "excellent"]
TODAY = date(2026, 12, 31)


@given(st.fractions(0, 100), st.fractions(0, 100))
def test_a_higher_score_is_never_suggested_a_lower_grade(one, other):
    low, high = sorted((one, other))
    assert ORDER.index(grades.suggest(low, POLICY)) <= ORDER.index(grades.suggest(high, POLICY))


def test_a_threshold_is_compared_before_rounding():
    """89.995 is printed as 90.00 and does not reach 90."""
    just_below = Fraction(89995, 1000)
    assert str(rounded(just_below)) == "90.00"
    assert grades.suggest(just_below, POLICY) == "qualified"
    assert grades.suggest(Fraction(90), POLICY) == "excellent"


def test_the_bands_are_data():
    strict = ScoringPolicy(bands=(Band("unqualified", Decimal(0)), Band("excellent", Decimal(99))))
    assert grades.suggest(Fraction(98), strict) == "unqualified"
    assert grades.suggest(Fraction(99), strict) == "excellent"


@pytest.mark.parametrize("excellent, qualified", [(50, 75), (75, 75)])
def test_a_higher_grade_has_a_higher_line(excellent, qualified):
    with pytest.raises(ValueError, match="等次越高，分数线应越高") as refused:
        ScoringPolicy(bands=(Band("excellent", Decimal(excellent)), Band("qualified", Decimal(qualified)),
                             Band("basically", Decimal(60)), Band("unqualified", Decimal(0))))
    assert refused.value.args[1] == "bands"


@given(st.integers(0, 500))
def test_the_share_of_excellent_is_never_above_a_third(expected):
    places = grades.excellent_places(expected, POLICY)
    assert 3 * places <= expected < 3 * (places + 1)


def decide(grade, suggested="qualified", reason="", *, given=0, expected=9):
    grades.decide(grade, suggested, reason, given=given, expected=expected, policy=POLICY)


def test_another_grade_than_the_suggested_one_needs_its_reason():
    decide("qualified")
    decide("basically", reason="两件到期未办")
    with pytest.raises(Unfitting) as refusal:
        decide("basically", reason="  ")
    assert "reason" in refusal.value.errors


def test_excellent_beyond_the_share_is_refused_whatever_the_score():
    decide("excellent", "excellent", given=2)
    with pytest.raises(TooManyExcellent) as refusal:
        decide("excellent", "excellent", given=3)
    assert "最多评 3 名" in refusal.value.sentence
    decide("qualified", "excellent", "优秀名额已满", given=3)


def test_a_probationary_member_takes_part_and_gets_no_grade():
    decide(None, None)
    with pytest.raises(Unfitting):
        decide("qualified", None)
    with pytest.raises(Unfitting):
        decide(None, "qualified")


days = st.dates(TODAY - timedelta(days=30), TODAY + timedelta(days=30))
promises = st.lists(st.builds(Promise, item_id=st.just("i"), deadline_on=st.none() | days, fulfilled_on=st.none() | days))


@given(promises)
def test_kept_in_time_is_never_more_than_kept(items):
    """On time and 到期兑现率 share their denominator: what is due by now."""
    due, late = outcomes.due_fulfilment(items, TODAY), outcomes.on_time(items, TODAY)
    assert (due is None) == (late is None) == (not any(p.due(TODAY) for p in items))
    if due is not None:
        assert 0 <= late <= due <= 100


@given(promises)
def test_every_item_has_a_result(items):
    """Every item settled, every matter has a result. [F11]"""
    for item in items:
        found = outcomes.verdict(item, TODAY)
        if item.fulfilled_on is not None:
            assert found == "fulfilled"
        elif item.deadline_on is None or item.deadline_on >= TODAY:
            assert found == "carried"
        else:
            assert found == "unfulfilled"


def test_a_deadline_ends_at_midnight():
    assert not Promise("i", TODAY, None).due(TODAY)
    assert Promise("i", TODAY, None).due(TODAY + timedelta(days=1))


def test_nothing_due_has_no_rate():
    assert outcomes.due_fulfilment([Promise("i", None, TODAY)], TODAY) is None
