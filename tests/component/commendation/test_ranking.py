"""The ranking as the databases compute it, against the same ranking recomputed from the rule alone."""
from decimal import Decimal
from itertools import chain, pairwise

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select

from services.commendation import queries, ranking
from services.commendation.storage import ranking as table
from tests.component.wire.test_directory import organisation
from tests.databases import BOTH, migrated
from tests.fakes import FakeUnit
from tests.fakes_commendation import Recomputed, completed, evaluation, news
from tests.fakes_roster import office
from wire import directory
from wire.contracts.calls import Invalid, NotFound
from wire.contracts.commendation import ExplainPlace, ReadRanking

PATHS = {"org_c": "/org_c/", "org_t": "/org_c/org_t/", "org_v": "/org_c/org_t/org_v/", "org_w": "/org_c/org_t/org_w/",
         "org_tt": "/org_c/org_tt/"}
SECTORS = {i: "school" if i == "org_w" else "rural" for i in PATHS}


class Sql:
    """The real ranking, in a transaction that is rolled back."""

    def __init__(self, sql):
        self.unit = FakeUnit(None, actor=office(), directory=directory.Directory(sql))
        self.unit.sql = sql
        directory.write(sql, [(1, organisation(i, p, sector=SECTORS[i])) for i, p in PATHS.items()])

    def place(self, heard):
        ranking.place(self.unit, heard)

    def list(self, paths, above, year, sectors=None, sector=""):
        page = queries.read_ranking(self.unit, ReadRanking(organisation_id=above, year=year, sector=sector, limit=500))
        assert page.total == len(page.places) and page.next == ""
        return [(p.place, p.evaluation_id) for p in page.places]


@pytest.fixture(scope="module", params=BOTH)
def real(request, tmp_path_factory):
    with migrated("commendation", request.param, request, tmp_path_factory.mktemp("ranking")) as opened:
        yield opened


@pytest.fixture
def sql(real):
    with real.begin(writing=True) as opened:
        yield opened


@pytest.fixture
def ranked(sql):
    return Sql(sql)


@pytest.fixture(scope="module", params=["fake", *BOTH])
def kept(request, tmp_path_factory):
    """The recomputed ranking, or a database for the real one."""
    if request.param == "fake":
        yield None
        return
    with migrated("commendation", request.param, request, tmp_path_factory.mktemp("rule")) as opened:
        yield opened


@pytest.fixture
def either(kept):
    if kept is None:
        yield Recomputed()
        return
    with kept.begin(writing=True) as opened:
        yield Sql(opened)


def listed(of, above="org_c", year=2026, sector=""):
    return of.list(PATHS, above, year, SECTORS, sector)


def heard(*events, epoch=1):
    return [news(e, epoch=epoch) for e in events]


