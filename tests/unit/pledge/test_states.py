"""The state machine of a pledge: what leads where, what a second time does, what is refused."""
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies as st

from services.pledge.domain.pledge import EDITABLE, NAMES, PUBLIC, STANDING, Decider
from services.pledge.domain.refusals import Incomplete, NotReady, NotReviewed, NotYours, Refused, UnknownItem
from tests.unit.pledge.worlds import (
    DRAFTING, NOW, POLICY, TODAY, approved, draft, gates, item, published, review, signed, submitted,
)
from wire.contracts.pledge import STATES

VERBS = {
    "rewrite": lambda p, n: p.rewritten("written", (item(1), item(2, matter=f"修路{n}公里"))),
    "submit": lambda p, n: p.submitted(NOW, DRAFTING),
    "look": lambda p, n: p.looked_at("itm_1"),
    "approve": lambda p, n: p.approved([review(i.id) for i in p.items], POLICY),
    "return": lambda p, n: p.returned(f"理由{n}"),
    "sign": lambda p, n: p.signed(f"2026-{n:03d}", f"{n:064d}", NOW + timedelta(days=n)),
    "publish": lambda p, n: p.published(NOW + timedelta(days=n)),
    "progress": lambda p, n: p.progressed("itm_1", n, "进展"),
    "claim": lambda p, n: p.claimed("itm_1", "照片", NOW),
    "pass": lambda p, n: p.verified(gates(), TODAY),
    "fail": lambda p, n: p.verified(gates(solved=False, note="灯没有亮"), TODAY),
    "evaluate": lambda p, n: p.evaluated("evl_1", (1, n + 1), {"itm_1": "fulfilled", "itm_2": "carried"}),
    "retract": lambda p, n: p.evaluation_retracted("evl_1", (1, n + 1)),
}
#: which states a verb may lead between, apart from staying
EDGES = {("drafted", "submitted"), ("returned", "submitted"), ("submitted", "approved"), ("submitted", "returned"),
         ("approved", "signed"), ("signed", "published"), ("published", "evaluated"), ("evaluated", "published")}


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.integers(0, 9)), max_size=30))
def test_no_sequence_of_verbs_leaves_the_state_machine(steps):
    """Only declared edges are walked, the version counts every change and nothing else, the letter never changes."""
    pledge = draft()
    for verb, n in steps:
        before = pledge
        try:
            pledge = VERBS[verb](before, n)
        except Refused as refusal:
            assert refusal.sentence.endswith("。")
            continue
        if pledge is before:
            continue
        assert pledge.version == before.version + 1
        assert pledge.state == before.state or (before.state, pledge.state) in EDGES
        assert bool(pledge.number) == (pledge.state in STANDING)
        if before.number:
            assert (pledge.number, pledge.letter_hash, pledge.signed_at) == (before.number, before.letter_hash, before.signed_at)
        if before.state not in EDITABLE:
            assert all(a.says_the_same(b) for a, b in zip(before.items, pledge.items, strict=True))
        if any(i.state != "open" or i.progress or i.verdict for i in pledge.items):
            assert pledge.state in PUBLIC
        for one in pledge.items:
            assert (one.fulfilled_at is None) == (one.state != "fulfilled")
            assert (one.verdict == "") or pledge.state == "evaluated"


@given(st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.integers(0, 9)), max_size=20), st.sampled_from(
    ["submit", "approve", "return", "sign", "publish", "progress", "claim", "pass", "evaluate", "retract"]), st.integers(0, 9))
def test_the_same_verb_twice_changes_nothing_the_second_time(steps, verb, n):
    pledge = draft()
    for step, m in steps:
        try:
            pledge = VERBS[step](pledge, m)
        except Refused:
            continue
    try:
        once = VERBS[verb](pledge, n)
    except Refused:
        return
    assert VERBS[verb](once, n) is once


@given(st.permutations([("complete", 1), ("retract", 2), ("complete", 3), ("complete", 3), ("retract", 2), ("complete", 1)]))
def test_evaluations_in_any_order_end_in_the_newest_edition(steps):
    """Repeats and older editions of an evaluation change nothing. [T15] [T17]"""
    pledge = published()
    for what, version in steps:
        if what == "complete":
            pledge = pledge.evaluated("evl_1", (1, version), {"itm_1": "fulfilled" if version == 3 else "unfulfilled"})
        else:
            pledge = pledge.evaluation_retracted("evl_1", (1, version))
    assert pledge.state == "evaluated"
    assert [i.verdict for i in pledge.items] == ["fulfilled", ""]


def test_a_retraction_that_overtakes_its_completion_keeps_it_out():
    """[T17]"""
    pledge = published().evaluation_retracted("evl_1", (1, 2)).evaluated("evl_1", (1, 1), {"itm_1": "fulfilled"})
    assert (pledge.state, pledge.items[0].verdict) == ("published", "")


def test_a_new_epoch_of_evaluation_is_newer_than_any_version_of_the_old_one():
    pledge = published().evaluated("evl_1", (1, 9), {"itm_1": "fulfilled"}).evaluated("evl_1", (2, 1), {"itm_1": "carried"})
    assert pledge.items[0].verdict == "carried"


