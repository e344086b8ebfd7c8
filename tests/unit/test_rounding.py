"""Three services print figures, and none may import another: they round alike, to the last hundredth."""
from decimal import Decimal
from fractions import Fraction

from hypothesis import example, given, strategies as st

from services.evaluation.domain.scoring import rounded
from services.notice.usecases import _shown
from services.pledge.domain.figures import shown

#: just below a half: the fraction as a decimal of 28 places would be the half itself
ALMOST = Fraction(1, 200) - Fraction(1, 10**40)


@given(st.fractions(min_value=0, max_value=100))
@example(Fraction(17999, 200))
@example(ALMOST)
@example(Fraction(200, 3))
def test_what_three_services_print_is_the_same_figure(exact):
    """Half up, two places, from the exact fraction."""
    printed = {str(rounded(exact)), str(shown(exact)), str(_shown(exact))}
    assert len(printed) == 1
    assert abs(Fraction(Decimal(printed.pop())) - exact) <= Fraction(1, 200)


def test_a_half_goes_up_and_what_is_below_it_down():
    assert [str(shown(f)) for f in (Fraction(17999, 200), ALMOST, Fraction(100))] == ["90.00", "0.00", "100.00"]