class TestRule:
    """What both the real ranking and the recomputed one do."""

    def test_equal_scores_are_split_figure_by_figure_and_else_share_the_place(self, either):
        """1, 2, 2, 4. [I6]"""
        either.place(heard(
            completed("evl_a", score=Decimal("95")),
            completed("evl_b", score=Decimal("90"), satisfaction="97"),
            completed("evl_c", score=Decimal("90.00"), satisfaction="97.0"),
            completed("evl_d", score=Decimal("90"), satisfaction="97", due_fulfilment=Decimal("99.99")),
            completed("evl_e", score=Decimal("90"), satisfaction="97", due_fulfilment=Decimal("99.99"), on_time=Decimal(50)),
            completed("evl_f", score=Decimal("90"), satisfaction="96.99")))
        assert listed(either) == [(1, "evl_a"), (2, "evl_b"), (2, "evl_c"), (4, "evl_d"), (5, "evl_e"), (6, "evl_f")]

    def test_a_hundred_comes_before_ninety_nine_and_nine(self, either):
        either.place(heard(*(completed(f"evl_{i}", score=Decimal(s)) for i, s in enumerate(("9", "100", "99.5", "99.45", "0", "100.00")))))
        assert listed(either) == [(1, "evl_1"), (1, "evl_5"), (3, "evl_2"), (4, "evl_3"), (5, "evl_0"), (6, "evl_4")]

    def test_a_difference_in_the_thirtieth_place_counts(self, either):
        third = "66." + "6" * 29
        either.place(heard(completed("evl_a", satisfaction=third + "6"), completed("evl_b", satisfaction=third + "7")))
        assert listed(either) == [(1, "evl_b"), (2, "evl_a")]

    def test_who_has_no_figure_comes_after_all_who_have_one(self, either):
        either.place(heard(
            completed("evl_none", satisfaction=None), completed("evl_zero", satisfaction="0"),
            completed("evl_late", satisfaction="0", due_fulfilment=None)))
        assert listed(either) == [(1, "evl_zero"), (2, "evl_late"), (3, "evl_none")]

    def test_a_list_is_of_one_part_of_the_tree_one_year_and_one_sector(self, either):
        either.place(heard(
            completed("evl_v"), completed("evl_w", organisation_id="org_w"), completed("evl_t", organisation_id="org_t"),
            completed("evl_tt", organisation_id="org_tt"), completed("evl_25", year=2025)))
        assert [e for _, e in listed(either)] == ["evl_t", "evl_tt", "evl_v", "evl_w"]
        assert [e for _, e in listed(either, "org_t")] == ["evl_t", "evl_v", "evl_w"]
        assert [e for _, e in listed(either, "org_v")] == ["evl_v"]
        assert [e for _, e in listed(either, sector="school")] == ["evl_w"]
        assert [e for _, e in listed(either, year=2025)] == ["evl_25"] and listed(either, year=2024) == []

    def test_a_retraction_takes_it_out_until_it_is_completed_anew(self, either):
        either.place(heard(completed("evl_a"), completed("evl_b", score=Decimal(80))))
        either.place(heard(evaluation("retracted", "evl_a", version=3)))
        assert listed(either) == [(1, "evl_b")]
        either.place(heard(completed("evl_a")))
        assert listed(either) == [(1, "evl_b")]
        either.place(heard(completed("evl_a", version=4, score=Decimal(70))))
        assert listed(either) == [(1, "evl_b"), (2, "evl_a")]

    def test_what_a_restored_backup_no_longer_has_completed_leaves_the_list(self, either):
        either.place(heard(completed("evl_a", version=7)))
        either.place(heard(evaluation("opened", "evl_a", version=1, score=None, grade=None), epoch=2))
        assert listed(either) == []

    def test_completed_without_a_score_has_no_place(self, either):
        either.place(heard(completed("evl_a", score=None), completed("evl_b", grade=None)))
        assert listed(either) == [(1, "evl_b")]


figures = st.sampled_from([Decimal(x) for x in ("0", "9", "60", "89.995", "90", "90.00", "99.99", "100")])
stories = st.lists(st.builds(
    lambda who, version, state, score, satisfaction, due, on_time, place: evaluation(
        state, f"evl_{who}", version=version, score=score, satisfaction=satisfaction, due_fulfilment=due, on_time=on_time,
        organisation_id=place),
    st.integers(0, 5), st.integers(1, 4), st.sampled_from(["opened", "completed", "completed", "completed", "retracted"]),
    figures, st.none() | figures, st.none() | figures, st.none() | figures, st.sampled_from(sorted(PATHS))),
    max_size=14, unique_by=lambda e: (e.evaluation_id, e.version))


class TestReplay:
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(story=stories, data=st.data())
    def test_any_order_with_repeats_gives_the_ranking_of_a_recomputation_row_for_row(self, sql, ranked, story, data):
        """[T36] [T15] [T17]"""
        told = [news(e, epoch=data.draw(st.integers(1, 2), label="epoch")) for e in story]
        again = data.draw(st.permutations(told + data.draw(st.lists(st.sampled_from(told), max_size=6) if told else st.just([]))))
        cut = data.draw(st.integers(0, len(again)))
        rows, lists = [], []
        for batches in ((again[:cut], again[cut:]), (told,)):
            with sql.begin_nested() as attempt:
                for batch in batches:
                    ranked.place(batch)
                rows.append([tuple(r) for r in sql.execute(select(table).order_by(table.c.evaluation_id))])
                lists.append([listed(ranked, above) for above in PATHS])
                attempt.rollback()
        recomputed = Recomputed()
        recomputed.place(told)
        assert rows[0] == rows[1]
        assert lists[0] == lists[1] == [listed(recomputed, above) for above in PATHS]


