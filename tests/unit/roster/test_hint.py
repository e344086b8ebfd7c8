"""What a line may be worth a look for."""
from typing import get_args

from services.roster.domain import hint
from wire.contracts.roster.staging import HINT_SORTS, HintSort


def test_the_sorts_are_the_same_in_the_same_order_wherever_they_are_named():
    assert hint.ORDER == tuple(HINT_SORTS) == get_args(HintSort)
