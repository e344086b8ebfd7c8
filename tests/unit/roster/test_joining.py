"""What a joining date may say beside the kind: to the day, and by the county's own figures."""
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.domain.joining import cannot_be, look_at
from services.roster.domain.policy import RollPolicy
from services.roster.domain.term import months_after
from wire.contracts.roster import MEMBER_KINDS

JOINED = date(2024, 7, 1)


@pytest.mark.parametrize(("today", "looked_at", "refused"), [
    (date(2025, 7, 1), False, False), (date(2025, 7, 2), True, False), (date(2026, 7, 1), True, False), (date(2026, 7, 2), True, True)])
def test_a_probation_lasts_a_year_and_may_be_extended_by_one(today, looked_at, refused):
    assert bool(look_at("演一", "probationary", JOINED, today, RollPolicy(), MEMBER_KINDS)) is looked_at
    assert bool(cannot_be("probationary", JOINED, today, RollPolicy(), MEMBER_KINDS)) is refused


@given(st.integers(1, 60), st.integers(0, 60), st.dates(date(1950, 1, 1), date(2030, 1, 1)), st.integers(0, 4000))
def test_its_last_day_is_the_county_s_figure_whatever_it_is(months, extension, joined_on, days):
    rules = RollPolicy(probation_months=months, extension_months=extension)
    today = date.fromordinal(joined_on.toordinal() + days)
    said = cannot_be("probationary", joined_on, today, rules, MEMBER_KINDS)
    assert bool(said) is (today > months_after(joined_on, months + extension))
    assert not said or f"预备期 {months} 个月" in said


@pytest.mark.parametrize("kind", ["activist", "cadre"])
def test_only_who_joined_has_a_joining_date(kind):
    assert MEMBER_KINDS[kind] in cannot_be(kind, JOINED, JOINED, RollPolicy(), MEMBER_KINDS)
    assert MEMBER_KINDS[kind] in look_at("演一", kind, JOINED, JOINED, RollPolicy(), MEMBER_KINDS)
    assert cannot_be(kind, None, JOINED, RollPolicy(), MEMBER_KINDS) == look_at("演一", kind, None, JOINED, RollPolicy(), MEMBER_KINDS) == ""


@pytest.mark.parametrize("wrong", [{"probation_months": 0}, {"probation_months": 61}, {"extension_months": -1}, {"extension_months": 61}])
def test_figures_out_of_bounds_are_refused(wrong):
    with pytest.raises(ValueError):
        RollPolicy(**wrong)
