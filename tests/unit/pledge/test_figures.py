"""到期兑现率, on time, 总兑现率 and overdue, on items of every kind."""
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, strategies as st

from services.pledge.domain.figures import figures, overdue_days, rate, shown
from tests.unit.pledge.worlds import NOW, TODAY, draft, item, published

DAYS = st.one_of(st.none(), st.integers(-400, 400).map(lambda n: TODAY + timedelta(days=n)))


@st.composite
def some_item(draw):
    done_on = draw(st.one_of(st.none(), st.integers(-400, 0).map(lambda n: TODAY + timedelta(days=n))))
    state = "fulfilled" if done_on else draw(st.sampled_from(["open", "claimed"]))
    return item(draw(st.integers(1, 99)), deadline_on=draw(DAYS), state=state, fulfilled_on=done_on,
                fulfilled_at=NOW if done_on else None, verdict=draw(st.sampled_from(["", "fulfilled", "unfulfilled", "carried"])))


@st.composite
def some_pledge(draw):
    return draft(items=tuple(draw(st.lists(some_item(), max_size=5))),
                 state=draw(st.sampled_from(["drafted", "submitted", "signed", "published", "evaluated", "settled", "terminated"])),
                 commitment=draw(st.sampled_from(["written", "oral", "as_able"])))


@given(st.lists(some_pledge(), max_size=6))
def test_the_counts_fit_into_one_another(pledges):
    """On time ≤ fulfilled of the due ≤ due; what is due and what is long-running are different items."""
    found = figures(pledges, TODAY)
    assert found.due_on_time <= found.due_fulfilled <= found.due
    assert found.due + found.long_running <= found.items
    assert found.due_fulfilled <= found.fulfilled <= found.items
    assert found.overdue <= found.due - found.due_fulfilled
    for share in (found.due_fulfilment, found.on_time, found.total_fulfilment):
        assert share is None or 0 <= share <= 100
    assert (found.due_fulfilment is None) == (found.due == 0)
    assert (found.total_fulfilment is None) == (found.items == 0)


@given(st.lists(some_pledge(), max_size=6))
def test_figures_add_up_whatever_the_order(pledges):
    whole, parts = figures(pledges, TODAY), [figures([p], TODAY) for p in pledges]
    assert figures(reversed(pledges), TODAY) == whole
    assert sum(p.items for p in parts) == whole.items and sum(p.due_fulfilled for p in parts) == whole.due_fulfilled


def test_due_fulfilment_counts_only_what_is_due():
    """Two due, one done: 50; the one done before its day does not count yet; total: 2 of 4."""
    past, future = date(2026, 2, 1), date(2026, 12, 31)
    pledge = published(draft(item(1, deadline_on=past), item(2, deadline_on=past), item(3, deadline_on=future), item(4, deadline_on=None)))
    done = replace(pledge, items=tuple(
        replace(i, state="fulfilled", fulfilled_on=TODAY) if i.position in (1, 3) else i for i in pledge.items))
    found = figures([done], TODAY)
    assert (found.items, found.due, found.fulfilled, found.long_running, found.overdue) == (4, 2, 2, 1, 1)
    assert found.due_fulfilment == 50 and found.total_fulfilment == 50
    assert found.on_time == 0, "it was done after its day"


def test_a_deadline_ends_with_its_day():
    """The day itself is not late: 24:00 in the county."""
    pledge = published(draft(item(1, deadline_on=TODAY)))
    assert figures([pledge], TODAY).due == 0 and overdue_days(pledge, pledge.items[0], TODAY) == 0
    tomorrow = TODAY + timedelta(days=1)
    assert figures([pledge], tomorrow).due == 1 and overdue_days(pledge, pledge.items[0], tomorrow) == 1


def test_done_on_the_last_day_is_on_time():
    pledge = published(draft(item(1, deadline_on=TODAY, state="fulfilled", fulfilled_on=TODAY)))
    assert figures([pledge], TODAY + timedelta(days=1)).on_time == 100


def test_the_verdict_of_the_evaluation_overrules_the_closing():
    """[G22]"""
    closed = item(1, deadline_on=date(2026, 1, 1), state="fulfilled", fulfilled_on=date(2026, 1, 1))
    found = figures([replace(published(draft(replace(closed, verdict="unfulfilled"))), state="evaluated")], TODAY)
    assert (found.fulfilled, found.due_fulfilment, found.overdue) == (0, 0, 1)


def test_what_is_promised_as_able_has_no_deadline_counted():
    """力所能及. [A6]"""
    pledge = published(draft(item(1, deadline_on=date(2026, 1, 1)), commitment="as_able"))
    found = figures([pledge], TODAY)
    assert (found.due, found.long_running, found.overdue, found.due_fulfilment) == (0, 1, 0, None)


def test_what_is_carried_over_is_not_overdue():
    pledge = replace(published(draft(item(1, deadline_on=date(2026, 1, 1), verdict="carried"))), state="evaluated")
    assert overdue_days(pledge, pledge.items[0], TODAY) == 0


def test_nothing_to_divide_by_is_neither_0_nor_100():
    assert rate(0, 0) is None and shown(None) is None
    assert figures([], TODAY).due_fulfilment is None


def test_rates_are_rounded_only_where_they_are_shown():
    """89.995 shows as 90.00 and is still below 90."""
    exact = Fraction(17999, 200)
    assert exact < 90 and shown(exact) == Decimal("90.00")
    assert shown(rate(1, 3)) == Decimal("33.33") and shown(rate(2, 3)) == Decimal("66.67")
