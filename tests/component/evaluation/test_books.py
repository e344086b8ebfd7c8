"""The real books and the fake ones pass the same tests; so do the projection and its edition guard."""
import dataclasses
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from services.evaluation import pledged, usecases, written
from services.evaluation.storage import Books
from tests.databases import BOTH, migrated
from tests.fakes_evaluation import AT, TELLERS, VILLAGE, fake_books, ready, unit
from wire.contracts.calls import Stale
from wire.contracts.envelope import News
from wire.contracts.evaluation import CompleteEvaluation
from wire.contracts.pledge import ItemFacts, PledgeItemProgressed, PledgePublished


def fact(cls=PledgePublished, version=6, *, pledge_id="plg_1", progress=40, **more):
    """What pledge says of the village's pledge."""
    done = datetime(2026, 9, 1, tzinfo=UTC)
    items = (
        ItemFacts(item_id="itm_1", position=1, matter="修通二组机耕路", responsible="何小满", deadline_on=date(2026, 9, 30),
                  state="fulfilled", progress=100, fulfilled_at=done),
        ItemFacts(item_id="itm_2", position=2, matter="装路灯 20 盏", responsible="何小满", deadline_on=date(2026, 11, 30),
                  progress=progress),
        ItemFacts(item_id="itm_3", position=3, matter="照看独居老人", responsible="何小满"))
    return cls(**{
        "version": version, "acted_by": "prs_1", "acted_by_name": "李书记", "acted_at": AT, "pledge_id": pledge_id,
        "organisation_id": VILLAGE, "member_id": "mem_subject", "pledgor_name": "何小满", "year": 2026,
        "state": "published", "items": items, "published_at": AT, "scope": "society"} | more)


def news(event, epoch=1, position=1):
    return News(id="evt", event=event, stream=event.stream, epoch=epoch, position=position, correlation="", traceparent="")


@pytest.fixture(scope="module", params=BOTH)
def real(request, tmp_path_factory):
    with migrated("evaluation", request.param, request, tmp_path_factory.mktemp("books")) as opened:
        yield opened


@pytest.fixture(scope="module", params=["fake", *BOTH])
def shelf(request, tmp_path_factory):
    if request.param == "fake":
        yield None
        return
    with migrated("evaluation", request.param, request, tmp_path_factory.mktemp("books")) as opened:
        yield opened


@contextmanager
def rolled_back(database):
    """The real books in a transaction that is rolled back; the village's pledge is in the copy."""
    with database.begin(writing=True) as sql:
        unit = SimpleNamespace(sql=sql, books=Books(sql))
        pledged.keep(unit, [news(fact())])
        yield unit


@pytest.fixture
def books(shelf):
    if shelf is None:
        yield fake_books()
        return
    with rolled_back(shelf) as unit:
        yield unit.books


