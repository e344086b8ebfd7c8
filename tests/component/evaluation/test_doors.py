"""The doors of evaluation in a running container: the whole road, who is refused, and what is left in the tables."""
import dataclasses
from decimal import Decimal

import pytest
from sqlalchemy import select

from services.evaluation.service import EvaluationService
from services.evaluation.storage import peer_rating
from tests.authority_evaluation import FACTORIES
from tests.component.evaluation.test_books import fact
from tests.fakes import person
from tests.fakes_evaluation import AT, COUNTY, PEERS, SUBJECT, TELLERS, TOWN, VILLAGE, full_strata, member, secretary
from wire.bus.tables import audit, history, outbox
from wire.bus.testing import house
from wire.contracts.calls import Remote, operation_of, registry
from wire.contracts.evaluation import (
    AssessSelf, CommentAsLeader, CompleteEvaluation, EnterTotals, HoldAppraisal, IndicatorScore, ListEvaluations, ListUnopened, OpenEvaluation,
    RatePeer, ReadEvaluation, SelfItem,
)
from wire.contracts.roster import MemberRegistered, OrganisationRegistered

PATHS = {COUNTY: "/org_county/", TOWN: "/org_county/org_town/", VILLAGE: "/org_county/org_town/org_village/",
         "org_other": "/org_county/org_town/org_other/"}
HELD_ON = AT.date().replace(year=2025)
_acted = {"version": 1, "acted_by": "prs_1", "acted_by_name": "李书记", "acted_at": AT}


def roster():
    for id_, path in PATHS.items():
        parent = path.strip("/").split("/")[-2:-1]
        yield OrganisationRegistered(
            organisation_id=id_, code=id_, name=id_, kind="branch", sector="rural", parent_id=parent[0] if parent else None,
            path=path, **_acted)
    for i, id_ in enumerate((SUBJECT, *PEERS)):
        yield MemberRegistered(member_id=id_, code=id_, name=f"党员{i}", sort_key=f"{i}", kind="member", organisation_id=VILLAGE, **_acted)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with house(tmp_path_factory.mktemp("doors"), EvaluationService) as running:
        running.hear(*roster())
        running.hear(fact(), fact(pledge_id="plg_2"))
        yield running


def test_one_evaluation_goes_the_whole_road(running):
    """Self, peers, leader and a paper appraisal of 34; the result is announced once. [G1, G2, G17]"""
    key = {"evaluation_id": running.call(secretary(), OpenEvaluation(pledge_id="plg_1")).evaluation_id}
    running.call(member(SUBJECT), AssessSelf(**key, score=Decimal(90), items=tuple(
        SelfItem(item_id=f"itm_{i}", statement="已经说明") for i in (1, 2, 3))))
    for peer, score in zip(PEERS, ("80", "85", "90", "95", "100"), strict=False):
        running.call(member(peer), RatePeer(**key, score=Decimal(score)))
    running.call(secretary(), CommentAsLeader(
        **key, achievement="修通了路", problem="路灯晚了", direction="年内补上",
        scores=tuple(IndicatorScore(indicator=i, score=Decimal(90)) for i in "德能勤绩廉")))
    running.call(person("clerk", VILLAGE), HoldAppraisal(
        **key, held_on=HELD_ON, strata=full_strata(), issued=34, teller_ids=TELLERS))
    for teller in TELLERS:
        running.call(member(teller), EnterTotals(**key, satisfied=20, basically=8, dissatisfied=2, unknown=0, invalid=3))
    before = running.call(secretary(), ReadEvaluation(**key))
    assert before.missing == () and before.tally.satisfaction == Decimal("93.33")
    done = CompleteEvaluation(**key, grade=before.suggested_grade, meeting="支部党员大会 12月28日")
    view = running.call(secretary(), done)
    assert view.state == "completed" and view.grade == before.suggested_grade
    assert running.call(secretary(), done).version == view.version
    running.settle()
    [line] = running.call(person("superior", TOWN), ListEvaluations(organisation_id=VILLAGE, year=2026)).items
    assert line.score == view.score
    with running.reading("evaluation") as unit:
        topics = list(unit.sql.scalars(select(outbox.c.topic).where(outbox.c.subject == key["evaluation_id"]).order_by(outbox.c.seq)))
        assert topics == ["evaluation.evaluation.opened.v1", "evaluation.evaluation.completed.v1"]


