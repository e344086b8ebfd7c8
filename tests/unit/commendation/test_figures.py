"""Figures are kept as text that sorts as the numbers do."""
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from services.commendation.storage import Ranked

kept = Ranked()
numbers = st.decimals(min_value=0, max_value=100, allow_nan=False, allow_infinity=False)


def written(number):
    return kept.process_bind_param(number, None)


@given(numbers, numbers)
def test_text_sorts_as_the_numbers_do(one, other):
    assert (written(one) < written(other)) == (one < other)
    assert (written(one) == written(other)) == (one == other)


@given(numbers)
def test_a_figure_is_read_back_exactly(number):
    assert kept.process_result_value(written(number), None) == number


def test_none_stays_none():
    assert written(None) is None and kept.process_result_value(None, None) is None


@pytest.mark.parametrize("number", [Decimal("-0.01"), Decimal(1_000_000), Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_figure_is_refused(number):
    with pytest.raises(ValueError, match="no figure"):
        written(number)
