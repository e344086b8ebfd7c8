"""Scores: weights, what is left out, what blocks, and one rounding at the end."""
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.evaluation.domain.peers import together
from services.evaluation.domain.policy import ScoringPolicy, Weighed
from services.evaluation.domain.refusals import NotReady
from services.evaluation.domain.scoring import rounded, weigh

scores = st.decimals(0, 100, places=2).map(Fraction)
weights = st.decimals("0.01", 100, places=2)
always = st.just(True)


@st.composite
def parts(draw, mandatory=always):
    names = draw(st.lists(st.text("abcdefgh", min_size=1, max_size=3), min_size=1, max_size=6, unique=True))
    return [Weighed(n, draw(weights), draw(mandatory)) for n in names]


@given(parts(), st.data())
def test_a_score_lies_between_its_lowest_and_its_highest_part(asked, data):
    """Weights move a score only within what was given. [L1]"""
    said = {a.name: data.draw(scores) for a in asked}
    assert min(said.values()) <= weigh(asked, said).exact <= max(said.values())


@given(parts(), st.data(), st.integers(1, 1000))
def test_only_the_proportion_of_the_weights_matters(asked, data, times):
    said = {a.name: data.draw(scores) for a in asked}
    larger = [Weighed(a.name, a.weight * times) for a in asked]
    assert weigh(asked, said).exact == weigh(larger, said).exact


@given(parts(), st.data(), st.randoms())
def test_the_order_of_the_parts_changes_nothing(asked, data, random):
    said = {a.name: data.draw(scores) for a in asked}
    shuffled = list(asked)
    random.shuffle(shuffled)
    assert weigh(asked, said).exact == weigh(shuffled, said).exact


@given(parts(st.booleans()), st.data())
def test_an_optional_part_without_a_score_is_as_if_it_were_not_asked(asked, data):
    said = {a.name: data.draw(scores if a.mandatory else st.one_of(st.none(), scores)) for a in asked}
    assume(any(v is not None for v in said.values()))
    whole = weigh(asked, said)
    assert whole.exact == weigh([a for a in asked if said[a.name] is not None], said).exact
    assert sum(p.weight for p in whole.parts) == 100


@given(parts(), st.data())
def test_a_missing_mandatory_part_blocks_and_is_never_zero(asked, data):
    """Absent is never zero. [G1]"""
    gone = data.draw(st.sampled_from(asked)).name
    said = {a.name: data.draw(scores) for a in asked if a.name != gone}
    with pytest.raises(NotReady) as refusal:
        weigh(asked, said)
    assert gone in refusal.value.sentence


def test_a_zero_that_was_given_counts():
    asked = [Weighed("self", Decimal(50)), Weighed("leader", Decimal(50))]
    assert weigh(asked, {"self": Fraction(0), "leader": Fraction(100)}).exact == 50


def test_what_the_policy_does_not_ask_for_is_left_out():
    """The four evaluators and the indicators are data: one more voice moves nothing. [G1, L1]"""
    asked = [Weighed("self", Decimal(1))]
    assert weigh(asked, {"self": Fraction(80), "clicks": Fraction(0)}).exact == 80


def test_a_part_of_no_weight_is_not_demanded():
    asked = [Weighed("self", Decimal(1)), Weighed("masses", Decimal(0))]
    assert weigh(asked, {"self": Fraction(80)}).exact == 80


def test_nothing_at_all_is_refused():
    with pytest.raises(NotReady):
        weigh([Weighed("peers", Decimal(1), mandatory=False)], {})


@pytest.mark.parametrize(("exact", "printed"), [
    (Fraction(89995, 1000), "90.00"), (Fraction(89994, 1000), "89.99"), (Fraction(2800, 30), "93.33"),
    (Fraction(200, 3), "66.67"), (Fraction(1, 200), "0.01"), (Fraction(0), "0.00"), (Fraction(100), "100.00")])
def test_a_score_is_rounded_half_up_to_two_places(exact, printed):
    assert str(rounded(exact)) == printed


@given(st.fractions(0, 100))
def test_rounding_moves_less_than_half_a_hundredth(exact):
    assert abs(Fraction(rounded(exact)) - exact) <= Fraction(1, 200)


@given(st.lists(st.decimals(0, 100, places=1), max_size=12))
def test_peers_count_from_three_and_lose_their_extremes_from_five(heard):
    """Fewer than three are left out; five and more without the highest and the lowest. [G1]"""
    found = together(heard, ScoringPolicy())
    if len(heard) < 3:
        assert found is None
    elif len(heard) < 5:
        assert found == sum(map(Fraction, heard), Fraction(0)) / len(heard)
    else:
        kept = sorted(heard)[1:-1]
        assert found == sum(map(Fraction, kept), Fraction(0)) / len(kept)


@given(st.lists(st.decimals(60, 100, places=1), min_size=5, max_size=10))
def test_one_malicious_peer_among_five_moves_nothing_below_the_lowest_honest_one(heard):
    assert together([*heard, Decimal(0)], ScoringPolicy()) >= min(heard)
