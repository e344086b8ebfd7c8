"""How facts become Chinese words on a page."""
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import given, strategies as st

from services.gateway.identity import failures
from services.gateway.pages import forms, words
from services.notice.domain.item import Item
from tests.fakes_gateway import HandClock
from wire.contracts.calls import Invalid
from wire.contracts.evaluation import RatePeer
from wire.contracts.pledge import DraftPledge, RecordProgress, VerifyItem

#: 23:30 in the county on 20 November; at Greenwich it is 15:30
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def county_time():
    app = Flask("words")
    app.extensions["clock"] = HandClock(NOW)
    with app.test_request_context("/"):
        yield


@pytest.mark.parametrize("instant, said", [
    (NOW, "今天 23:30"), (NOW + timedelta(minutes=31), "11 月 21 日 00:01"), (NOW - timedelta(hours=24), "昨天 23:30"),
    (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "2025 年 12 月 31 日 23:59"), (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "1 月 1 日 00:00")])
def test_a_moment_is_told_in_county_time(instant, said):
    assert words.moment(instant) == said


def test_the_minute_from_which_one_may_sign_in_again_is_the_same_for_oneself_and_for_the_administrator():
    """Told up to the whole minute: at 09:42:01 it is 09:43. [X7]"""
    for second, minute in ((0, "09:42"), (1, "09:43"), (59, "09:43")):
        until = datetime(2026, 9, 20, 1, 42, second, tzinfo=UTC)
        assert words.from_when(until).endswith(minute) and failures.opens(until) == minute


@pytest.mark.parametrize("day, said", [(None, "长期"), (date(2026, 9, 30), "9 月 30 日前"), (date(2027, 1, 1), "2027 年 1 月 1 日前")])
def test_a_deadline_without_a_date_is_long_running(day, said):
    assert words.deadline(day) == said


@pytest.mark.parametrize("deadline, word, tone", [
    (None, "长期", "open"), (date(2026, 11, 19), "逾期 1 天", "late"), (date(2026, 11, 20), "30 天内到期", "due"),
    (date(2026, 12, 20), "30 天内到期", "due"), (date(2026, 12, 21), "办理中 40%", "open")])
def test_an_item_is_late_the_day_after_its_deadline(deadline, word, tone):
    assert words.item_word(SimpleNamespace(state="open", deadline_on=deadline, progress=40), soon=30) == (word, tone)


@given(st.sampled_from(("open", "claimed", "fulfilled")), st.sampled_from(("", "fulfilled", "unfulfilled", "carried")),
       st.none() | st.integers(-40, 60), st.integers(0, 100), st.integers(1, 45), st.booleans())
def test_the_desk_calls_an_item_what_the_public_board_calls_it(state, verdict, left, progress, soon, counted):
    deadline = None if left is None else date(2026, 11, 20) + timedelta(days=left)
    on_board = Item(item_id="itm", matter="修路", responsible="某人", deadline_on=deadline, state=state, progress=progress, note="", verdict=verdict,
                    counted=counted)
    line = SimpleNamespace(state=state, deadline_on=deadline, progress=progress, verdict=verdict)
    assert words.item_word(line, date(2026, 11, 20), soon=soon, counted=counted)[0] == on_board.said(date(2026, 11, 20), soon)[0]


def test_a_fulfilled_item_is_never_late():
    assert words.item_word(SimpleNamespace(state="fulfilled", deadline_on=date(2020, 1, 1))) == ("已兑现", "done")


@pytest.mark.parametrize("figure, said", [("93.335", "93.34"), ("90.00", "90"), ("100", "100"), ("0", "0"), ("0.004", "0"),
                                          ("1E+2", "100"), (None, "—")])
def test_a_figure_is_read_without_needless_zeros(figure, said):
    assert words.number(None if figure is None else Decimal(figure)) == said


@given(st.decimals(min_value=-1000, max_value=1000, allow_nan=False, places=4))
def test_a_figure_is_never_further_off_than_half_a_hundredth(value):
    assert abs(Decimal(words.number(value)) - value) <= Decimal("0.005")


def test_errors_are_found_however_deep_they_lie():
    found = {"items": {"0": {"matter": ["不能为空，请填写。"]}, "1": {"deadline_on": ["日期不对。"]}}, "": "请核对。"}
    assert words.lines(found) == ["不能为空，请填写。", "日期不对。", "请核对。"]


def test_a_form_becomes_the_request_it_means():
    sent = forms.read(RecordProgress, {"progress": " ８0 ", "note": "一\r\n二", "key": "k", "csrf_token": "t"}, pledge_id="plg_1", item_id="itm_1")
    assert (sent.progress, sent.note) == (80, "一\n二")
    gates = forms.read(VerifyItem, {"solved": "1", "implemented": "0", "satisfied": "1"}, pledge_id="plg_1", item_id="itm_1")
    assert (gates.solved, gates.implemented, gates.satisfied) == (True, False, True)


def test_a_blank_choice_takes_the_default_and_a_blank_duty_is_refused():
    assert forms.read(DraftPledge, {"organisation_id": "org_1", "year": "2026", "member_id": "", "kind": ""}).kind == "annual"
    with pytest.raises(Invalid) as refused:
        forms.read(RatePeer, {"score": ""}, evaluation_id="evl_1")
    assert "请填写数字" in str(refused.value.errors)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_taken_or_refused_in_words(word):
    try:
        forms.read(RecordProgress, {"progress": word, "note": word}, pledge_id="plg_1", item_id="itm_1")
        forms.read(RatePeer, {"score": word}, evaluation_id="evl_1")
    except Invalid as refused:
        assert words.lines(refused.errors)


def test_an_instant_is_told_as_its_day_in_the_county():
    assert words.day(datetime(2026, 11, 20, 22, 0, tzinfo=UTC)).endswith("11 月 21 日")


@pytest.mark.parametrize("seconds, said", [(30 * 60, "30 分钟"), (12 * 3600, "12 小时"), (86_400, "24 小时"), (7 * 86_400, "7 天"), (90, "90 秒"),
                                           (3600, "60 分钟"), (5400, "90 分钟")])
def test_how_long_something_lasts_is_said_as_people_say_it(seconds, said):
    assert words.lasting(seconds) == said
