"""What a citizen sees: the front page, boards narrowed without JavaScript, one pledge; escaped, small, nothing from elsewhere."""
import gzip
import re
from dataclasses import replace

import pytest

from tests.fakes_pages import NOTICES, board, board_pledge, boards, county
from wire.contracts.calls import Away
from wire.contracts.notice import Crumb, ReadBoard, ReadBoardPledge, ReadBoards, ReadCounty

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_the_front_page_leads_to_the_boards(house):
    page = house.web.get("/").text
    assert 'href="/board/org_village"' in page and "188" in page and "逾期未办" in page


def test_a_village_is_found_by_part_of_its_name(house):
    page = house.web.get("/?search=柳溪").text
    assert "柳溪村党支部" in page and "青禾村党支部" not in page


def test_a_search_without_result_says_what_to_do(house):
    assert "换个写法试试" in house.web.get("/?search=没有的村").text


def test_a_large_county_shows_its_upper_levels_and_leads_to_the_rest(house):
    house.caller.answers[ReadCounty] = lambda actor, request: replace(county(request), organisations=2401)
    house.caller.answers[ReadBoards] = lambda actor, request: boards(replace(request, limit=3))
    assert "看全部 2401 个公开栏" in house.web.get("/").text
    page = house.web.get("/?sort=tree").text
    assert "柳溪村党支部" in page and "青禾村党支部" not in page
    assert "青禾村党支部" in house.web.get(re.search(r'rel="next" href="([^"#]+)', page)[1].replace("&amp;", "&")).text


def test_what_is_overdue_in_the_county_opens_to_the_boards_it_stands_on(house):
    """The figure, then the boards with something overdue, then the items themselves."""
    page = house.web.get("/").text
    assert 'href="/?sort=overdue#boards"' in page
    page = house.web.get("/?sort=overdue").text
    assert house.caller.of(ReadBoards)[-1].request.sort == "overdue"
    assert "逾期 2 件" in page and 'href="/board/org_village?state=late#promises"' in page
    house.web.get("/?sort=nonsense&within=org_town")
    assert house.caller.of(ReadBoards)[-1].request == ReadBoards(organisation_id="org_town")


def test_the_board_shows_matter_responsible_person_and_deadline(house):
    """A notice shows item, responsible person and completion time. [E3]"""
    page = house.web.get("/board/org_village").text
    for word in ("村卫生室药品目录上墙", "责任人 何秀英", "10 月 31 日前", "逾期 20 天", "长期"):
        assert word in page


def test_the_board_is_narrowed_by_state_and_search(house):
    late = house.web.get("/board/org_village?state=late").text
    assert "药品目录" in late and "机耕路，" not in late and "筛选结果：1 件" in late
    road = house.web.get("/board/org_village?search=机耕路").text
    assert "1.2 公里机耕路" in road and "药品目录" not in road


def test_a_filter_reads_on_until_it_finds_something(house):
    def paged(actor, request):
        view = board(request)
        names = {"": ("plg_tao", "2"), "2": ("plg_tao", "3"), "3": ("plg_he", "")}[request.after]
        return replace(view, pledges=(board_pledge(names[0]),), next=names[1])

    house.caller.answers[ReadBoard] = paged
    page = house.web.get("/board/org_village?state=late").text
    assert "药品目录" in page and "看后面的承诺" not in page


def test_an_empty_board_says_so(house):
    assert "这里还没有公开的承诺" in house.web.get("/board/org_other").text


def test_the_board_of_a_merged_organisation_leads_to_its_successors(house):
    """Nobody is expected to pledge there any more, and what was promised stays in sight."""
    over = {"ended": "merged", "successor": Crumb(organisation_id="org_other", name="竹园村党支部")}
    link = '已并入<a href="/board/org_other">竹园村党支部</a>'
    house.caller.answers[ReadBoard] = lambda actor, request: replace(board(request), expected=0, pledged=0, published=7, **over)
    page = house.web.get("/board/org_village").text
    assert link in page and "应承诺" not in page and "公开的承诺" in page and "村卫生室药品目录上墙" in page
    house.caller.answers[ReadCounty] = lambda actor, request: replace(
        county(request), boards=tuple(replace(line, **over) for line in county(request).boards[:1]))
    assert link in house.web.get("/").text