class TestPages:
    def test_pages_put_together_are_the_list_and_a_place_is_the_same_on_every_page(self, ranked):
        ranked.place(heard(*(completed(f"evl_{i:02}", score=Decimal(80 + i % 4)) for i in range(23))))
        whole = listed(ranked)
        pages, after = [], ""
        while True:
            page = queries.read_ranking(ranked.unit, ReadRanking(organisation_id="org_c", year=2026, after=after, limit=4))
            assert page.total == 23
            pages.append([(p.place, p.evaluation_id) for p in page.places])
            after = page.next
            if not after:
                break
        assert [len(p) for p in pages] == [4, 4, 4, 4, 4, 3] and list(chain(*pages)) == whole
        assert all(a <= b for a, b in pairwise(whole))

    @pytest.mark.parametrize("after", ["x", "1", "|", "99999999999999999999|evl_1", "1|", "-1|evl_1"])
    def test_a_broken_mark_is_refused_with_a_sentence(self, ranked, after):
        with pytest.raises(Invalid) as refused:
            queries.read_ranking(ranked.unit, ReadRanking(organisation_id="org_c", year=2026, after=after))
        assert "第一页" in refused.value.sentence

    def test_a_page_shows_names_figures_grade_and_the_policy(self, ranked):
        ranked.place(heard(completed("evl_a", score=Decimal("93.5"), satisfaction="96.67")))
        [place] = queries.read_ranking(ranked.unit, ReadRanking(organisation_id="org_t", year=2026)).places
        assert (place.member_name, place.organisation_name, place.grade, place.policy_version) == (
            "何小满", "org_v", "qualified", "default-1")
        assert (str(place.score), str(place.satisfaction)) == ("93.50", "96.67")


class TestExplanation:
    def explain(self, ranked, evaluation_id, above="org_c", **more):
        return queries.explain(ranked.unit, ExplainPlace(organisation_id=above, year=2026, evaluation_id=evaluation_id, **more))

    def test_it_goes_down_to_the_components_the_pledge_and_the_policy(self, ranked):
        ranked.place(heard(completed("evl_a", policy_version="county-2"), completed("evl_b", score=Decimal(95))))
        told = self.explain(ranked, "evl_a")
        assert (told.place.place, told.of, told.pledge_id, told.policy_version, told.split_by) == (2, 2, "plg_evl_a", "county-2", "")
        assert [(r.kind, r.score, r.weight, r.voices) for r in told.reasons] == [
            ("self", Decimal(88), Decimal("0.2"), 1), ("masses", Decimal(95), Decimal("0.8"), 30)]

    def test_it_names_the_last_figure_that_was_needed(self, ranked):
        ranked.place(heard(
            completed("evl_a", satisfaction="97"), completed("evl_b", satisfaction="96"),
            completed("evl_c", satisfaction="96", due_fulfilment=Decimal(50)),
            completed("evl_d", satisfaction="96", due_fulfilment=Decimal(50), on_time=None),
            completed("evl_e", score=Decimal(10)), completed("evl_f", score=Decimal(10))))
        assert {e: self.explain(ranked, f"evl_{e}").split_by for e in "abcdef"} == {
            "a": "satisfaction", "b": "due_fulfilment", "c": "on_time", "d": "on_time", "e": "", "f": ""}

    def test_what_is_not_in_the_list_is_not_found(self, ranked):
        ranked.place(heard(completed("evl_a", organisation_id="org_tt"), evaluation("retracted", "evl_b")))
        for evaluation_id, above in (("evl_a", "org_t"), ("evl_b", "org_c"), ("evl_nowhere", "org_c")):
            with pytest.raises(NotFound):
                self.explain(ranked, evaluation_id, above)
        with pytest.raises(NotFound):
            self.explain(ranked, "evl_a", "org_nowhere")


def test_figures_come_back_exact_and_a_figure_that_is_none_is_refused(sql, ranked):
    with pytest.raises(Exception, match="no figure"), sql.begin_nested():
        ranked.place(heard(completed("evl_a", score=Decimal("-1"))))
    ranked.place(heard(completed("evl_b", score=Decimal("66.123456789012345678901234567890"))))
    found = sql.scalar(select(table.c.score).where(table.c.evaluation_id == "evl_b"))
    assert found == Decimal("66.12345678901234567890123456789")
