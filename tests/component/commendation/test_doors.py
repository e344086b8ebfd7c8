"""The running commendation: it hears evaluation and shows the ranking to whom it may concern."""
from decimal import Decimal

import pytest
from sqlalchemy import select

from services.commendation.service import CommendationService
from services.commendation.storage import ranking
from tests.component.wire.test_directory import organisation
from tests.fakes import person
from tests.fakes_commendation import completed, evaluation
from wire.bus.testing import house
from wire.contracts.actor import PUBLIC
from wire.contracts.calls import Remote
from wire.contracts.commendation import ExplainPlace, ReadRanking

TREE = (organisation("org_c", "/org_c/", kind="county_committee"),
        organisation("org_t", "/org_c/org_t/", kind="committee", parent_id="org_c"),
        organisation("org_v", "/org_c/org_t/org_v/", parent_id="org_t"), organisation("org_w", "/org_c/org_t/org_w/", parent_id="org_t"))


@pytest.fixture
def running(tmp_path):
    with house(tmp_path, CommendationService) as opened:
        opened.hear(*TREE)
        yield opened


def places(running, actor, organisation_id="org_t", **more):
    page = running.call(actor, ReadRanking(organisation_id=organisation_id, year=2026, **more))
    return [(p.place, p.evaluation_id, p.score) for p in page.places]


def test_a_completed_evaluation_moves_the_ranking_and_a_retraction_takes_it_out(running):
    superior = person("superior", "org_t")
    running.hear(completed("evl_1", score=Decimal("88.50")))
    assert places(running, superior) == [(1, "evl_1", Decimal("88.50"))]
    running.hear(completed("evl_2", score=Decimal("91.00"), organisation_id="org_w"))
    assert places(running, superior) == [(1, "evl_2", Decimal("91.00")), (2, "evl_1", Decimal("88.50"))]
    running.hear(evaluation("retracted", "evl_2", version=3, organisation_id="org_w"))
    assert places(running, superior) == [(1, "evl_1", Decimal("88.50"))]


def test_the_same_message_twice_and_out_of_order_changes_nothing(running):
    """[T15] [T17]"""
    superior = person("superior", "org_t")
    running.hear(completed("evl_1", version=4, score=Decimal(70)), position=3)
    running.hear(completed("evl_1", version=2, score=Decimal(90)), position=1)
    running.hear(evaluation("retracted", "evl_1", version=3), position=2)
    running.hear(completed("evl_1", version=4, score=Decimal(70)), position=3)
    assert places(running, superior) == [(1, "evl_1", Decimal("70.00"))]
    with running.reading("commendation") as unit:
        assert unit.sql.execute(select(ranking.c.version)).all() == [(4,)]


def test_an_evaluation_heard_before_its_organisation_waits_for_it(running):
    running.hear(completed("evl_1", organisation_id="org_new"))
    assert places(running, person("office", "org_c"), "org_c") == []
    running.hear(organisation("org_new", "/org_c/org_new/"))
    assert places(running, person("office", "org_c"), "org_c") == [(1, "evl_1", Decimal("90.00"))]


def test_a_ranking_is_read_from_where_one_stands(running):
    """[X16] [X17]"""
    running.hear(completed("evl_1"), completed("evl_2", organisation_id="org_w"))
    assert places(running, person("secretary", "org_v"), "org_v") == [(1, "evl_1", Decimal("90.00"))]
    for actor, at in ((person("secretary", "org_v"), "org_w"), (person("secretary", "org_v"), "org_t"), (person("secretary", "org_t"), "org_v"),
                      (person("clerk", "org_v"), "org_v"), (person("member", "org_v", member_id="mem_evl_1"), "org_v"),
                      (PUBLIC, "org_v"), (person("office", "org_c"), "org_nowhere")):
        with pytest.raises(Remote) as refused:
            places(running, actor, at)
        assert refused.value.status == 403


def test_an_explanation_crosses_whole_and_a_foreign_one_is_not_found(running):
    running.hear(completed("evl_1"), completed("evl_2", organisation_id="org_w"))
    secretary = person("secretary", "org_v")
    told = running.call(secretary, ExplainPlace(organisation_id="org_v", year=2026, evaluation_id="evl_1"))
    assert (told.of, told.pledge_id, [r.weight for r in told.reasons]) == (1, "plg_evl_1", [Decimal("0.2"), Decimal("0.8")])
    with pytest.raises(Remote) as refused:
        running.call(secretary, ExplainPlace(organisation_id="org_v", year=2026, evaluation_id="evl_2"))
    assert (refused.value.code, refused.value.status) == ("not_found", 404)
