"""量力而行: more than one can do, or nothing to be done within the year."""
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies as st

from services.pledge import usecases
from services.pledge.domain.policy import DraftingPolicy, Usual
from services.pledge.domain.workload import hints
from tests.fakes_pledge import SECRETARY, ZHANG, Village
from tests.unit.pledge.test_floating import told
from tests.unit.pledge.test_writing import LAMPS, drafted
from tests.unit.pledge.worlds import DRAFTING, item
from wire.contracts.pledge import ReadPledge, SubmitPledge


def said(*items, post_kind="staff", commitment="written", kind="annual", policy=DRAFTING):
    return list(hints(items, policy, year=2026, kind=kind, commitment=commitment, post_kind=post_kind))


def spread(count):
    """So many items, each due in another month."""
    return [item(n, deadline_on=date(2026, n, 20)) for n in range(1, count + 1)]


@pytest.mark.parametrize(("post_kind", "usual"), [("leader", 6), ("staff", 5), ("without", 3), ("elder", 2), ("", 10)])
def test_more_items_than_are_usual_for_such_a_pledgor_are_pointed_at(post_kind, usual):
    """By kind of post; an organisation's own has a measure of its own. [A1]"""
    assert said(*spread(usual), post_kind=post_kind) == []
    assert f"共 {usual + 1} 项，比一般的 {usual} 项多" in said(*spread(usual + 1), post_kind=post_kind)[0]


def test_as_able_and_by_word_of_mouth_less_is_usual_and_no_deadline_counts():
    """[A1] [A5] [A6]"""
    for commitment in ("as_able", "oral"):
        assert said(*spread(2), commitment=commitment) == []
        assert "量力而行" in said(*spread(3), commitment=commitment)[0]
        assert said(item(1, deadline_on=None), commitment=commitment) == []


def test_too_much_in_one_month_is_pointed_at_month_by_month():
    """[A1]"""
    crowd = [item(n, deadline_on=date(2026, 6 if n < 5 else 12, 30)) for n in range(1, 9)]
    assert [s for s in said(*crowd, post_kind="") if "同时到期" in s] == [
        "2026 年 6 月有 4 项同时到期，请错开时限，免得到时办不过来。", "2026 年 12 月有 4 项同时到期，请错开时限，免得到时办不过来。"]
    assert said(*crowd[:3]) == []


def test_an_annual_pledge_has_something_done_within_the_year():
    """[A1]"""
    later = [item(1, deadline_on=date(2027, 3, 1)), item(2, deadline_on=None)]
    assert "没有一项在 2026 年内到期" in said(*later)[0]
    assert said(*later, item(3)) == [] and said(*later, kind="immediate") == [] and said() == []


def test_the_measures_are_data():
    """[A1]"""
    one = DraftingPolicy(usual_items=(Usual(post_kind="staff", items=1),), same_month=9)
    assert said(*spread(2), policy=one) and said(*spread(9), post_kind="elder", policy=one) == [], "not named: no measure"
    for wrong in ({"usual_items": (Usual(post_kind="staff", items=1),) * 2}, {"usual_items": (Usual(post_kind="staff", items=0),)},
                  {"same_month": 0}, {"own_items": 0}, {"able_items": 0}, {"social_responsibility": " "}):
        with pytest.raises(ValueError):
            DraftingPolicy(**wrong)


@given(st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)) | st.none(), max_size=30))
def test_whatever_is_pointed_at_is_so(deadlines):
    """The months named are those with more than the policy's figure, and no other."""
    found = said(*(item(n, deadline_on=on) for n, on in enumerate(deadlines, 1)))
    months = [(on.year, on.month) for on in deadlines if on]
    crowded = {month for month in months if months.count(month) > DRAFTING.same_month}
    assert sum("同时到期" in sentence for sentence in found) == len(crowded)
    assert any("量力而行" in sentence for sentence in found) == (len(deadlines) > 5)


def test_a_hint_about_the_whole_refuses_nothing_and_the_reviewer_sees_it_too():
    """[A1]"""
    village = Village()
    told(village, "mem_zhang", post_kind="elder")
    pledge = drafted(village, items=tuple(replace(LAMPS, matter=f"为{n}0户装路灯", deadline_on=date(2026, n + 3, 1)) for n in range(1, 5)))
    assert ["量力而行" in h.sentence for h in pledge.hints if not h.item_id] == [True]
    village.do(ZHANG, usecases.submit_pledge, SubmitPledge(pledge_id=pledge.pledge_id))
    seen = village.do(SECRETARY, usecases.read_pledge, ReadPledge(pledge_id=pledge.pledge_id))
    assert seen.state == "submitted" and seen.hints == pledge.hints