def test_the_operation_log_says_who_rated_and_neither_whom_nor_how(running):
    """Who gave what score stands in no log, no history and no event. [G2]"""
    key = {"evaluation_id": running.call(secretary(), OpenEvaluation(pledge_id="plg_2")).evaluation_id}
    running.call(member(PEERS[3]), RatePeer(**key, score=Decimal("13.37")))
    with pytest.raises(Remote):
        running.call(member(PEERS[3]), RatePeer(**key, score=Decimal("1000")))
    with running.reading("evaluation") as unit:
        assert unit.sql.scalars(select(peer_rating.c.score).where(peer_rating.c.rater_id == PEERS[3], peer_rating.c.evaluation_id == (
            key["evaluation_id"]))).all() == [Decimal("13.37")]
        lines = unit.sql.execute(select(audit).where(audit.c.operation == "evaluation.rate_peer")).mappings().all()
        assert lines and {line["subject"] for line in lines} == {""}
        kept = repr(unit.sql.execute(select(history)).all()) + repr(unit.sql.execute(select(outbox)).all())
    assert "13.37" not in kept and PEERS[3] not in kept


def test_a_clerk_who_enters_the_members_own_words_is_named_beside_the_member(running):
    """代录: who enters 自评 for the member and the member are both in the log; a member's own line names nobody else. [G2]"""
    key = {"evaluation_id": running.call(secretary(), OpenEvaluation(pledge_id="plg_2")).evaluation_id}
    words = AssessSelf(**key, score=Decimal(90), items=tuple(
        SelfItem(item_id=f"itm_{i}", statement="已经说明") for i in (1, 2, 3)))
    running.call(person("clerk", VILLAGE), words)
    running.call(member(SUBJECT), words)
    name = running.call(secretary(), ReadEvaluation(**key)).member_name
    with running.reading("evaluation") as unit:
        said = unit.sql.scalars(select(audit.c.on_behalf_of).where(audit.c.operation == "evaluation.assess_self").order_by(audit.c.seq))
        assert list(said)[-2:] == [name, ""]
        kept = select(history.c.on_behalf_of).where(history.c.what == "self_assessed", history.c.aggregate_id == key["evaluation_id"])
        assert name in set(unit.sql.scalars(kept))


@pytest.mark.parametrize("request_class", FACTORIES)
def test_a_stranger_is_refused_at_every_door(running, request_class):
    """A neighbouring village can neither see nor act; nothing tells it that there is something. [X16, X17]"""
    asked = FACTORIES[request_class](running, VILLAGE)
    for role in ("member", "clerk", "secretary"):
        with pytest.raises(Remote) as refusal:
            running.call(person(role, "org_other", member_id="mem_stranger"), asked)
        assert refusal.value.status in (403, 404)
        assert refusal.value.code in ("not_found", "forbidden")


@pytest.mark.parametrize(("request_class", "actor"), [
    (OpenEvaluation, person("clerk", VILLAGE)), (AssessSelf, person("clerk", VILLAGE)), (RatePeer, member(PEERS[0])),
    (CommentAsLeader, person("superior", TOWN)), (HoldAppraisal, person("clerk", VILLAGE)),
    (EnterTotals, member(f"mem_teller1_{VILLAGE}")), (CompleteEvaluation, person("superior", TOWN)),
    (ReadEvaluation, person("auditor", COUNTY)), (ListEvaluations, person("office", COUNTY)),
    (ListUnopened, person("clerk", VILLAGE))])
def test_every_factory_makes_a_request_that_passes(running, request_class, actor):
    assert running.call(actor, FACTORIES[request_class](running, VILLAGE)) is not None


def test_every_call_of_evaluation_has_its_factory():
    own = {o.request for o in registry.values() if o.request.__module__.startswith("wire.contracts.evaluation.")}
    assert {request for request in own if operation_of(request).grants.kind == "person"} == set(FACTORIES)


def test_bad_input_meets_a_sentence_per_field(running):
    """The shape is checked at the door of the service too. [X26]"""
    with pytest.raises(Remote) as refusal:
        running.call(secretary(), RatePeer(evaluation_id="evl_1", score=Decimal(101)))
    assert refusal.value.status == 422 and "score" in refusal.value.errors


def test_an_unknown_evaluation_is_not_found(running):
    everybody = dataclasses.replace(secretary(), grants=tuple(
        grant for role in ("secretary", "member", "clerk") for grant in person(role, VILLAGE).grants))
    for request_class, factory in FACTORIES.items():
        if request_class not in (OpenEvaluation, ListEvaluations, ListUnopened):
            with pytest.raises(Remote) as refusal:
                running.call(everybody, dataclasses.replace(factory(running, VILLAGE), evaluation_id="evl_unknown"))
            assert refusal.value.status == 404