def test_a_pledge_shows_number_and_hash(house):
    page = house.web.get("/pledge/plg_he").text
    assert "云践〔2026〕017 号" in page and "7f3a 91c0" in page
    assert 'href="/board/org_village"' in page


@pytest.mark.parametrize("address", ["/pledge/plg_nobody", "/board/org_nowhere", "/nothing/here"])
def test_what_is_not_there_is_said_in_words_with_a_way_back(house, address):
    answer = house.web.get(address)
    assert answer.status_code == 404
    assert "没有找到" in answer.text and 'href="/"' in answer.text


def test_a_service_away_is_said_in_words(house):
    house.caller.answers[ReadBoardPledge] = Away("公示服务暂时没有回应，请稍后重试。")
    answer = house.web.get("/pledge/plg_he")
    assert answer.status_code == 503 and "请稍后重试" in answer.text
    assert re.search(r"编号：<b class=\"big\">\w{6}</b>", answer.text)


def test_a_mishap_tells_a_number_and_nothing_else(house):
    """Generic errors with a short number."""
    house.caller.answers[ReadBoardPledge] = RuntimeError("secret of the house")
    answer = house.web.get("/pledge/plg_he")
    assert answer.status_code == 500 and "secret" not in answer.text
    assert re.search(r"编号：<b class=\"big\">\w{4,12}</b>", answer.text)


def test_the_demonstration_says_so_on_every_page(house):
    assert "演示县" in house.web.get("/").text


@pytest.mark.parametrize("address", ["/", "/board/org_village", "/board/org_village?state=late", "/pledge/plg_he", "/sign-in"])
def test_what_people_wrote_never_becomes_markup(house, address):
    """Payloads in every text of a reply and in the query come back escaped."""
    spoiled = replace(board_pledge("plg_he"), pledgor_name=EVIL, post=EVIL, number=EVIL, kind=EVIL, items=tuple(
        replace(i, matter=EVIL, responsible=EVIL, note=EVIL, word=EVIL) for i in board_pledge("plg_he").items))
    notices = tuple(replace(n, title=EVIL, person=EVIL) for n in NOTICES)
    house.caller.answers[ReadBoardPledge] = lambda actor, request: spoiled
    house.caller.answers[ReadBoard] = lambda actor, request: replace(board(request), name=EVIL, pledges=(spoiled,), notices=notices)
    house.caller.answers[ReadCounty] = lambda actor, request: replace(county(request), name=EVIL, notices=notices)
    joined = address + ("&" if "?" in address else "?") + "search=" + "%22%3E%3Cscript%3E&next=%22%3E%3Cscript%3E"
    for wanted in (address, joined):
        page = house.web.get(wanted).text
        assert "<script>alert" not in page and "<img" not in page and '"><script>' not in page


@pytest.mark.parametrize("address", ["/", "/board/org_village", "/pledge/plg_he"])
def test_a_public_page_with_everything_it_loads_is_under_200_kb(house, address):
    full = tuple(replace(board_pledge(i), pledge_id=f"{i}_{k}") for k in range(70) for i in ("plg_liu", "plg_he", "plg_tao"))
    house.caller.answers[ReadBoard] = lambda actor, request: replace(board(request), pledges=full[:200])
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+)"', house.web.get(address).text)
    assert len(loaded) >= 3
    total = sum(len(house.web.get(one, headers={"Accept-Encoding": "gzip"}).data) for one in [address, *loaded])
    assert total < 200_000, total


def test_a_style_sheet_is_the_same_compressed_or_not(house):
    with house.web.get("/static/theme.css") as plain:
        zipped = house.web.get("/static/theme.css", headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(zipped.data) == plain.data


def test_public_pages_load_no_script_and_set_no_cookie(house):
    answer = house.web.get("/board/org_village")
    assert "<script" not in answer.text and "Set-Cookie" not in answer.headers


def test_every_figure_of_a_board_opens_the_list_it_counts(house):
    page = house.web.get("/board/org_village").text
    for state in ("late", "done", "long"):
        assert f'href="/board/org_village?state={state}#promises"' in page, state
    long_running = house.web.get("/board/org_village?state=long").text
    assert "义务清扫" in long_running and "药品目录" not in long_running
    assert 'href="/board/org_village?state=done#promises"' in house.web.get("/").text


def test_the_rate_of_a_result_says_how_it_is_formed(house):
    assert "（满意 + 基本满意）÷（有效票 − 不了解）" in house.web.get("/").text