class TestBooks:
    def test_what_was_kept_is_read_as_it_was(self, books):
        """Exact fractions and decimals come back as they went in."""
        evaluation_id = ready(books)
        usecases.complete_evaluation(unit(books, CompleteEvaluation), CompleteEvaluation(
            evaluation_id=evaluation_id, grade="qualified", meeting="支部党员大会"))
        kept = books.evaluations.get(evaluation_id)
        assert kept == books.evaluations.peek(evaluation_id) == books.evaluations.of_pledge("plg_1")
        assert kept.result.tally.satisfaction * 30 == 2800
        assert kept.result.score == Decimal("82.67") and kept.comment.scores[0] == ("德", Decimal(90))
        assert set(kept.appraisal.entries) == set(TELLERS)

    def test_a_change_on_an_old_version_is_refused(self, books):
        kept = books.evaluations.get(ready(books))
        with pytest.raises(Stale):
            books.evaluations.save(kept)

    def test_a_second_evaluation_of_the_same_pledge_is_refused(self, books):
        kept = books.evaluations.get(ready(books))
        with pytest.raises(Stale):
            books.evaluations.add(dataclasses.replace(kept, id="evl_other"))

    def test_a_rating_has_one_place_per_rater(self, books):
        books.ratings.put("evl_1", "mem_b", Decimal("80.5"))
        books.ratings.put("evl_1", "mem_a", Decimal("99"))
        books.ratings.put("evl_1", "mem_b", Decimal("70"))
        assert books.ratings.scores("evl_1") == [70, 99]
        assert books.ratings.rated("evl_1", "mem_a") and not books.ratings.rated("evl_2", "mem_a")

    def test_excellent_counts_the_others_that_stand(self, books):
        evaluation_id = ready(books)
        usecases.complete_evaluation(unit(books, CompleteEvaluation), CompleteEvaluation(
            evaluation_id=evaluation_id, grade="excellent", meeting="支部党员大会", reason="带头修路"))
        books.evaluations.hold(VILLAGE, 2026)
        assert books.evaluations.excellent(VILLAGE, 2026, but="evl_other") == 1
        assert books.evaluations.excellent(VILLAGE, 2026, but=evaluation_id) == 0
        assert books.evaluations.excellent(VILLAGE, 2025, but="evl_other") == 0

    def test_lines_are_of_one_year_and_place(self, books):
        evaluation_id = ready(books)
        assert [line["evaluation_id"] for line in books.evaluations.of_year([VILLAGE], 2026)[0]] == [evaluation_id]
        assert books.evaluations.of_year([VILLAGE], 2025) == books.evaluations.of_year(["org_other"], 2026) == ([], 0, "")

    def test_a_list_is_paged_narrowed_and_says_how_many_there_are(self, books):
        """Past one page: nobody twice, nobody left out, two of one name told apart by their ids."""
        first = books.evaluations.get(ready(books))
        for n, name in enumerate(("何一", "何一", "何三", "陶四", "方五")):
            books.evaluations.add(dataclasses.replace(
                first, id=f"evl_more{n}", pledge_id=f"plg_more{n}", member_id=f"mem_more{n}", member_name=name,
                state="completed" if n == 4 else "opened"))
        ids, after = [], ""
        while True:
            lines, total, after = books.evaluations.of_year([VILLAGE], 2026, after=after, limit=2)
            ids += [line["evaluation_id"] for line in lines]
            assert total == 6 and len(lines) <= 2
            if not after:
                break
        assert sorted(ids) == sorted([first.id, *(f"evl_more{n}" for n in range(5))])
        assert [line["evaluation_id"] for line in books.evaluations.of_year([VILLAGE], 2026, search="陶")[0]] == ["evl_more3"]
        assert books.evaluations.of_year([VILLAGE], 2026, state="completed")[1] == 1
        assert books.evaluations.of_year([VILLAGE], 2026, member_id="mem_more1")[1] == 1

    def test_what_has_no_evaluation_is_found_until_it_has_one(self, books):
        lines, total, following = books.pledged.unopened([VILLAGE], 2026, ("published",))
        assert ([line["pledge_id"] for line in lines], [line["items"] for line in lines], total, following) == (["plg_1"], [3], 1, "")
        assert books.pledged.unopened([VILLAGE], 2026, ("published",), search="没有")[1] == 0
        ready(books)
        assert books.pledged.unopened([VILLAGE], 2026, ("published",)) == ([], 0, "")

    def test_what_is_not_there_is_none(self, books):
        assert books.evaluations.get("evl_9") is books.evaluations.of_pledge("plg_9") is books.pledged.get("plg_9") is None

    def test_the_copy_of_a_pledge_is_what_is_judged(self, books):
        found = books.pledged.get("plg_1")
        assert [i.item_id for i in found.items] == ["itm_1", "itm_2", "itm_3"]
        assert [p.fulfilled_on for p in found.promises(lambda at: at.date())] == [date(2026, 9, 1), None, None]


def test_an_older_pledge_never_overwrites_a_newer_one(real):
    """Whatever the order of arrival; a newer epoch wins over any version."""
    with rolled_back(real) as reading:
        def progress():
            return reading.books.pledged.get("plg_1").items[1].progress
        newer, older = news(fact(PledgeItemProgressed, 8, progress=80)), news(fact(PledgePublished, 7, progress=0))
        pledged.keep(reading, [newer, older])
        assert progress() == 80
        pledged.keep(reading, [older])
        assert progress() == 80
        pledged.keep(reading, [news(fact(PledgeItemProgressed, 2, progress=5), epoch=2)])
        assert progress() == 5


def test_what_is_not_published_is_not_kept(real):
    with rolled_back(real) as reading:
        pledged.keep(reading, [news(fact(state="signed", published_at=None, pledge_id="plg_draft"))])
        assert reading.books.pledged.get("plg_draft") is None


def test_as_able_has_no_deadline_that_counts():
    """力所能及: encouraged, no deadline counted. [A6]"""
    row = pledged.row(fact(commitment="as_able"))
    found = written.pledged(row)
    assert {p.deadline_on for p in found.promises(lambda at: at.date())} == {None}


