"""The board on real SQL: editions, batches, notices once, and what the public can and cannot read."""
import itertools
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event as sqlevent
from sqlalchemy import select

from services.notice import board, names, queries, results, usecases
from services.notice.domain.policy import BoardPolicy
from services.notice.service import NoticeService
from services.notice.storage import board_pledge, notice
from services.notice.storage import result as results_table
from tests.authority_notice import FACTORIES
from tests.databases import BOTH, migrated
from tests.fakes import FakeUnit
from tests.fakes_notice import AT, COUNTY, GROUP, ROSTER, TOWN, VILLAGE, evaluation, item, member, news, organisation, pledge
from wire import directory
from wire.bus.tables import outbox
from wire.bus.testing import house
from wire.contracts.actor import PUBLIC
from wire.contracts.calls import Remote
from wire.contracts.evaluation import EvaluationOpened, EvaluationRetracted
from wire.contracts.notice import ReadBoard, ReadBoardPledge, ReadCounty
from wire.contracts.pledge import (
    PledgeItemClaimed, PledgeItemFulfilled, PledgeItemProgressed, PledgeItemRefused, PledgePublished, PledgeSigned,
)
from wire.contracts.roster import OrganisationChanged

SIGNED = pledge(PledgeSigned, 5, state="signed", published_at=None, scope="branch")
PUBLISHED = pledge()
PROGRESSED = pledge(PledgeItemProgressed, 7, items=(item(1, progress=40), item(2, deadline_on=None)))
CLAIMED = pledge(PledgeItemClaimed, 8, items=(item(1, state="claimed", progress=40), item(2, deadline_on=None)))
FULFILLED = pledge(PledgeItemFulfilled, 9, items=(
    item(1, state="fulfilled", progress=100, fulfilled_at=AT + timedelta(days=2)), item(2, deadline_on=None)))
STORY = (SIGNED, PUBLISHED, PROGRESSED, CLAIMED, FULFILLED)


@pytest.fixture(scope="module", params=BOTH)
def real(request, tmp_path_factory):
    with migrated("notice", request.param, request, tmp_path_factory.mktemp("notice")) as opened:
        yield opened


@contextmanager
def rolled_back(database):
    """A unit on real tables that is rolled back; the roster is known in it."""
    with database.begin(writing=True) as sql:
        unit = FakeUnit(None, actor=PUBLIC, directory=directory.Directory(sql))
        unit.sql = sql
        told = [news(fact) for fact in ROSTER]
        directory.keep(unit, told)
        names.keep(unit, told)
        yield unit


@pytest.fixture
def unit(real):
    with rolled_back(real) as unit:
        yield unit


def heard(unit, *facts):
    board.post(unit, [news(fact) for fact in facts])


def shown(unit, request):
    """What the door answers, on either database."""
    asked = {"year": usecases.year_of(unit, request), "most": BoardPolicy().notices, "kinds": BoardPolicy().expected}
    if isinstance(request, ReadCounty):
        return usecases.show_county(unit, request, queries.county(unit, request, **asked))
    return usecases.show_board(unit, request, queries.board(unit, request, **asked))


@pytest.fixture
def public(tmp_path):
    """A house of its own, as the public meets it."""
    with house(tmp_path, NoticeService) as running:
        running.hear(*ROSTER)
        yield running


def rows(unit, table=board_pledge):
    return [dict(r) for r in unit.sql.execute(select(table)).mappings()]


def announced(unit):
    """What this unit would announce: verb and subject, in order."""
    return [(told.topic.split(".")[2], told.subject) for told in unit.announced]


def test_any_order_and_any_repetition_gives_the_same_board(real):
    """120 orders, each event twice: the same rows."""
    seen = set()
    for order in itertools.permutations(STORY):
        with rolled_back(real) as unit:
            for fact in (*order, *order):
                board.post(unit, [news(fact)])
            seen.add(repr(rows(unit)))
            one = repr(rows(unit))
        with rolled_back(real) as unit:
            board.post(unit, [news(fact) for fact in order])
            assert repr(rows(unit)) == one
    assert len(seen) == 1


def test_heard_in_order_each_thing_is_told_once(unit):
    """Published, progressed, closed: a notice each; a claim tells the pledge's anew; again: nothing. [E3, F3]"""
    for fact in STORY:
        board.post(unit, [news(fact)])
    verbs = [verb for verb, _ in announced(unit)]
    assert verbs == ["posted", "posted", "corrected", "posted", "corrected"]
    before = rows(unit, notice)
    for fact in STORY:
        board.post(unit, [news(fact)])
    assert len(announced(unit)) == 5 and rows(unit, notice) == before
    assert {(n["kind"], n["of"], n["title"]) for n in before} == {
        ("pledge", "plg_1", "修通1组机耕路（2026年12月31日前）等 2 件"), ("progress", "plg_1", "修通1组机耕路：已完成 40%"),
        ("closed_item", "plg_1", "修通1组机耕路")}


