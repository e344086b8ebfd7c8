"""Prepared public pages: rendered after the last news about them, served while notice is away."""
import gzip
from dataclasses import replace
from types import SimpleNamespace

import pytest

from services.gateway import prepared
from tests.fakes_pages import board
from wire.contracts.calls import Away, NotFound
from wire.contracts.notice import ReadBoard, ReadCounty

BOARD = "/board/org_village"
AWAY = Away("公示服务暂时没有回应，请稍后重试。")


def news(house, organisation_id="org_village"):
    with house.store.writing() as unit:
        prepared.mark(unit, [SimpleNamespace(event=SimpleNamespace(organisation_id=organisation_id))])


def renderer(house):
    return house.app.extensions[prepared.KEY]


def row(house, path=BOARD):
    with house.store.reading() as unit:
        return unit.books.pages.get(path)


def title(house, name):
    """Let the board be called by this name from now on."""
    house.caller.answers[ReadBoard] = lambda actor, request: replace(board(request), name=name)


def test_the_board_is_served_while_notice_is_away(house):
    """Public pages stay there from what is prepared."""
    house.web.get(BOARD)
    house.caller.answers[ReadBoard] = AWAY
    answer = house.web.get(BOARD)
    assert answer.status_code == 200
    assert "柳溪村党支部" in answer.text


def test_a_board_nobody_has_seen_says_what_to_do_while_notice_is_away(house):
    house.caller.answers[ReadBoard] = AWAY
    answer = house.web.get(BOARD)
    assert answer.status_code == 503
    assert "请稍后重试" in answer.text
    assert answer.headers["Retry-After"]


def test_a_board_of_nobody_is_not_found_and_not_kept(house):
    answer = house.web.get("/board/org_nowhere")
    assert answer.status_code == 404
    assert "没有找到这个党组织" in answer.text
    assert row(house, "/board/org_nowhere") is None


def test_a_browser_that_has_the_page_is_told_so(house):
    first = house.web.get(BOARD)
    again = house.web.get(BOARD, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_page_travels_compressed_to_whom_it_may(house):
    plain = house.web.get(BOARD)
    zipped = house.web.get(BOARD, headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert "Accept-Encoding" in zipped.headers["Vary"]


def test_one_call_serves_many_readers(house):
    for _ in range(5):
        house.web.get(BOARD)
    assert len(house.caller.of(ReadBoard)) == 1


@pytest.mark.parametrize("organisation_id, changed", [("org_village", True), ("org_other", False)])
def test_news_renders_the_boards_it_concerns_and_no_other(house, organisation_id, changed):
    house.web.get(BOARD)
    renderer(house).sweep()
    title(house, "柳溪新村党支部")
    news(house, organisation_id)
    renderer(house).sweep()
    assert ("柳溪新村党支部" in house.web.get(BOARD).text) is changed


def test_news_of_a_village_renders_its_town_and_the_front_page(house):
    for path in ("/", "/board/org_town"):
        house.web.get(path)
    renderer(house).sweep()
    news(house)
    assert row(house, "/").stale and row(house, "/board/org_town").stale
    renderer(house).sweep()
    assert not row(house, "/").stale and not row(house, "/board/org_town").stale


def test_news_that_comes_while_a_page_is_rendered_is_not_lost(house):
    house.web.get(BOARD)
    renderer(house).sweep()
    news(house)
    house.clock.move(seconds=1)

    def slow(actor, request):
        news(house)
        return board(request)

    house.caller.answers[ReadBoard] = slow
    renderer(house).sweep()
    assert row(house).stale
    title(house, "柳溪新村党支部")
    renderer(house).sweep()
    assert "柳溪新村党支部" in house.web.get(BOARD).text and not row(house).stale


def test_news_before_the_first_page_is_kept_is_not_lost(house):
    def slow(actor, request):
        news(house)
        return board(request)

    house.caller.answers[ReadBoard] = slow
    house.web.get(BOARD)
    title(house, "柳溪新村党支部")
    renderer(house).sweep()
    assert "柳溪新村党支部" in house.web.get(BOARD).text


def test_pages_wait_while_notice_is_away_and_follow_when_it_is_back(house):
    house.web.get(BOARD)
    news(house)
    house.caller.answers[ReadBoard] = AWAY
    assert renderer(house).sweep() == 0
    assert row(house).stale
    title(house, "柳溪新村党支部")
    assert renderer(house).sweep() == 1
    assert "柳溪新村党支部" in house.web.get(BOARD).text


def test_a_page_that_cannot_be_rendered_does_not_keep_others_from_it(house):
    house.web.get("/")
    house.web.get(BOARD)
    house.caller.answers[ReadCounty] = RuntimeError("broken")
    assert renderer(house).sweep() == 1
    assert row(house, "/").stale and not row(house).stale


def test_a_board_that_is_gone_leaves_no_page_behind(house):
    house.web.get(BOARD)
    house.caller.answers[ReadBoard] = NotFound("没有找到这个党组织，请从首页重新查找。")
    renderer(house).sweep()
    assert house.web.get(BOARD).status_code == 404


def test_words_that_depend_on_the_date_are_new_after_county_midnight(house):
    """09:42 on 20 November in the county: the day ends 14 hours and 18 minutes later."""
    house.web.get(BOARD)
    renderer(house).sweep()
    house.clock.move(hours=14, minutes=17)
    assert renderer(house).sweep() == 0
    house.clock.move(minutes=2)
    assert renderer(house).sweep() == 1
    assert "更新于 昨天" in house.web.get(BOARD).text


def test_a_page_nobody_sent_news_about_is_still_renewed_when_asked_for(house):
    house.web.get(BOARD)
    renderer(house).sweep()
    house.clock.move(seconds=61)
    assert "柳溪村" in house.web.get(BOARD).text
    assert row(house).stale