def test_another_evaluation_does_not_overrule_the_one_that_stands():
    """An annual pledge is evaluated once."""
    pledge = published().evaluated("evl_1", (1, 1), {"itm_1": "fulfilled"})
    assert pledge.evaluated("evl_2", (1, 5), {"itm_1": "unfulfilled"}) is pledge
    assert pledge.evaluation_retracted("evl_2", (1, 6)) is pledge


def test_what_is_not_public_cannot_be_evaluated():
    assert signed().evaluated("evl_1", (1, 1), {}).state == "signed"


def test_a_pledge_without_items_is_not_handed_in():
    """[B7]"""
    with pytest.raises(Incomplete) as refused:
        draft(items=()).submitted(NOW, DRAFTING)
    assert "items" in refused.value.errors


def test_an_item_nobody_answers_for_is_not_handed_in():
    """The notice shows item, responsible person and time. [D3]"""
    with pytest.raises(Incomplete) as refused:
        draft(item(1), item(2, responsible=" ")).submitted(NOW, DRAFTING)
    assert list(refused.value.errors["items"]) == ["1"]


def test_a_pledge_is_approved_only_when_every_item_was_reviewed():
    """[C8]"""
    with pytest.raises(NotReviewed, match="第 2 项还没有审查完"):
        submitted().approved([review("itm_1")], POLICY)


def test_an_item_that_missed_a_criterion_keeps_the_pledge_from_being_approved():
    """[C4] [C8]"""
    with pytest.raises(NotReviewed, match="第 1 项没有通过"):
        submitted().approved([review("itm_1", met=False), review("itm_2")], POLICY)


def test_the_later_verdict_replaces_the_earlier_one():
    reviews = [review("itm_1", met=False), review("itm_2"), review("itm_1", at=NOW + timedelta(hours=1))]
    assert submitted().approved(reviews, POLICY).state == "approved"


def test_a_policy_may_ask_for_two_reviewers():
    """The branch secretary and the line leader. [C2]"""
    two = replace(POLICY, reviewers_needed=2)
    one = [review("itm_1"), review("itm_2")]
    with pytest.raises(NotReviewed, match="须 2 人审查"):
        submitted().approved(one, two)
    with pytest.raises(NotReviewed, match="须 2 人审查"):
        submitted().approved([*one, review("itm_1", at=NOW + timedelta(hours=1)), review("itm_2", at=NOW + timedelta(hours=1))], two)
    assert submitted().approved([*one, review("itm_1", by="mem_b"), review("itm_2", by="mem_b")], two).state == "approved"


def test_a_criterion_added_after_the_review_asks_for_a_new_look():
    """Local rules differ: criteria are data."""
    with pytest.raises(NotReviewed):
        submitted().approved([review("itm_1"), review("itm_2")], replace(POLICY, criteria=(*POLICY.criteria, "体现示范性")))


def test_returned_with_a_reason_it_can_be_improved_and_handed_in_again():
    """[C5]"""
    returned = submitted().returned("目标写清楚")
    assert returned.returned_because == "目标写清楚"
    again = returned.rewritten("written", (item(1, target="20盏"),)).submitted(NOW, DRAFTING)
    assert (again.state, again.returned_because) == ("submitted", "")


@pytest.mark.parametrize("make", [submitted, approved, signed, published])
def test_what_was_handed_in_cannot_be_rewritten(make):
    with pytest.raises(NotReady, match="退回完善"):
        make().rewritten("written", (item(1),))


def test_nobody_decides_about_their_own_pledge():
    """[C1] [X50]"""
    with pytest.raises(NotYours):
        submitted().demand_decider(Decider("mem_zhang", above=True))


def test_an_organisations_own_pledge_is_decided_above_it():
    """[C1]"""
    own = submitted(draft(member_id=""))
    with pytest.raises(NotYours, match="上级党组织"):
        own.demand_decider(Decider("mem_li", above=False))
    own.demand_decider(Decider("mem_li", above=True))


@pytest.mark.parametrize("gate", ["solved", "implemented", "satisfied"])
def test_one_gate_that_does_not_pass_opens_the_item_again(gate):
    """三不通过. [F5]"""
    claimed = published().claimed("itm_1", "照片三张", NOW)
    opened = claimed.verified(gates(**{gate: False}, note="还差两户"), TODAY).item("itm_1")
    assert (opened.state, opened.note, opened.fulfilled_at) == ("open", "还差两户", None)


def test_a_gate_that_does_not_pass_needs_a_reason():
    """[F5]"""
    with pytest.raises(Incomplete):
        published().claimed("itm_1", "照片", NOW).verified(gates(solved=False), TODAY)


def test_all_three_gates_close_the_item():
    """挂牌销号: fulfil one, cancel one. [F3] [F5]"""
    pledge = published().claimed("itm_1", "照片", NOW).verified(gates(), TODAY)
    assert [(i.state, i.progress) for i in pledge.items] == [("fulfilled", 100), ("open", 0)]
    assert pledge.item("itm_1").fulfilled_on == TODAY


def test_an_item_closes_only_after_it_was_claimed():
    with pytest.raises(NotReady, match="申请销号"):
        published().verified(gates(), TODAY)


def test_an_unknown_item_is_refused():
    with pytest.raises(UnknownItem):
        published().progressed("itm_9", 10, "")


def test_the_states_have_one_set_of_names():
    assert NAMES == STATES