def test_a_new_epoch_tells_nothing_twice(unit):
    """A producer restored from a backup says it all again: no second notice."""
    board.post(unit, [news(PUBLISHED)])
    board.post(unit, [news(PUBLISHED, epoch=2)])
    assert len(announced(unit)) == 1 and rows(unit)[0]["epoch"] == 2


def test_a_newer_epoch_replaces_a_higher_version(unit):
    board.post(unit, [news(FULFILLED)])
    board.post(unit, [news(pledge(PledgePublished, 2), epoch=2)])
    assert rows(unit)[0]["fulfilled"] == 0
    assert [n["state"] for n in rows(unit, notice) if n["kind"] == "closed_item"] == ["withdrawn"]


def test_a_refused_claim_is_seen_on_the_board(unit):
    """待核验 comes and goes without a notice of its own: the pledge's is told anew."""
    for fact in (PUBLISHED, PROGRESSED, CLAIMED, pledge(PledgeItemRefused, 9, items=PROGRESSED.items)):
        board.post(unit, [news(fact)])
    assert [verb for verb, _ in announced(unit)] == ["posted", "posted", "corrected", "corrected"]


def test_a_batch_of_two_hundred_costs_a_handful_of_statements(unit):
    batch = [news(pledge(pledge_id=f"plg_{i}", items=(item(1, item_id=f"itm_{i}"),))) for i in range(200)]
    counted = []
    sqlevent.listen(unit.sql, "before_execute", lambda *a: counted.append(1))
    board.post(unit, batch)
    assert len(rows(unit)) == 200 and len(announced(unit)) == 200
    assert len(counted) <= 6


def test_what_is_not_published_leaves_no_words_behind(unit):
    """Submitted … signed are recorded and have no content on the board."""
    board.post(unit, [news(SIGNED)])
    [row] = rows(unit)
    assert not row["shown"] and row["items"] == [] and row["pledgor_name"] == row["matters"] == "" and announced(unit) == []


def test_what_is_not_for_society_is_not_shown(unit):
    """A visibility scope narrower than society 社会 never reaches the board."""
    board.post(unit, [news(pledge(scope="unit"))])
    assert not rows(unit)[0]["shown"]


def test_a_result_is_told_without_a_score(unit):
    """The result is announced to the masses: four figures and the rate, never the member's score. [G20]"""
    results.post(unit, [news(evaluation(EvaluationOpened, 1, state="opened", tally=None, score=None, completed_at=None))])
    assert announced(unit) == []
    results.post(unit, [news(evaluation()), news(evaluation())])
    [told] = rows(unit, notice)
    assert told["title"] == "群众满意度 93.33%：到会 34、发出 34、收回 33、有效 30"
    assert "71.77" not in repr(told) + repr(rows(unit, results_table)) + repr(unit.announced)
    assert [verb for verb, _ in announced(unit)] == ["posted"]


def test_a_retracted_result_is_withdrawn_and_an_older_one_does_not_bring_it_back(unit):
    results.post(unit, [news(evaluation())])
    results.post(unit, [news(evaluation(EvaluationRetracted, 8, state="retracted"))])
    results.post(unit, [news(evaluation())])
    assert [n["state"] for n in rows(unit, notice)] == ["withdrawn"]
    assert [verb for verb, _ in announced(unit)] == ["posted", "corrected"]


def test_a_published_pledge_is_on_the_public_board(public):
    """Published online, with item, responsible person and completion time. [E3, E5]"""
    public.hear(*STORY[:3])
    found = public.call(PUBLIC, ReadBoard(organisation_id=VILLAGE, year=2026))
    assert (found.name, [c.name for c in found.above], found.below) == ("柳溪村党支部", ["云岭县委", "石桥镇党委"], ())
    assert (found.expected, found.pledged, found.items, found.long_running) == (3, 1, 2, 1)
    assert found.fulfilment == Decimal("0.00")
    [shown] = found.pledges
    assert (shown.pledgor_name, shown.post, shown.number) == ("曾小明", "支部委员", "2026-001")
    assert (shown.items[0].matter, shown.items[0].responsible, shown.items[0].progress) == ("修通1组机耕路", "何秀", 40)
    assert {n.kind for n in found.notices} == {"pledge", "progress"}
    assert public.call(PUBLIC, ReadBoardPledge(pledge_id="plg_1")) == shown
    with public.reading("notice") as unit:
        assert set(unit.sql.scalars(select(outbox.c.topic))) == {"notice.notice.posted.v1"}


def test_drafts_and_what_was_withdrawn_are_nowhere(public):
    """Unknown, unpublished and withdrawn answer alike; no word of them is in any public answer."""
    public.hear(SIGNED)
    secret = "修通1组机耕路"

    def answers():
        board_, county = public.call(PUBLIC, ReadBoard(organisation_id=VILLAGE, year=2026)), public.call(PUBLIC, ReadCounty(year=2026))
        return repr(board_) + repr(county)

    assert secret not in answers()
    public.hear(PUBLISHED, PROGRESSED)
    assert secret in answers()
    public.hear(pledge(PledgeItemProgressed, 10, state="terminated"))
    assert secret not in answers() and public.call(PUBLIC, ReadBoard(organisation_id=VILLAGE, year=2026)).items == 0
    sentences = set()
    for pledge_id in ("plg_1", "plg_unknown"):
        with pytest.raises(Remote) as refusal:
            public.call(PUBLIC, ReadBoardPledge(pledge_id=pledge_id))
        sentences.add((refusal.value.status, refusal.value.sentence))
    assert len(sentences) == 1 and sentences.pop()[0] == 404


