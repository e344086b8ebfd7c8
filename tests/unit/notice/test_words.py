"""The words of the board, the figures, and what is worth a notice."""
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.pages.public import fits
from services.gateway.pages.words import FILTERS
from services.notice.domain.item import Item, figures, items_of, summary
from services.notice.domain.policy import BoardPolicy
from services.notice.domain.telling import Showing, gone, notice_id, of_pledge, of_result
from services.notice.usecases import show_pledge
from tests.fakes import FakeUnit
from tests.fakes_notice import AT
from wire.contracts.actor import PUBLIC

TODAY = date(2026, 11, 20)


def item(deadline_in=None, *, state="open", progress=0, verdict="", counted=True, item_id="itm_1"):
    deadline = None if deadline_in is None else TODAY + timedelta(days=deadline_in)
    return Item(item_id, "修通机耕路", "何秀", deadline, state, progress, "", verdict, AT if state == "fulfilled" else None, counted)


@pytest.mark.parametrize(("shown", "word", "tone"), [
    (item(100, state="fulfilled"), "已兑现", "done"), (item(-9, state="fulfilled"), "已兑现", "done"),
    (item(100, progress=82), "办理中 82%", "open"), (item(100, state="claimed"), "待核验", "open"),
    (item(31), "办理中 0%", "open"), (item(30), "30 天内到期", "due"), (item(0), "30 天内到期", "due"),
    (item(-1), "逾期 1 天", "late"), (item(-20), "逾期 20 天", "late"), (item(-3, state="claimed"), "待核验，已逾期 3 天", "late"),
    (item(), "长期", "open"), (item(-20, counted=False), "长期", "open"),
    (item(-20, verdict="carried"), "续办", "open"), (item(-20, verdict="unfulfilled"), "逾期 20 天", "late"),
    (item(-20, verdict="fulfilled"), "已兑现", "done"), (item(verdict="unfulfilled"), "未兑现", "late")])
def test_an_item_is_said_in_one_word(shown, word, tone):
    """The notice shows the state beside item, responsible person and completion time. [E3]"""
    assert shown.said(TODAY, BoardPolicy().due_soon_days) == (word, tone)


def test_how_soon_is_soon_is_policy():
    assert item(8).said(TODAY, 7)[1] == "open"
    assert item(7).said(TODAY, 7) == ("7 天内到期", "due")


items = st.lists(st.builds(
    item, st.none() | st.integers(-60, 60), state=st.sampled_from(("open", "claimed", "fulfilled")),
    verdict=st.sampled_from(("", "fulfilled", "unfulfilled", "carried")), counted=st.booleans()), max_size=8)


@given(st.lists(items, max_size=5))
def test_the_figures_agree_with_the_words(pledges):
    """What is counted as overdue is what is shown as late, and so on down the board."""
    found = figures(map(summary, pledges), TODAY)
    everything = [i for of_one in pledges for i in of_one]
    said = [i.said(TODAY, 30) for i in everything]
    assert (found.items, found.fulfilled) == (len(everything), [tone for _, tone in said].count("done"))
    assert found.overdue == sum("逾期" in word for word, _ in said)
    assert found.due + found.long_running <= found.items
    assert (found.fulfilment is None) == (not everything)


@given(items, st.booleans())
def test_the_list_a_figure_opens_is_the_list_it_counts(some, counted):
    """Late, done and long-running of a board, filtered as its page filters; and each item stands under one filter at least."""
    some = [replace(i, counted=counted) for i in some]
    row = {"pledge_id": "plg_1", "number": "1", "pledgor_name": "何秀", "post": "", "kind": "annual", "published_at": AT, "fulfilled": 0,
           "commitment": "written" if counted else "as_able", "letter_hash": "", "organisation_id": "org_1", "items": [i.plain() for i in some]}
    shown = show_pledge(FakeUnit(None, actor=PUBLIC, now=datetime(2026, 11, 20, 1, tzinfo=UTC), policies={BoardPolicy: BoardPolicy()}), row).items
    found = figures([summary(some)], TODAY)
    assert {state: sum(fits(i, state) for i in shown) for state in ("late", "done", "long")} == {
        "late": found.overdue, "done": found.fulfilled, "long": found.long_running}
    assert all(any(fits(i, state) for state in FILTERS if state) and fits(i, "") for i in shown)


@given(items)
def test_items_are_read_as_they_were_kept(some):
    of_commitment = [i for i in some if i.counted]
    assert list(items_of([i.plain() for i in of_commitment], "written")) == of_commitment


def showing(*some):
    return Showing("plg_1", "曾小明", AT, some)


def kinds(told):
    return [(t.kind, t.state) for t in told]


def test_a_notice_names_the_matter_and_the_deadline():
    """The notice shows matter, person and time. [E3]"""
    told = next(of_pledge(showing(item(100), item(None, item_id="itm_2")), None, AT))
    assert told.title == "修通机耕路（2027年2月28日前）等 2 件" and told.person == "曾小明" and told.posted_at == AT


def test_progress_is_told_when_it_moves():
    before = {"itm_1": item(100, progress=40)}
    assert kinds(of_pledge(showing(item(100, progress=40)), before, AT)) == [("pledge", "posted")]
    assert kinds(of_pledge(showing(item(100, progress=60)), before, AT)) == [("pledge", "posted"), ("progress", "posted")]
    assert kinds(of_pledge(showing(item(100, state="fulfilled", progress=100)), before, AT)) == [
        ("pledge", "posted"), ("closed_item", "posted")]


def test_what_is_no_longer_fulfilled_is_withdrawn():
    was = {"itm_1": item(100, state="fulfilled")}
    assert ("closed_item", "withdrawn") in kinds(of_pledge(showing(item(100)), was, AT))


def test_a_pledge_that_left_takes_its_notices_with_it():
    assert {t.notice_id for t in gone("plg_1", {"itm_1": item()}, AT)} == {
        notice_id("pledge", "plg_1"), notice_id("progress", "itm_1"), notice_id("closed_item", "itm_1")}


def test_a_result_without_a_rate_says_so():
    assert "没有得出满意度" in of_result("evl_1", "曾小明", AT, stands=True, present=30, issued=30, returned=30, valid=30).title
    assert of_result("evl_1", "曾小明", AT, stands=True).title == "年度评诺已完成"