def test_a_board_appears_once_its_organisation_is_known(public):
    """An event may come before the directory knows the organisation: kept, and shown then."""
    public.hear(pledge(organisation_id="org_new", pledge_id="plg_new", member_id="mem_new"))
    with pytest.raises(Remote):
        public.call(PUBLIC, ReadBoard(organisation_id="org_new", year=2026))
    public.hear(organisation("org_new", COUNTY, name="新社区党支部"))
    assert [p.pledge_id for p in public.call(PUBLIC, ReadBoard(organisation_id="org_new", year=2026)).pledges] == ["plg_new"]
    public.hear(OrganisationChanged(**{f: getattr(organisation("org_new", COUNTY), f) for f in (
        "acted_by", "acted_by_name", "acted_at", "organisation_id", "code", "kind", "sector", "parent_id", "path")},
        version=2, name="新社区党总支"))
    assert public.call(PUBLIC, ReadBoard(organisation_id="org_new", year=2026)).name == "新社区党总支"


def many(unit):
    """The organisation's own pledge, three members', one of them in the party group."""
    heard(
        unit, pledge(), pledge(pledge_id="plg_2", member_id="mem_2", pledgor_name="何秀", items=(item(3, matter="装路灯 20 盏"),)),
        pledge(pledge_id="plg_3", member_id="mem_3", pledgor_name="陶安", organisation_id=GROUP, commitment="oral", items=(item(4),)),
        pledge(pledge_id="plg_0", member_id="", pledgor_name="柳溪村党支部", form="organisation", items=(item(5),)))


def test_a_board_is_paged_by_surname_the_organisations_own_first(unit):
    """Members of a party group stand on the board of their branch; organisations pledge too."""
    many(unit)
    seen, after = [], ""
    while True:
        page = shown(unit, ReadBoard(organisation_id=VILLAGE, year=2026, limit=1, after=after))
        seen += [p.pledgor_name for p in page.pledges]
        assert (page.expected, page.pledged, page.oral, page.items) == (3, 3, 1, 5)
        after = page.next
        if not after:
            break
    assert seen == ["柳溪村党支部", "何秀", "陶安", "曾小明"]


@pytest.mark.parametrize(("search", "found"), [
    ("曾", {"曾小明"}), ("zxm", {"曾小明"}), ("ZXM", {"曾小明"}), ("zeng", {"曾小明"}), ("路灯", {"何秀"}), ("100%", set()),
    ("_", set()), ("机耕路", {"曾小明", "陶安", "柳溪村党支部"})])
def test_a_board_is_searched_by_name_pinyin_and_matter(unit, search, found):
    many(unit)
    page = shown(unit, ReadBoard(organisation_id=VILLAGE, year=2026, search=search))
    assert {p.pledgor_name for p in page.pledges} == found


def test_the_front_page_adds_up_the_county(unit):
    """Coverage, fulfilment and boards, found by name."""
    many(unit)
    found = shown(unit, ReadCounty(year=2026))
    assert (found.name, found.organisations, found.expected, found.pledged, found.items) == ("云岭县委", 3, 3, 3, 5)
    assert {line.organisation_id: (line.pledged, line.items) for line in found.boards} == {
        COUNTY: (0, 0), TOWN: (0, 0), VILLAGE: (4, 5)}
    assert [line.organisation_id for line in shown(unit, ReadCounty(year=2026, search="柳溪")).boards] == [VILLAGE]


def test_an_empty_county_has_a_front_page(tmp_path):
    with house(tmp_path, NoticeService) as running:
        found = running.call(PUBLIC, ReadCounty())
    assert (found.name, found.organisations, found.fulfilment, found.boards) == ("", 0, None, ())


def test_who_may_pledge_but_need_not_is_not_in_the_denominator(unit):
    """入党积极分子 and 非党干部 take part and are never expected. [A3]"""
    directory.keep(unit, [news(member("mem_5", "丁正", "ding 丁 zheng 正", kind="cadre"))])
    heard(unit, pledge(pledge_id="plg_4", member_id="mem_4", pledgor_name="白新"))
    found = shown(unit, ReadBoard(organisation_id=VILLAGE, year=2026))
    assert (found.expected, found.pledged, len(found.pledges)) == (3, 0, 1)


@pytest.mark.parametrize("request_class", FACTORIES)
def test_every_door_answers_who_is_not_signed_in(public, request_class):
    """A member of the public reads without logging in."""
    assert public.call(PUBLIC, FACTORIES[request_class](public, VILLAGE)) is not None
